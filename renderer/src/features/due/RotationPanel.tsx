import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RotationPreset, type RotationPresetName, rotationPresets } from '../../../../shared/rules/rotation.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Due.module.css';

const fields = ['deviceDays', 'brokerDays', 'warnDays'] as const;
const presets = Object.keys(rotationPresets) as RotationPresetName[];

/** How long certificates live and how early one is warned: a preset, or numbers of one's own. */
export function RotationPanel({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const rotation = useCall('rotation.show', { projectId });
  // kept here: the form begins anew with what was saved
  const [saved, setSaved] = useState(false);
  return (
    <Panel title={t('due.rotation.title')}>
      {rotation.isError ? (
        <ErrorPanel error={reportOf(rotation.error)} onRetry={() => void rotation.refetch()} />
      ) : rotation.data ? (
        <Form
          key={JSON.stringify(rotation.data)}
          projectId={projectId}
          rotation={rotation.data}
          saved={saved}
          onSaved={setSaved}
        />
      ) : (
        <Waiting lines={5} />
      )}
    </Panel>
  );
}

interface FormProps {
  readonly projectId: number;
  readonly rotation: RotationPreset;
  readonly saved: boolean;
  readonly onSaved: (saved: boolean) => void;
}

function Form({ projectId, rotation, saved, onSaved }: FormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => textOf(rotation));
  const values = { deviceDays: Number(draft.deviceDays), brokerDays: Number(draft.brokerDays), warnDays: Number(draft.warnDays) };
  const chosen = presets.find((name) => fields.every((field) => rotationPresets[name][field] === values[field])) ?? 'own';
  const [own, setOwn] = useState(chosen === 'own');
  const changed = fields.some((field) => values[field] !== rotation[field]);
  const save = useAction(async () => {
    await call('rotation.change', { projectId, ...values });
    onSaved(true);
  });
  const change = (next: typeof draft) => {
    onSaved(false);
    setDraft(next);
  };
  return (
    <div className={css.form}>
      <Options<RotationPresetName | 'own'>
        legend={t('due.rotation.preset')}
        hiddenLegend
        value={own ? 'own' : chosen}
        onChange={(name) => {
          setOwn(name === 'own');
          if (name !== 'own') change(textOf(rotationPresets[name]));
        }}
        options={[
          ...presets.map((name) => ({
            value: name,
            label: t(`due.rotation.name.${name}`),
            text: t('due.rotation.text', rotationPresets[name] as unknown as Record<string, number>),
          })),
          { value: 'own' as const, label: t('due.rotation.name.own') },
        ]}
      />
      {own && (
        <div className={css.fields}>
          {fields.map((field) => (
            <TextField
              key={field}
              label={t(`due.rotation.field.${field}`)}
              note={t('due.rotation.days')}
              numeric
              maxLength={4}
              value={draft[field]}
              onChange={(value) => change({ ...draft, [field]: value.replace(/\D/g, '') })}
            />
          ))}
        </div>
      )}
      <div className={css.buttons}>
        <WriteButton disabled={!changed} onClick={() => !save.pending && void save.run()}>
          {t('due.rotation.save')}
        </WriteButton>
      </div>
      <div role="status">
        {saved && !changed && (
          <Note tone="ok" icon={IconCheck} title={t('due.rotation.saved')}>
            {t('due.rotation.savedText')}
          </Note>
        )}
      </div>
      {save.error && <ErrorPanel error={save.error} />}
    </div>
  );
}

function textOf({ deviceDays, brokerDays, warnDays }: RotationPreset) {
  return { deviceDays: String(deviceDays), brokerDays: String(brokerDays), warnDays: String(warnDays) };
}
