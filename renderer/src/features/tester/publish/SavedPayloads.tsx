import { Button } from '@mantine/core';
import { IconDeviceFloppy, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PublishTemplate, savedMaximum } from '../../../../../shared/model/publish-template.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/queries.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { SelectField, TextField } from '../../../ui/Field.tsx';
import { WriteButton } from '../../../ui/WriteButton.tsx';
import css from './Composer.module.css';

interface Props {
  readonly projectId: number;
  readonly template: PublishTemplate;
  readonly onChoose: (template: PublishTemplate) => void;
  /** The form: chosen from above, saved from below. */
  readonly children: ReactNode;
}

const none = '';

/** The messages that the project keeps: taken into the form, saved from it, removed. */
export function SavedPayloads({ projectId, template, onChoose, children }: Props) {
  const { t } = useTranslation();
  const saved = useCall('payload.list', { projectId });
  const [chosen, setChosen] = useState(none);
  const [name, setName] = useState('');
  const [removing, setRemoving] = useState(false);
  const list = saved.data ?? [];
  const present = list.find(({ payloadId }) => String(payloadId) === chosen);
  const replaces = list.some((each) => each.name === name.trim());
  const save = useAction(async () => {
    const { payloadId } = await call('payload.save', { projectId, name: name.trim(), template: template as never });
    await saved.refetch();
    setChosen(String(payloadId));
  });
  const remove = useAction(async () => {
    if (!present) return;
    await call('payload.remove', { projectId, payloadId: present.payloadId });
    setChosen(none);
    setRemoving(false);
    await saved.refetch();
  });
  const tooLong = template.text.length > savedMaximum;
  return (
    <>
      {list.length > 0 && (
        <div className={css.choose}>
          <SelectField
            label={t('publishing.saved.title')}
            value={chosen}
            options={[
              { value: none, label: t('publishing.saved.none') },
              ...list.map((each) => ({ value: String(each.payloadId), label: each.name })),
            ]}
            onChange={(value) => {
              setChosen(value);
              setRemoving(false);
              const found = list.find(({ payloadId }) => String(payloadId) === value);
              if (!found) return;
              setName(found.name);
              onChoose(found.template);
            }}
          />
          {present && !removing && (
            <Button
              variant="default"
              leftSection={<IconTrash size={18} stroke={1.8} aria-hidden />}
              onClick={() => setRemoving(true)}
            >
              {t('publishing.saved.remove')}
            </Button>
          )}
        </div>
      )}
      {present && removing && (
        <div className={css.row} role="alert">
          <p>{t('publishing.saved.removeAsk', { name: present.name })}</p>
          <Button variant="default" size="sm" onClick={() => setRemoving(false)}>
            {t('publishing.saved.keep')}
          </Button>
          <Button color="red" size="sm" loading={remove.pending} onClick={() => void remove.run()}>
            {t('publishing.saved.removeNamed', { name: present.name })}
          </Button>
        </div>
      )}
      {children}
      <div className={css.choose}>
        <TextField
          label={t('publishing.saved.name')}
          value={name}
          onChange={setName}
          maxLength={80}
          hint={replaces ? t('publishing.saved.replaces') : t('publishing.saved.hint')}
          error={tooLong && t('publishing.saved.tooLong')}
        />
        <WriteButton
          variant="default"
          because={t('publishing.saved.recorded')}
          disabled={name.trim() === '' || tooLong || save.pending}
          leftSection={<IconDeviceFloppy size={18} stroke={1.8} aria-hidden />}
          onClick={() => void save.run()}
        >
          {t(replaces ? 'publishing.saved.replace' : 'publishing.saved.save')}
        </WriteButton>
      </div>
      {(save.error ?? remove.error) && <ErrorPanel error={(save.error ?? remove.error) as NonNullable<typeof save.error>} />}
    </>
  );
}
