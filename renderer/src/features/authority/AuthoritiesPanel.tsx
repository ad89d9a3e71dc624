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
import { type AuthorityAct, AuthorityDialog } from './AuthorityDialog.tsx';
import { Moves } from './Moves.tsx';

export type Authority = CallOutput<'authority.list'>['authorities'][number];

/** The authorities one by one: where the key is, what each issues, and what can be done with it. */
export function AuthoritiesPanel({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const list = useCall('authority.list', { projectId });
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
                moving={list.data.moves.some((move) => move.finishedAt === null && move.oldAuthority === authority.name)}
                onAct={(act) => setActing({ act, authority })}
              />
            ))}
          </ul>
          <Moves moves={list.data.moves} />
          {acting && (
            <AuthorityDialog
              key={acting.act}
              act={acting.act}
              authority={acting.authority}
              signer={
                list.data.authorities.find(({ authorityId }) => authorityId === acting.authority.parentId) ?? acting.authority
              }
              onClose={() => setActing(null)}
            />
          )}
        </>
      )}
    </Panel>
  );
}

interface LineProps {
  readonly authority: Authority;
  readonly moving: boolean;
  readonly onAct: (act: AuthorityAct) => void;
}

function Line({ authority, moving, onAct }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { name, parentId, state, keyHere, imported, issuesDevices, issuesBroker, certificates, crl } = authority;
  const Sign = parentId === null ? IconShieldCheck : IconCertificate;
  const present = certificates[0];
  const active = state === 'active';
  const facts = [
    t(parentId === null ? 'authority.chain.root' : 'authority.chain.site'),
    ...(imported ? [t('authority.all.imported')] : []),
    ...(active ? [] : [t(`authority.all.state.${state}`)]),
    t(keyHere ? 'authority.all.keyHere' : 'authority.all.keyElsewhere'),
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
      {active && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form
        <div className={css.acts} role="group" aria-label={name}>
          {parentId === null && (
            <WriteButton variant="default" size="sm" onClick={() => onAct('site')}>
              {t('authority.act.site.name')}
            </WriteButton>
          )}
          <WriteButton variant="default" size="sm" onClick={() => onAct('renew')}>
            {t('authority.act.renew.name')}
          </WriteButton>
          {keyHere && (
            <WriteButton variant="default" size="sm" onClick={() => onAct('offline')}>
              {t('authority.act.offline.name')}
            </WriteButton>
          )}
          {!moving && (
            <WriteButton variant="default" size="sm" onClick={() => onAct('replace')}>
              {t('authority.act.replace.name')}
            </WriteButton>
          )}
        </div>
      )}
    </li>
  );
}
