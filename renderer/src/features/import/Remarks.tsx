import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { findingText } from '../../ui/finding-text.ts';
import css from './Devices.module.css';
import type { Reviewed } from './decisions.ts';

/** What most devices of a tool have in common, said once: each remark with the number of devices that it is about. */
export function Remarks({ devices }: { readonly devices: Reviewed['devices'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counted = new Map<string, { readonly severity: 'error' | 'warning'; count: number }>();
  for (const { findings } of devices) {
    for (const text of new Set(findings.map((finding) => `${finding.severity} ${findingText(finding, t, format)}`))) {
      const severity = text.startsWith('error') ? 'error' : 'warning';
      const known = counted.get(text) ?? { severity, count: 0 };
      counted.set(text, { severity, count: known.count + 1 });
    }
  }
  const remarks = [...counted].sort(([, a], [, b]) => a.severity.localeCompare(b.severity) || b.count - a.count).slice(0, 8);
  if (remarks.length === 0) return null;
  return (
    <ul className={css.remarks} aria-label={t('lint.list')}>
      {remarks.map(([text, { severity, count }]) => {
        const Sign = severity === 'error' ? IconX : IconAlertTriangle;
        return (
          <li key={text} data-severity={severity}>
            <Sign size={18} stroke={2} aria-hidden />
            <span>
              <span className="visually-hidden">{t(`lint.severity.${severity}`)}: </span>
              {text.slice(severity.length + 1)}
            </span>
            <span>{t('importing.devices', { count })}</span>
          </li>
        );
      })}
    </ul>
  );
}
