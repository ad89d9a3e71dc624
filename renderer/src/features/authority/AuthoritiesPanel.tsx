import { IconCertificate, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Authority.module.css';
import { AuthorityDialog, type QuickAct } from './AuthorityDialog.tsx';
import { CompanySection } from './CompanySection.tsx';
import { CompromisedDialog } from './CompromisedDialog.tsx';
import { Moves } from './Moves.tsx';
import { ReplaceDialog } from './ReplaceDialog.tsx';
import { RequestDialog } from './RequestDialog.tsx';

/** `request`: below somebody else's authority it is renewed, and replaced, by asking there. */
type AuthorityAct = QuickAct | 'replace' | 'compromised' | 'request' | 'successor';

export type Authority = CallOutput<'authority.list'>['authorities'][number];

/** The authorities one by one: where the key is, what each issues, and what can be done with it. */
export function AuthoritiesPanel({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const list = useCall('authority.list', { projectId });
  const now = useNow();
  const [acting, setActing] = useState<{ readonly act: AuthorityAct; readonly authority: Authority } | null>(null);
  return (
    <Panel className={css.wide} title={t('authority.all.title')}>
      {list.isError ? (
        <ErrorPanel error={reportOf(list.error)} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Waiting lines={3} />
      ) : (
        <>
          <ul className={css.authorities}>
            {list.data.authorities.map((authority) => (
              <Line
                key={authority.authorityId}
                authority={authority}
                theirs={list.data.authorities.some(({ authorityId, outside }) => outside && authorityId === authority.parentId)}
                retirable={isRetirable(authority, list.data.authorities, now)}
                moving={list.data.moves.some((move) => move.finishedAt === null && move.oldAuthority === authority.name)}
                onAct={(act) => setActing({ act, authority })}
              />
            ))}
          </ul>
          <Moves moves={list.data.moves} />
          <CompanySection projectId={projectId} list={list.data} />
          {acting && (
            <ActDialog
              key={acting.act}
              projectId={projectId}
              {...acting}
              authorities={list.data.authorities}
              onClose={() => setActing(null)}
            />
          )}
        </>
      )}
    </Panel>
  );
}

interface ActProps {
  readonly projectId: number;
  readonly act: AuthorityAct;
  readonly authority: Authority;
  readonly authorities: readonly Authority[];
  readonly onClose: () => void;
}

function ActDialog({ projectId, act, authority, authorities, onClose }: ActProps) {
  const signer = authorities.find(({ authorityId }) => authorityId === authority.parentId) ?? authority;
  switch (act) {
    case 'replace':
      return <ReplaceDialog authority={authority} signer={signer} onClose={onClose} />;
    case 'compromised':
      return <CompromisedDialog projectId={projectId} authority={authority} signer={signer} onClose={onClose} />;
    case 'request':
    case 'successor':
      return <RequestDialog projectId={projectId} renews={act === 'request' ? authority : null} name="" onClose={onClose} />;
    default:
      return <AuthorityDialog act={act} authority={authority} signer={signer} onClose={onClose} />;
  }
}

/** Ended, and not the only one that could issue. */
function isRetirable(authority: Authority, all: readonly Authority[], now: number): boolean {
  const ended = ({ certificates }: Authority) => (certificates[0]?.notAfter ?? 0) <= now;
  return ended(authority) && all.some((other) => other.state === 'active' && !other.outside && !ended(other));
}

interface LineProps {
  readonly authority: Authority;
  /** It can be taken out of use. */
  readonly retirable: boolean;
  /** The one above belongs to somebody else. */
  readonly theirs: boolean;
  readonly moving: boolean;
  readonly onAct: (act: AuthorityAct) => void;
}

function Line({ authority, retirable, theirs, moving, onAct }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { name, parentId, state, keyHere, imported, outside, issuesDevices, issuesBroker, certificates, crl } = authority;
  const Sign = parentId === null ? IconShieldCheck : IconCertificate;
  const present = certificates[0];
  const active = state === 'active';
  const facts = [
    t(parentId === null ? 'authority.chain.root' : 'authority.chain.site'),
    ...(imported ? [t('authority.all.imported')] : []),
    ...(active ? [] : [t(`authority.all.state.${state}`)]),
    t(outside ? 'authority.all.outside' : keyHere ? 'authority.all.keyHere' : 'authority.all.keyElsewhere'),
    ...(issuesDevices && active ? [t('authority.all.issuesDevices')] : []),
    ...(issuesBroker && active ? [t('authority.all.issuesBroker')] : []),
    ...(crl && crl.pending > 0 ? [t('authority.all.pending', { count: crl.pending })] : []),
  ];
  return (
    <li data-active={active || undefined}>
      <Sign size={24} stroke={1.6} aria-hidden />
      <div>
        <b>{name}</b>
        <span className={css.small}>{facts.join(' · ')}</span>
        {present && (
          <>
            <LifeBar life={present} wide />
            <span className={css.small}>
              {t(now > present.notAfter ? 'authority.chain.over' : 'authority.chain.until', {
                when: `${format.relative(present.notAfter, now)}, ${format.date(present.notAfter)}`,
              })}
            </span>
          </>
        )}
      </div>
      {active && !outside && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form
        <div className={css.acts} role="group" aria-label={name}>
          {parentId === null && (
            <WriteButton variant="default" size="sm" onClick={() => onAct('site')}>
              {t('authority.act.site.name')}
            </WriteButton>
          )}
          <WriteButton variant="default" size="sm" onClick={() => onAct(theirs ? 'request' : 'renew')}>
            {t('authority.act.renew.name')}
          </WriteButton>
          {retirable && !moving && (
            <WriteButton variant="default" size="sm" onClick={() => onAct('retire')}>
              {t('authority.act.retire.name')}
            </WriteButton>
          )}
          {keyHere && (
            <WriteButton variant="default" size="sm" onClick={() => onAct('offline')}>
              {t('authority.act.offline.name')}
            </WriteButton>
          )}
          {!moving && (
            <WriteButton variant="default" size="sm" onClick={() => onAct(theirs ? 'successor' : 'replace')}>
              {t('authority.act.replace.name')}
            </WriteButton>
          )}
          <WriteButton variant="default" size="sm" onClick={() => onAct('compromised')}>
            {t('authority.act.compromised.name')}
          </WriteButton>
        </div>
      )}
    </li>
  );
}
