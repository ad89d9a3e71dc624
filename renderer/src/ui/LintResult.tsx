import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../bridge/queries.ts';
import { FindingList } from './FindingList.tsx';
import { Fold } from './Fold.tsx';
import css from './LintResult.module.css';
import { groupOf, lintGroups } from './lint-groups.ts';
import { Note } from './Note.tsx';

/** The linter's judgement: what it found, what it looked at in which group, and which document says so. */
export function LintResult({ certificateId }: { readonly certificateId: number }) {
  const { t } = useTranslation();
  const lint = useCall('certificate.lint', { certificateId });
  if (!lint.data) return null;
  const { findings, rules } = lint.data;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return (
    <section className={css.lint} aria-label={t('lint.title')}>
      <Note
        tone={errors > 0 ? 'bad' : findings.length > 0 ? 'due' : 'ok'}
        icon={findings.length > 0 ? IconAlertTriangle : IconCircleCheck}
        title={findings.length > 0 ? t('lint.found', { count: findings.length }) : t('lint.clean', { count: rules.length })}
      >
        {findings.length === 0 ? <p>{t('lint.cleanText')}</p> : <FindingList findings={findings} />}
      </Note>
      <Fold summary={t('lint.looked')}>
        <dl className={css.rules}>
          {lintGroups.map((group) => {
            const own = rules.filter(({ rule }) => groupOf(rule) === group);
            if (own.length === 0) return null;
            return (
              <div key={group}>
                <dt>{t(`lint.group.${group}`)}</dt>
                <dd>
                  <ul>
                    {own.map(({ rule, source }) => (
                      <li key={rule}>
                        <span className="mono">{rule}</span> <span className={css.small}>{source}</span>
                      </li>
                    ))}
                  </ul>
                </dd>
              </div>
            );
          })}
        </dl>
      </Fold>
    </section>
  );
}
