import { IconAlertTriangle, IconCircleOff, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type AccessDanger, dangerKinds } from '../../../shared/rules/access-dangers.ts';
import css from './Dangers.module.css';
import { type Tone, TonePill } from './StatePill.tsx';

const toneOf = { risk: 'bad', useless: 'held', note: 'wait' } as const satisfies Record<string, Tone>;
const iconOf = { risk: IconAlertTriangle, useless: IconCircleOff, note: IconInfoCircle };

/** The worst first. */
const order = ['risk', 'useless', 'note'];

/** Rules that are worth a second look. They can be saved all the same. */
export function Dangers({ dangers }: { readonly dangers: readonly AccessDanger[] }) {
  const { t } = useTranslation();
  const rank = ({ kind }: AccessDanger) => order.indexOf(dangerKinds[kind]);
  const sorted = dangers.toSorted((a, b) => rank(a) - rank(b));
  return (
    <ul className={css.dangers} aria-live="polite">
      {sorted.map(({ kind, verb, topic, other, device }) => {
        const severity = dangerKinds[kind];
        return (
          <li key={`${kind} ${verb} ${topic} ${other}`}>
            <TonePill tone={toneOf[severity]} icon={iconOf[severity]}>
              {t(`access.severity.${severity}`)}
            </TonePill>
            <p>
              <code>{topic}</code> {t(`access.danger.${kind}`, { other })}
              {device !== '' && <> {t('access.dangerExample', { device })}</>}
              {(kind === 'read-of-others' || kind === 'wildcard-middle') && other !== '' && (
                <> {t('access.dangerOther', { other })}</>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
