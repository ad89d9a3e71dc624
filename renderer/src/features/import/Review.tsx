import { IconBan, IconCertificate, IconCheck, IconInfoCircle, IconServer2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../../../shared/model/access.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { FindingList } from '../../ui/FindingList.tsx';
import { Note } from '../../ui/Note.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { TonePill } from '../../ui/StatePill.tsx';
import { Devices } from './Devices.tsx';
import type { Reviewed } from './decisions.ts';
import css from './Import.module.css';

interface Props {
  readonly review: Reviewed;
  /** Roles that are other than proposed. */
  readonly decided: ReadonlyMap<string, Role>;
  readonly onRole: (devices: Reviewed['devices'], role: Role) => void;
}

/** What would be taken, what not, and what is wrong with it. */
export function Review({ review, decided, onRole }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const until = (time: number) => t('importing.until', { date: format.date(time) });
  const hosts = [...review.broker.names, ...review.broker.addresses].join(', ');
  return (
    <>
      <Panel title={t('importing.authorities')} aside={t(`importing.source.${review.source}`)}>
        {!review.authorities.some(({ issues }) => issues) && (
          <Note tone="bad" icon={IconInfoCircle} title={t('importing.nobodyIssues')}>
            <p>{t('importing.nobodyIssuesText')}</p>
          </Note>
        )}
        <ul className={css.items}>
          {review.authorities.map((authority) => (
            <li key={authority.place}>
              <IconCertificate size={22} stroke={1.6} aria-hidden />
              <div>
                <div className={css.line}>
                  <b>{authority.name}</b>
                  {authority.issues && (
                    <TonePill tone="ok" icon={IconCheck}>
                      {t('importing.issues')}
                    </TonePill>
                  )}
                  {authority.state !== 'active' && (
                    <TonePill tone={authority.state === 'compromised' ? 'bad' : 'gone'} icon={IconBan}>
                      {t(`importing.outOfUse.${authority.state}`)}
                    </TonePill>
                  )}
                  {!authority.keyHere && <span className={css.quiet}>{t('importing.noKey')}</span>}
                </div>
                <p className={css.quiet}>
                  {authority.place} · {authority.key} · {until(authority.notAfter)}
                  {authority.revoked > 0 && <> · {t('importing.revoked', { count: authority.revoked })}</>}
                </p>
                <Use authority={authority} />
                <FindingList findings={authority.findings} />
              </div>
            </li>
          ))}
          <li>
            <IconServer2 size={22} stroke={1.6} aria-hidden />
            <div>
              <b>{hosts === '' ? t('importing.noBroker') : hosts}</b>
              <p className={css.quiet}>{t('importing.broker')}</p>
              <FindingList findings={review.broker.findings} />
            </div>
          </li>
        </ul>
      </Panel>
      <Devices devices={review.devices} decided={decided} onRole={onRole} />
      {review.leftOut.length > 0 && (
        <Panel title={t('importing.leftOut', { count: review.leftOut.length })}>
          <ul className={css.left}>
            {review.leftOut.map(({ place, name, why }) => (
              <li key={`${place} ${name} ${why}`}>
                <span className={css.place}>
                  {place}
                  {name !== '' && ` (${name})`}
                </span>
                <span>{t(`importing.why.${why}`)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

/** What an authority may do that does not issue, and how its revocation list stands where its key is not here. */
function Use({ authority }: { readonly authority: Reviewed['authorities'][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { state, withdrawn, keyHere, listEnds } = authority;
  if (state !== 'active') {
    return (
      <p className={css.quiet}>
        {withdrawn
          ? t('importing.withdrawn', { date: format.date(withdrawn.at), reason: t(`common.reason.${withdrawn.reason}`) })
          : t('importing.withdrawnAbove')}
      </p>
    );
  }
  if (keyHere) return null;
  if (listEnds !== null && listEnds > now)
    return <p className={css.quiet}>{t('importing.listFrom', { date: format.date(listEnds) })}</p>;
  return (
    <Note tone="bad" icon={IconInfoCircle} title={t(listEnds === null ? 'importing.listNone' : 'importing.listOver')}>
      <p>{listEnds === null ? t('importing.listNoneText') : t('importing.listOverText', { date: format.date(listEnds) })}</p>
    </Note>
  );
}
