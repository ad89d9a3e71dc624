import { useTranslation } from 'react-i18next';
import { certificateStates } from '../../../../shared/model/certificate.ts';
import type { FleetByState } from '../../../../shared/model/project.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { StatePill, toneOf } from '../../ui/StatePill.tsx';
import css from './FleetCard.module.css';

/** All devices as one bar, and every state as sign, word and number: the bar alone says nothing to some people. */
export function FleetCard({ fleet }: { readonly fleet: FleetByState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = certificateStates.reduce((sum, state) => sum + fleet[state], 0);
  return (
    <Panel title={t('overview.fleet.title')}>
      <div className={css.bar} aria-hidden>
        {certificateStates.map(
          (state) => fleet[state] > 0 && <span key={state} data-tone={toneOf[state]} style={{ flexGrow: fleet[state] }} />,
        )}
      </div>
      {total === 0 ? (
        <p className={css.empty}>{t('overview.fleet.empty')}</p>
      ) : (
        <ul className={css.states}>
          {certificateStates.map((state) => (
            <li key={state}>
              <a href={hrefOf('devices', { state })}>
                <StatePill state={state} />
                <b>{format.number(fleet[state])}</b>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
