import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ErrorReport } from '../../../../../shared/errors.ts';
import type { PublishTemplate } from '../../../../../shared/model/publish-template.ts';
import type { Filled } from '../../../../../shared/rules/publish-template.ts';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import { PayloadInput } from '../../../ui/message/PayloadInput.tsx';
import { Preview } from '../../../ui/message/Preview.tsx';
import { useProblemWords } from '../../../ui/message/useProblemWords.ts';
import { Variables } from '../../../ui/message/Variables.tsx';
import css from './Composer.module.css';
import { PropertiesInput } from './PropertiesInput.tsx';
import { SavedPayloads } from './SavedPayloads.tsx';
import { TimedInput } from './TimedInput.tsx';
import { asksForDevice } from './template.ts';

const qosOptions = (['0', '1', '2'] as const).map((value) => ({ value, label: value }));

interface Props {
  readonly who: string;
  readonly projectId: number;
  readonly template: PublishTemplate;
  readonly filled: Filled;
  /** Whose name `{{device}}` is; null where the pane says it. */
  readonly device: string | null;
  readonly onDevice: (device: string) => void;
  readonly connected: boolean;
  readonly protocolVersion: 4 | 5 | null;
  readonly topicError: string | false | undefined;
  readonly sending: boolean;
  readonly starting: boolean;
  readonly error: ErrorReport | null;
  readonly onChange: (change: Partial<PublishTemplate>) => void;
  readonly onSend: () => void;
  readonly onStart: (interval: number, count: number | null) => void;
  readonly onClose: () => void;
}

/** Everything that a message can be: payload in any form, properties, kept for later, sent again and again. */
export function Composer(props: Props) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const { template, filled, onChange } = props;
  const inPayload = filled.problems.find(({ part }) => part === 'payload');
  const ready = props.connected && filled.message !== null && !props.topicError;
  return (
    <Dialog title={t('publishing.title', { who: props.who })} onClose={props.onClose}>
      <div className={css.composer}>
        <SavedPayloads projectId={props.projectId} template={template} onChoose={onChange}>
          <div className={css.where}>
            <TextField
              label={t('tester.publish.topic')}
              value={template.topic}
              onChange={(topic) => onChange({ topic })}
              maxLength={65_535}
              error={props.topicError}
              mono
            />
            <SelectField
              label={t('tester.publish.qos')}
              value={String(template.qos) as '0' | '1' | '2'}
              options={qosOptions}
              onChange={(qos) => onChange({ qos: Number(qos) as 0 | 1 | 2 })}
            />
          </div>
          <Tick
            label={t('tester.publish.retain')}
            hint={t('tester.publish.retainHint')}
            checked={template.retain}
            onChange={(retain) => onChange({ retain })}
          />
          <PayloadInput template={template} error={inPayload && words(inPayload)} onChange={onChange} />
          {props.device !== null && asksForDevice(template) && (
            <TextField
              label={t('publishing.device')}
              value={props.device}
              onChange={props.onDevice}
              hint={t('publishing.deviceHint')}
              mono
            />
          )}
          <Variables />
          <PropertiesInput
            template={template}
            protocolVersion={props.protocolVersion}
            onChange={(properties) => onChange({ properties })}
          />
          <TimedInput ready={ready} pending={props.starting} onStart={props.onStart} />
          <Preview template={template} filled={filled} />
        </SavedPayloads>
        {props.error && <ErrorPanel error={props.error} />}
        {!props.connected && <p className={css.warn}>{t('publishing.notConnected')}</p>}
      </div>
      <DialogActions>
        <Button variant="default" onClick={props.onClose}>
          {t('common.close')}
        </Button>
        <Button
          disabled={!ready}
          loading={props.sending}
          leftSection={<IconSend size={18} stroke={1.8} aria-hidden />}
          onClick={props.onSend}
        >
          {t('tester.publish.submit')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
