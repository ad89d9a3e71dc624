import { Button } from '@mantine/core';
import { IconCheck, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import type { Job } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { BroughtKey, type BroughtKeyDraft, isWhole, keyErrors, keyOf, noKey } from '../BroughtKey.tsx';
import { ErrorPanel } from '../ErrorPanel.tsx';
import { Note } from '../Note.tsx';
import css from './Acts.module.css';

type Authority = CallOutput<'authority.list'>['authorities'][number];

/**
 * The authorities whose list an act changes and cannot sign, because their key is kept elsewhere. `issuers`: those of the
 * certificates that it hits; null = whoever has issued for devices.
 */
export function useOfflineIssuers(projectId: number, issuers: readonly (number | null)[] | null): readonly Authority[] {
  const list = useCall('authority.list', { projectId });
  return (list.data?.authorities ?? []).filter(
    ({ authorityId, keyHere, outside, state, issuedDevices }) =>
      !keyHere && !outside && state !== 'compromised' && (issuers ? issuers.includes(authorityId) : issuedDevices),
  );
}

/** Work that ended before it began, for want of the key or by a wrong one: its dialog asks again. */
export function needsKey(job: Job | null): boolean {
  return job?.state === 'failed' && [...keyErrors, 'AUTHORITY_OFFLINE'].includes(job.error?.code ?? '');
}

/** Whether one of these signs new certificates of devices or of the broker. */
export function needsToIssue(authorities: readonly Authority[]): boolean {
  return authorities.some(({ issuesDevices, issuesBroker }) => issuesDevices || issuesBroker);
}

interface BringProps {
  readonly authorities: readonly Authority[];
  /** The act issues certificates: where that is for one of these to do, nothing can be done without the key. */
  readonly issuing?: boolean;
  readonly value: BroughtKeyDraft;
  readonly onChange: (value: BroughtKeyDraft) => void;
}

/** Before the act: the key may be brought, so that the list is signed in one go. */
export function BringKey({ authorities, issuing = false, value, onChange }: BringProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (authorities.length === 0) return null;
  const names = format.list(authorities.map(({ name }) => name));
  return (
    <section className={css.key} aria-label={t('authority.key.optional', { names })}>
      <Note tone="due" icon={IconKey} title={t('authority.key.optional', { names })}>
        <p>{t(issuing && needsToIssue(authorities) ? 'authority.key.neededText' : 'authority.key.optionalText')}</p>
      </Note>
      <BroughtKey name={names} value={value} onChange={onChange} />
    </section>
  );
}

/** After the act: the list that is still to be signed, and the way to do it at once. */
export function SignList({ projectId, names }: { readonly projectId: number; readonly names: readonly string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [key, setKey] = useState(noKey);
  const [done, setDone] = useState<CallOutput<'crl.publish'>['published'] | null>(null);
  const sign = useAction(async () => {
    const { published } = await call('crl.publish', { projectId, ...keyOf(key) });
    setDone(published.filter(({ authority }) => names.includes(authority)));
    setKey(noKey);
  });
  if (done && done.length > 0) {
    return (
      <Note tone="ok" icon={IconCheck}>
        {done.map(({ authority, number, nextUpdate }) => (
          <p key={authority}>{t('acts.list.published', { number, name: authority, date: format.date(nextUpdate) })}</p>
        ))}
      </Note>
    );
  }
  return (
    <section className={css.key} aria-label={t('authority.key.pendingNow', { name: format.list([...names]) })}>
      <h3>{t('authority.key.pendingNow', { name: format.list([...names]) })}</h3>
      <BroughtKey name={format.list([...names])} value={key} onChange={setKey} />
      {sign.error && <ErrorPanel error={sign.error} />}
      <div>
        <Button variant="default" disabled={!isWhole(key)} loading={sign.pending} onClick={() => void sign.run()}>
          {t('authority.key.sign')}
        </Button>
      </div>
    </section>
  );
}
