import { Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PropertyTemplate, PublishTemplate } from '../../../../../shared/model/publish-template.ts';
import { Field, SelectField, TextField } from '../../../ui/Field.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import css from './Composer.module.css';
import { countProperties } from './template.ts';

interface Props {
  readonly template: PublishTemplate;
  /** 3.1.1 has none of them. */
  readonly protocolVersion: 4 | 5 | null;
  readonly onChange: (properties: PropertyTemplate) => void;
}

/** A number that was typed, or nothing; what is neither stays out. */
function numberOf(text: string, maximum: number): number | undefined {
  const digits = text.replaceAll(/\D/g, '');
  return digits === '' ? undefined : Math.min(maximum, Number(digits));
}

/** The properties of a PUBLISH (MQTT 5 §3.3.2.3). */
export function PropertiesInput({ template, protocolVersion, onChange }: Props) {
  const { t } = useTranslation();
  const { properties } = template;
  const pairs = properties.userProperties ?? [];
  const put = (change: PropertyTemplate) => onChange({ ...properties, ...change });
  const putPair = (at: number, pair: readonly [string, string]) => put({ userProperties: pairs.with(at, pair) });
  const count = countProperties(template);
  const responseTopic = properties.responseTopic ?? '';
  return (
    <Fold
      summary={
        <>
          {t('publishing.properties.title')}
          {count > 0 && <span className={css.count}>{t('publishing.properties.count', { count })}</span>}
        </>
      }
    >
      <div className={css.part}>
        {protocolVersion === 4 && <p className={css.warn}>{t('publishing.properties.older')}</p>}
        <div className={css.two}>
          <TextField
            label={t('publishing.properties.contentType')}
            value={properties.contentType ?? ''}
            onChange={(value) => put({ contentType: value === '' ? undefined : value })}
            placeholder="application/json"
            mono
          />
          <SelectField
            label={t('publishing.properties.payloadFormat')}
            value={properties.payloadFormat === undefined ? 'none' : properties.payloadFormat === 1 ? 'text' : 'bytes'}
            options={(['none', 'bytes', 'text'] as const).map((value) => ({
              value,
              label: t(`publishing.properties.format.${value}`),
            }))}
            onChange={(value) => put({ payloadFormat: value === 'none' ? undefined : value === 'text' ? 1 : 0 })}
          />
          <TextField
            label={t('publishing.properties.responseTopic')}
            value={responseTopic}
            onChange={(value) => put({ responseTopic: value === '' ? undefined : value })}
            error={/[+#]/.test(responseTopic) && t('tester.publish.wildcard')}
            maxLength={65_535}
            mono
          />
          <TextField
            label={t('publishing.properties.messageExpiry')}
            note={t('publishing.seconds')}
            value={properties.messageExpiry === undefined ? '' : String(properties.messageExpiry)}
            onChange={(value) => put({ messageExpiry: numberOf(value, 0xffff_ffff) })}
            numeric
          />
          <Field label={t('publishing.properties.correlation')}>
            {(aria) => (
              <div className={css.joined}>
                <input
                  {...aria}
                  className="mono"
                  value={properties.correlation?.text ?? ''}
                  maxLength={131_072}
                  spellCheck={false}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    const form = properties.correlation?.form ?? 'text';
                    put({ correlation: value === '' ? undefined : { form, text: value } });
                  }}
                />
                <select
                  aria-label={t('publishing.properties.correlationForm')}
                  value={properties.correlation?.form ?? 'text'}
                  onChange={(event) => {
                    const form = event.currentTarget.value as 'text' | 'hex';
                    put({ correlation: { form, text: properties.correlation?.text ?? '' } });
                  }}
                >
                  <option value="text">{t('publishing.form.text')}</option>
                  <option value="hex">{t('publishing.form.hex')}</option>
                </select>
              </div>
            )}
          </Field>
          <TextField
            label={t('publishing.properties.topicAlias')}
            value={properties.topicAlias === undefined ? '' : String(properties.topicAlias)}
            onChange={(value) => {
              const alias = numberOf(value, 65_535);
              put({ topicAlias: alias === 0 ? undefined : alias });
            }}
            hint={t('publishing.properties.topicAliasHint')}
            numeric
          />
        </div>
        <fieldset className={css.pairs}>
          <legend>{t('publishing.properties.user')}</legend>
          {pairs.map(([name, value], at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is what they are, and names may be there twice
            <div key={at} className={css.pair}>
              <input
                className="mono"
                aria-label={t('publishing.properties.userName', { number: at + 1 })}
                placeholder={t('publishing.properties.name')}
                value={name}
                maxLength={65_535}
                onChange={(event) => putPair(at, [event.currentTarget.value, value])}
              />
              <input
                className="mono"
                aria-label={t('publishing.properties.userValue', { number: at + 1 })}
                placeholder={t('publishing.properties.value')}
                value={value}
                maxLength={65_535}
                onChange={(event) => putPair(at, [name, event.currentTarget.value])}
              />
              <button
                type="button"
                aria-label={t('publishing.properties.remove', { number: at + 1 })}
                onClick={() => {
                  const rest = pairs.toSpliced(at, 1);
                  put({ userProperties: rest.length > 0 ? rest : undefined });
                }}
              >
                <IconTrash size={20} stroke={1.7} aria-hidden />
              </button>
            </div>
          ))}
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPlus size={18} stroke={1.8} aria-hidden />}
            onClick={() => put({ userProperties: [...pairs, ['', '']] })}
          >
            {t('publishing.properties.add')}
          </Button>
        </fieldset>
      </div>
    </Fold>
  );
}
