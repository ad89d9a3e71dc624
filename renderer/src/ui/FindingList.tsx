import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { LintFinding } from '../../../shared/model/lint.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './FindingList.module.css';
import { findingText } from './finding-text.ts';

/** What the linter found, in words, with the document that says so. Nothing at all when there is nothing. */
export function FindingList({ findings }: { readonly findings: readonly LintFinding[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (findings.length === 0) return null;
  return (
    <ul className={css.findings} aria-label={t('lint.list')}>
      {findings.map((finding) => {
        const Sign = finding.severity === 'error' ? IconX : IconAlertTriangle;
        return (
          <li key={`${finding.rule} ${JSON.stringify(finding.params)}`} data-severity={finding.severity}>
            <Sign size={18} stroke={2} aria-hidden />
            <span>
              <span className="visually-hidden">{t(`lint.severity.${finding.severity}`)}: </span>
              {findingText(finding, t, format)}
              {/* our own choice has no document to look it up in */}
              {finding.source !== 'profile' && <small> {finding.source}</small>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
