import { IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Check } from '../../../../shared/model/check.ts';
import { fillRun } from '../../../../shared/rules/check-scope.ts';
import { useCall } from '../../bridge/queries.ts';
import { TextField } from '../../ui/Field.tsx';
import { filledNow } from '../../ui/message/filled-now.ts';
import { isText, previewOf } from '../../ui/payload/bytes.ts';
import css from './Editor.module.css';
import { topicFor } from './results.ts';
import { Sentence } from './Sentence.tsx';
import { useCheckSentence } from './words.ts';

/** What `{{run}}` could be. */
const sampleRun = '5f0c1e9a';

interface Props {
  readonly projectId: number;
  readonly project: string;
  readonly check: Check;
  /** Nothing is wrong with it. */
  readonly sound: boolean;
}

/** The check as it would be run for one device: with its names, and the bytes that go out. */
export function Sample({ projectId, project, check, sound }: Props) {
  const { t } = useTranslation();
  const sentence = useCheckSentence();
  const [typed, setTyped] = useState<string | null>(null);
  const { data } = useCall('device.list', { projectId, limit: 50 });
  // rather a meter than a dashboard
  const device = typed ?? (data?.rows.find(({ role }) => role === 'device') ?? data?.rows[0])?.id ?? '';
  const { publish, expect } = check;
  const names = (template: string) => topicFor(template, project, device === '' ? null : device);
  const { published, expected } = sentence({
    ...check,
    publish: { ...publish, topic: names(publish.topic) },
    expect: { ...expect, topic: names(expect.topic) },
  });
  const template = { ...publish, text: fillRun(publish.text, sampleRun), variables: true, properties: {} };
  const { message } = filledNow(template, device, project, 0);
  return (
    <div className={css.sample}>
      <div className={css.sampleHead}>
        <h3>{t('checks.editor.preview')}</h3>
        <TextField label={t('checks.editor.sample')} value={device} onChange={setTyped} maxLength={64} mono />
      </div>
      {sound && message ? (
        <div role="status">
          <p>
            <Sentence text={published} />
          </p>
          <pre>
            {message.payload.byteLength === 0
              ? t('publishing.preview.empty')
              : previewOf(message.payload, isText(message.payload) ? 'text' : 'hex', 1_000)}
          </pre>
          <p>
            <IconArrowRight size={16} stroke={2} aria-hidden />
            <span className="visually-hidden">{t('checks.sentence.next')} </span>
            <span>
              <Sentence text={expected} />
            </span>
          </p>
        </div>
      ) : (
        <p className={css.quiet}>{t('checks.editor.notYet')}</p>
      )}
    </div>
  );
}
