import { useTranslation } from 'react-i18next';
import { type CheckMatchKind, checkComparisons, checkParties } from '../../../../shared/model/check.ts';
import field from '../../ui/Field.module.css';
import { Field, SelectField, TextField } from '../../ui/Field.tsx';
import { Options } from '../../ui/Options.tsx';
import type { PartProps } from './CheckEditor.tsx';
import { answers, type CheckDraft } from './check-draft.ts';
import css from './Editor.module.css';

/** The simple ones first. */
const kinds = ['same', 'json', 'path', 'contains', 'text', 'bytes', 'any'] as const satisfies readonly CheckMatchKind[];

/** What has to arrive, with whom, where and in which time; or that nothing may. */
export function ExpectFields({ draft, change, wrong }: PartProps) {
  const { t } = useTranslation();
  const { expect, publish } = draft;
  const put = (part: Partial<CheckDraft['expect']>) => change({ expect: { ...expect, ...part } });
  const arrives = (next: boolean) =>
    change({
      expect: { ...expect, arrives: next },
      // a broker that keeps it from arriving may say so, and need not
      publish: {
        ...publish,
        answer: !next && publish.answer === 'accepted' ? 'any' : next && publish.answer !== 'code' ? 'accepted' : publish.answer,
      },
    });
  return (
    <>
      <Options
        legend={t('checks.editor.arrives')}
        hiddenLegend
        layout="row"
        value={expect.arrives ? 'something' : 'nothing'}
        options={(['something', 'nothing'] as const).map((value) => ({ value, label: t(`checks.editor.${value}`) }))}
        onChange={(value) => arrives(value === 'something')}
      />
      <Options
        legend={t('checks.editor.at')}
        layout="row"
        value={expect.at}
        options={checkParties.map((value) => ({ value, label: t(`checks.party.${value}`) }))}
        onChange={(at) => put({ at })}
      />
      <div className={css.where} data-wide>
        <TextField
          label={t('checks.editor.filter')}
          hint={t('checks.editor.filterHint')}
          value={expect.topic}
          onChange={(topic) => put({ topic })}
          error={wrong('expect.topic')}
          maxLength={65_535}
          mono
        />
        <TextField
          label={t(expect.arrives ? 'checks.editor.within' : 'checks.editor.withinNothing')}
          note={t('checks.editor.milliseconds')}
          value={expect.within}
          onChange={(within) => put({ within })}
          error={wrong('expect.within')}
          maxLength={5}
          numeric
        />
      </div>
      {expect.arrives && (
        <>
          <SelectField
            label={t('checks.editor.match')}
            value={expect.kind}
            options={kinds.map((value) => ({ value, label: t(`checks.match.${value}`) }))}
            onChange={(kind) => put({ kind })}
          />
          {(expect.kind === 'json' || expect.kind === 'text' || expect.kind === 'bytes') && (
            <Field
              label={t(`checks.editor.${expect.kind}`)}
              hint={expect.kind === 'json' ? t('checks.editor.jsonHint') : undefined}
              error={wrong('expect.match.text')}
            >
              {(aria) => (
                <textarea
                  {...aria}
                  className={css.text}
                  value={expect.text}
                  spellCheck={false}
                  onChange={(event) => put({ text: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
          {expect.kind === 'contains' && (
            <TextField
              label={t('checks.editor.text')}
              value={expect.text}
              onChange={(text) => put({ text })}
              error={wrong('expect.match.text')}
              maxLength={10_000}
              mono
            />
          )}
          {expect.kind === 'path' && (
            <div className={css.path} data-alone={expect.compare === 'exists' || undefined}>
              <TextField
                label={t('checks.editor.path')}
                hint={!wrong('expect.match.path') && t('checks.editor.pathHint')}
                value={expect.path}
                onChange={(path) => put({ path })}
                error={wrong('expect.match.path')}
                maxLength={1_000}
                mono
              />
              <SelectField
                label={t('checks.editor.compare')}
                value={expect.compare}
                options={checkComparisons.map((value) => ({ value, label: t(`checks.compare.${value}`) }))}
                onChange={(compare) => put({ compare })}
              />
              {expect.compare !== 'exists' && (
                <TextField
                  label={t('checks.editor.value')}
                  hint={t('checks.editor.valueHint')}
                  value={expect.value}
                  onChange={(value) => put({ value })}
                  error={wrong('expect.match.value')}
                  maxLength={10_000}
                  mono
                />
              )}
            </div>
          )}
        </>
      )}
      <div className={css.answer} data-code={publish.answer === 'code' || undefined}>
        <SelectField
          label={t('checks.editor.answer')}
          value={publish.answer}
          options={answers.map((value) => ({ value, label: t(`checks.editor.answers.${value}`) }))}
          onChange={(answer) => change({ publish: { ...publish, answer } })}
          error={publish.answer !== 'code' && wrong('publish.answer')}
        />
        {publish.answer === 'code' && (
          <Field label={t('checks.editor.code')} hint={t('checks.editor.codeHint')} error={wrong('publish.answer')}>
            {(aria) => (
              <input
                {...aria}
                className={field.input}
                value={publish.code}
                inputMode="numeric"
                maxLength={3}
                onChange={(event) => change({ publish: { ...publish, code: event.currentTarget.value } })}
              />
            )}
          </Field>
        )}
      </div>
    </>
  );
}
