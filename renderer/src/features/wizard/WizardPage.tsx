import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { useDeviceLines } from '../../ui/useDeviceLines.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { type Decision, type Draft, decisions } from './draft.ts';
import { checkDraft } from './plan.ts';
import { SoFar } from './SoFar.tsx';
import { AccessStep } from './steps/AccessStep.tsx';
import { AuthorityStep } from './steps/AuthorityStep.tsx';
import { BrokerStep } from './steps/BrokerStep.tsx';
import { CheckStep } from './steps/CheckStep.tsx';
import { DevicesStep } from './steps/DevicesStep.tsx';
import { DoneStep } from './steps/DoneStep.tsx';
import { IssueStep } from './steps/IssueStep.tsx';
import { ProjectStep } from './steps/ProjectStep.tsx';
import { changeDraft, openWizard, useWizard } from './store.ts';
import { useFreshDraft } from './useFreshDraft.ts';
import css from './Wizard.module.css';

export interface ExportSlotProps {
  readonly projectId: number;
  readonly onDone: () => void;
}

interface Props {
  /** The project is there now: the window shows it from here on. */
  readonly onCreated: (name: string) => void;
  /** The export is a feature of its own; whoever mounts both puts it in here. */
  readonly exportSlot: (props: ExportSlotProps) => ReactNode;
}

/** "Set up a project": one decision a page, with an answer that works already in it. */
export function WizardPage({ onCreated, exportSlot }: Props) {
  const fresh = useFreshDraft();
  const { draft } = useWizard();
  useEffect(() => void openWizard(fresh), [fresh]);
  if (!draft) return <Waiting lines={6} />;
  return <Pages key={draft.step} draft={draft} onCreated={onCreated} exportSlot={exportSlot} />;
}

function Pages({ draft, onCreated, exportSlot }: Props & { readonly draft: Draft }) {
  const { t } = useTranslation();
  const projects = useCall('project.list', undefined);
  const taken = (projects.data ?? []).map((project) => project.name).filter((name) => name !== draft.started);
  const { step } = draft;
  const decision = decisions.find((each) => each === step);
  const count = decision
    ? t('wizard.count', { step: decisions.indexOf(decision) + 1, steps: decisions.length })
    : t(`wizard.${step}.count` as 'wizard.done.count');
  // with a broker that still waits for its certificate less is ready
  const own = draft.brokerCertificate === 'own';
  const lead = step === 'export' && !own ? t('wizard.export.leadDevices') : t(`wizard.${step}.lead`);
  const title =
    step === 'done'
      ? t(own ? 'wizard.done.title' : 'wizard.awaited.heading', { project: draft.started ?? draft.project })
      : t(`wizard.${step}.title`);
  return (
    <>
      <p className={css.overline}>
        {count} · {t('wizard.name')}
      </p>
      {/* named by the count too: the heading takes the focus, and screen readers say where one is */}
      <PageHeader page={`${count}: ${t(`wizard.short.${step}`)}`} title={title} lead={lead} />
      <div className="visually-hidden" role="status">
        {count}
      </div>
      {decision ? (
        <Deciding draft={draft} decision={decision} taken={taken} />
      ) : step === 'issue' ? (
        <IssueStep draft={draft} taken={taken} onCreated={onCreated} />
      ) : step === 'export' && draft.projectId !== null ? (
        exportSlot({ projectId: draft.projectId, onDone: () => changeDraft({ step: 'done' }) })
      ) : (
        <DoneStep draft={draft} />
      )}
    </>
  );
}

interface DecidingProps {
  readonly draft: Draft;
  readonly decision: Decision;
  readonly taken: readonly string[];
}

const pages = {
  project: ProjectStep,
  authority: AuthorityStep,
  broker: BrokerStep,
  devices: DevicesStep,
  access: AccessStep,
  check: CheckStep,
} as const;

function Deciding({ draft, decision, taken }: DecidingProps) {
  const { lines, reading } = useDeviceLines(draft.devices, draft.role);
  // whoever goes on while a long list is being read gets the check of what stands there now
  const latest = () => checkDraft(draft, taken);
  const check = { ...checkDraft(draft, taken, lines), reading, latest };
  const Step = pages[decision];
  return (
    <div className={css.columns}>
      <Step draft={draft} check={check} />
      <SoFar draft={draft} lines={check.lines} />
    </div>
  );
}
