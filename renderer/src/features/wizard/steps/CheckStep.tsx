import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../../../shared/problems.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { Note } from '../../../ui/Note.tsx';
import { templateOf } from '../access-templates.ts';
import { BrokerWhere } from '../BrokerWhere.tsx';
import { type Decision, isBrokerUnknown, namesOf } from '../draft.ts';
import { ReservedNames } from '../ReservedNames.tsx';
import { lifeKey } from '../SoFar.tsx';
import { StepForm } from '../StepForm.tsx';
import { changeDraft, setIssueJob } from '../store.ts';
import css from '../Wizard.module.css';
import type { StepProps } from './ProjectStep.tsx';

/** Everything once more before anything is signed. */
export function CheckStep({ draft, check }: StepProps) {
  const { t } = useTranslation();
  const rows = useAnswers({ draft, check });
  // open until this page is left, also while an answer is being typed
  const [asking, setAsking] = useState(() => isBrokerUnknown(draft));
  const told = (each: Problem) => asking && /^broker\.(host|names|addresses)/.test(each.path);
  const firstWrong = check.problems.every(told) ? null : check.firstWrong;
  return (
    <StepForm
      draft={draft}
      check={check}
      step="check"
      action={t('wizard.check.start', { count: check.lines.count })}
      onNext={() => {
        setIssueJob(null);
        changeDraft({ step: 'issue' });
      }}
    >
      {asking ? (
        <BrokerWhere draft={draft} check={check} onLater={() => setAsking(false)} />
      ) : (
        <ReservedNames draft={draft}>
          <button type="button" className={css.link} onClick={() => changeDraft({ step: 'broker' })}>
            {t('wizard.where.give')}
          </button>
        </ReservedNames>
      )}
      <dl className={css.answers}>
        {rows.map(({ step, lines }) => (
          <div key={step}>
            <dt>{t(`wizard.short.${step}`)}</dt>
            <dd data-words>
              {lines.map((line, index) => (
                <span key={line} className={index > 0 ? css.more : undefined}>
                  {line}
                </span>
              ))}
            </dd>
            <dd>
              <button
                type="button"
                className={css.edit}
                aria-label={t('wizard.check.editNamed', { what: t(`wizard.short.${step}`) })}
                onClick={() => changeDraft({ step })}
              >
                {t('wizard.check.edit')}
              </button>
            </dd>
          </div>
        ))}
      </dl>
      {firstWrong && firstWrong !== 'check' && (
        <Note tone="bad" icon={IconAlertTriangle} title={t('wizard.check.wrong', { what: t(`wizard.short.${firstWrong}`) })}>
          <button type="button" className={css.link} onClick={() => changeDraft({ step: firstWrong })}>
            {t('wizard.check.mend')}
          </button>
        </Note>
      )}
    </StepForm>
  );
}

function useAnswers({
  draft,
  check,
}: StepProps): { readonly step: Exclude<Decision, 'check'>; readonly lines: readonly string[] }[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { subject } = draft;
  const template = templateOf(draft.access);
  const address = [subject.organisationalUnit, subject.organisation, subject.city, subject.state, subject.country];
  const hosts = [...namesOf(draft), ...draft.addresses];
  return [
    { step: 'project', lines: [draft.project.trim() || '–', address.filter(Boolean).join(', ')].filter(Boolean) },
    {
      step: 'authority',
      lines: [
        `${t(`common.keyAlgorithm.${draft.key}`)}, ${t('wizard.years', { count: draft.years })}`,
        t('wizard.check.deviceLife', {
          life: t(`wizard.authority.life.${lifeKey(draft.deviceDays)}`, { count: draft.deviceDays }),
        }),
      ],
    },
    {
      step: 'broker',
      lines: [
        hosts.length > 0 && !isBrokerUnknown(draft) ? format.list(hosts) : '–',
        t('wizard.check.port', { port: draft.port, target: t(`common.target.${draft.target}`) }),
        ...(draft.brokerCertificate === 'own' ? [] : [t(`wizard.runs.${draft.brokerCertificate}.short`)]),
      ],
    },
    {
      step: 'devices',
      lines: [
        t('fields.lines.count', { count: check.lines.count }),
        check.lines.entries
          .slice(0, 4)
          .map((entry) => ('id' in entry ? entry.id : entry.pattern))
          .join(', ') + (check.lines.entries.length > 4 ? ' …' : ''),
      ].filter(Boolean),
    },
    {
      step: 'access',
      lines: [template === null ? t('wizard.access.own') : t(`wizard.access.templates.${template}`)],
    },
  ];
}
