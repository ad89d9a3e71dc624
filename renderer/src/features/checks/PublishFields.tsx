import { useTranslation } from 'react-i18next';
import { checkParties } from '../../../../shared/model/check.ts';
import { SelectField, TextField, Tick } from '../../ui/Field.tsx';
import { PayloadInput } from '../../ui/message/PayloadInput.tsx';
import { Variables } from '../../ui/message/Variables.tsx';
import { Options } from '../../ui/Options.tsx';
import type { PartProps } from './CheckEditor.tsx';
import type { CheckDraft } from './check-draft.ts';
import css from './Editor.module.css';

const qosOptions = (['0', '1', '2'] as const).map((value) => ({ value, label: value }));

/** Who publishes what, and where. */
export function PublishFields({ draft, change, wrong }: PartProps) {
  const { t } = useTranslation();
  const { publish, expect } = draft;
  const put = (part: Partial<CheckDraft['publish']>) => change({ publish: { ...publish, ...part } });
  const topic = (next: string) =>
    change({
      publish: { ...publish, topic: next },
      // where the same message is expected, it is expected at the same place
      ...(expect.topic === publish.topic ? { expect: { ...expect, topic: next } } : {}),
    });
  return (
    <>
      <Options
        legend={t('checks.editor.by')}
        layout="row"
        value={publish.by}
        options={checkParties.map((value) => ({ value, label: t(`checks.party.${value}`) }))}
        onChange={(by) => put({ by })}
        hint={t('checks.editor.partyHint')}
      />
      <div className={css.where}>
        <TextField
          label={t('checks.editor.topic')}
          hint={t('checks.editor.topicHint')}
          value={publish.topic}
          onChange={topic}
          error={wrong('publish.topic')}
          maxLength={65_535}
          mono
        />
        <SelectField
          label={t('checks.editor.qos')}
          value={String(publish.qos) as '0' | '1' | '2'}
          options={qosOptions}
          onChange={(qos) => put({ qos: Number(qos) as 0 | 1 | 2 })}
        />
      </div>
      <PayloadInput template={publish} error={wrong('publish.text') || undefined} onChange={put} />
      <div className={css.folds}>
        <Variables more={[{ written: '{{run}}', words: t('checks.editor.run') }]} />
      </div>
      <Tick
        label={t('checks.editor.retain')}
        hint={t('checks.editor.retainHint')}
        checked={publish.retain}
        onChange={(retain) => put({ retain })}
      />
    </>
  );
}
