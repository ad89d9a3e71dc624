import { Button } from '@mantine/core';
import { IconBraces, IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PublishTemplate, payloadForms, payloadMaximum } from '../../../../shared/model/publish-template.ts';
import { toBase64 } from '../../../../shared/rules/payload-form.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Field, Tick } from '../Field.tsx';
import { Options } from '../Options.tsx';
import { formatJson } from './format-json.ts';
import css from './Message.module.css';

interface Props {
  /** Without `variables` they are filled in anyway, and nobody is asked. */
  readonly template: Pick<PublishTemplate, 'form' | 'text'> & { readonly variables?: boolean };
  readonly error: string | undefined;
  readonly onChange: (change: Partial<Pick<PublishTemplate, 'form' | 'text' | 'variables'>>) => void;
}

/** A payload in the form of one's choice, or the bytes of a file. */
export function PayloadInput({ template, error, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [file, setFile] = useState<{ name: string; size: number } | null>(null);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFile({ name: chosen.name, size: chosen.size });
    if (chosen.size > payloadMaximum) return;
    // base64 keeps every byte, and has no braces that could be taken for a variable
    onChange({ form: 'base64', text: toBase64(new Uint8Array(await chosen.arrayBuffer())) });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className={css.part}>
      <Options
        legend={t('publishing.form.label')}
        layout="row"
        value={template.form}
        options={payloadForms.map((value) => ({ value, label: t(`publishing.form.${value}`) }))}
        onChange={(form) => onChange({ form })}
      />
      <Field label={t('tester.publish.payload')} error={error}>
        {(aria) => (
          <textarea
            {...aria}
            className={css.payload}
            data-over={over || undefined}
            value={template.text}
            spellCheck={false}
            onChange={(event) => {
              setFile(null);
              onChange({ text: event.currentTarget.value });
            }}
            onDragOver={(event) => [event.preventDefault(), setOver(true)]}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          />
        )}
      </Field>
      <div className={css.row}>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconFileUpload size={18} stroke={1.8} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t('publishing.file.choose')}
        </Button>
        {template.form === 'json' && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconBraces size={18} stroke={1.8} aria-hidden />}
            onClick={() => onChange({ text: formatJson(template.text) })}
          >
            {t('publishing.formatJson')}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          tabIndex={-1}
          aria-label={t('publishing.file.choose')}
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <p className={css.quiet} role="status">
          {file === null
            ? t('publishing.file.hint')
            : file.size > payloadMaximum
              ? t('publishing.file.tooLarge', { name: file.name, size: format.bytes(file.size) })
              : t('publishing.file.taken', { name: file.name, size: format.bytes(file.size) })}
        </p>
      </div>
      {template.variables !== undefined && (
        <Tick
          label={t('publishing.variables.use')}
          hint={t('publishing.variables.hint')}
          checked={template.variables}
          onChange={(variables) => onChange({ variables })}
        />
      )}
    </div>
  );
}
