import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import type { DeviceLines } from '../../ui/device-lines.ts';
import { useNow } from '../../ui/now.ts';
import { type Decision, type Draft, decisions, isBrokerUnknown, namesOf } from './draft.ts';
import css from './Wizard.module.css';

const day = 86_400_000;

/** What was answered on the pages before and on this one; grows while one goes on. */
export function SoFar({ draft, lines }: { readonly draft: Draft; readonly lines: DeviceLines }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const reached = decisions.indexOf(draft.step as Decision);
  const hosts = isBrokerUnknown(draft) ? [] : [...namesOf(draft), ...draft.addresses];
  const days = Number(draft.brokerDays);
  const shown = hosts.slice(0, 3);
  const own = days > 0 ? t('wizard.broker.until', { date: format.date(now + days * day) }) : '';
  const certificate = draft.brokerCertificate === 'own' ? own : t(`wizard.runs.${draft.brokerCertificate}.short`);
  const facts: readonly (readonly [Decision, string, string])[] = [
    ['project', t('wizard.short.project'), draft.project.trim()],
    [
      'project',
      t(draft.subject.organisation.trim() === '' ? 'wizard.project.country' : 'wizard.project.organisation'),
      [draft.subject.organisation, draft.subject.country].filter(Boolean).join(', '),
    ],
    [
      'authority',
      t('wizard.short.authority'),
      `${t(`common.keyAlgorithm.${draft.key}`)}, ${t('wizard.years', { count: draft.years })}`,
    ],
    [
      'authority',
      t('wizard.authority.deviceDaysShort'),
      t(`wizard.authority.life.${lifeKey(draft.deviceDays)}`, { count: draft.deviceDays }),
    ],
    ['broker', t('wizard.short.broker'), [...shown, ...(hosts.length > 3 ? [`+${hosts.length - 3}`] : [])].join(', ')],
    ['broker', t('wizard.broker.certificate'), certificate],
    ['devices', t('wizard.short.devices'), t('fields.lines.count', { count: lines.count })],
  ];
  const visible = facts.filter(([step, , value]) => decisions.indexOf(step) <= reached && value !== '');
  return (
    <aside className={css.soFar} aria-label={t('wizard.soFar')}>
      <h2>{t('wizard.soFar')}</h2>
      {visible.length === 0 ? (
        <p>{t('wizard.soFarEmpty')}</p>
      ) : (
        <dl>
          {visible.map(([, term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  );
}

/** The presets have words; anything else is a number of days. */
export function lifeKey(days: number): 'd90' | 'd365' | 'd730' | 'd1825' | 'other' {
  return days === 90 || days === 365 || days === 730 || days === 1825 ? `d${days}` : 'other';
}
