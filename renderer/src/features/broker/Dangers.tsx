import { IconAlertTriangle, IconCircleOff, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type AccessDanger, dangerKinds } from '../../../../shared/rules/access-dangers.ts';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import css from './Access.module.css';

const toneOf = { risk: 'bad', useless: 'held', note: 'wait' } as const satisfies Record<string, Tone>;
const iconOf = { risk: IconAlertTriangle, useless: IconCircleOff, note: IconInfoCircle };

/** Rules that are worth a second look. They can be saved all the same. */
export function Dangers({ dangers }: { readonly dangers: readonly AccessDanger[] }) {
  const { t } = useTranslation();
  return (
    <ul className={css.dangers} aria-live="polite">
      {dangers.map(({ kind, verb, topic, other, device }) => {
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
