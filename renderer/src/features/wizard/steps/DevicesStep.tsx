import { DeviceLinesField } from '../../../ui/DeviceLinesField.tsx';
import { StepForm, useProblem } from '../StepForm.tsx';
import { changeDraft } from '../store.ts';
import type { StepProps } from './ProjectStep.tsx';

export function DevicesStep({ draft, check }: StepProps) {
  return (
    <StepForm draft={draft} check={check} step="devices">
      <DeviceLinesField
        text={draft.devices}
        onText={(devices) => changeDraft({ devices })}
        role={draft.role}
        onRole={(role) => changeDraft({ role })}
        lines={check.lines}
        reading={check.reading}
        error={useProblem(check, 'devices', true)}
      />
    </StepForm>
  );
}
