import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconSend } from '@tabler/icons-react';
import { type FormEvent, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessRule } from '../../../../shared/model/access.ts';
import { checkTopicTemplate } from '../../../../shared/rules/topic.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { problemText } from '../../ui/error-text.ts';
import { Field, SelectField, TextField, Tick } from '../../ui/Field.tsx';
import { useRoute } from '../../ui/route.ts';
import css from './Pane.module.css';
import type { Pane, Qos } from './panes.ts';
import { isRefusal } from './reason.ts';
import { firstTopic } from './topics.ts';
import { useReasonWords } from './useReasonWords.ts';

const qosOptions = (['0', '1', '2'] as const).map((value) => ({ value, label: value }));
/** The contract's limit, in bytes. */
const payloadMaximum = 1_048_576;

const nothing: Readonly<Record<string, string>> = {};

interface Props {
  readonly pane: Pane;
  readonly who: string;
  readonly project: string;
  readonly access: readonly AccessRule[];
  /** Holds what is typed here, for whoever asks. */
  readonly draft: RefObject<Draft | null>;
}

export interface Draft {
  readonly topic: string;
  readonly payload: string;
  readonly qos: Qos;
  readonly retain: boolean;
}

interface Sent {
  readonly reasonCode: number;
  readonly words: 'reason' | 'sent' | 'sent311';
  readonly topic: string;
}

export function Publish({ pane, who, project, access, draft }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [topic, setTopic] = useState(() => firstTopic(pane.identity, project, access));
  const [payload, setPayload] = useState(pane.identity.kind === 'device' ? '{"power": 230.4}' : '');
  const [qos, setQos] = useState<'0' | '1' | '2'>('1');
  const [retain, setRetain] = useState(false);
  const [sent, setSent] = useState<Sent | null>(null);
  const { page, params } = useRoute();
  const wished = page === 'test' && pane.identity.kind === 'observer' ? params : nothing;
  useEffect(() => {
    if (wished.topic !== undefined) setTopic(wished.topic);
    if (wished.payload !== undefined) setPayload(wished.payload);
  }, [wished.topic, wished.payload]);
  useEffect(() => {
    draft.current = { topic, payload, qos: Number(qos) as Qos, retain };
  }, [draft, topic, payload, qos, retain]);
  const { state } = pane;
  const connected = state?.phase === 'connected';
  const bytes = new TextEncoder().encode(payload);
  const problem = checkTopicTemplate(topic).find(({ rule }) => rule !== 'topic-placeholder' && rule !== 'topic-percent');
  const topicError = /[+#]/.test(topic) ? t('tester.publish.wildcard') : problem && problemText(problem, t, format);
  const send = useAction(async () => {
    if (!state) return;
    setSent(null);
    const level = Number(qos) as Qos;
    const { reasonCode } = await call('tester.publish', {
      connectionId: state.connectionId,
      topic,
      payload: bytes,
      qos: level,
      retain,
    });
    setSent({ reasonCode, topic, words: level === 0 ? 'sent' : state.protocolVersion === 4 ? 'sent311' : 'reason' });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (connected && !topicError && bytes.byteLength <= payloadMaximum && !send.pending) void send.run();
  };
  return (
    <section
      className={css.publish}
      data-tour={pane.identity.kind === 'observer' ? 'command' : undefined}
      aria-label={`${t('tester.publish.title')} · ${who}`}
    >
      <h3>{t('tester.publish.title')}</h3>
      <form onSubmit={submit} noValidate>
        <div className={css.pair}>
          <TextField
            label={t('tester.publish.topic')}
            value={topic}
            onChange={setTopic}
            maxLength={65_535}
            error={topicError}
            mono
          />
          <SelectField label={t('tester.publish.qos')} value={qos} options={qosOptions} onChange={setQos} />
        </div>
        <div className={css.what}>
          <Field label={t('tester.publish.payload')} error={bytes.byteLength > payloadMaximum && t('tester.publish.tooLarge')}>
            {(aria) => (
              <textarea
                {...aria}
                className={css.payload}
                placeholder={t('tester.publish.payload')}
                rows={3}
                value={payload}
                spellCheck={false}
                onChange={(event) => setPayload(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <div className={css.send}>
          <span className={css.retain} title={t('tester.publish.retainHint')}>
            <Tick label={t('tester.publish.retain')} checked={retain} onChange={setRetain} />
          </span>
          <Button type="submit" disabled={!connected} leftSection={<IconSend size={18} stroke={1.8} aria-hidden />}>
            {send.pending ? t('tester.publish.busy') : t('tester.publish.submit')}
          </Button>
        </div>
      </form>
      <div role="status">{sent && connected && <Result sent={sent} />}</div>
      {send.error && <ErrorPanel error={send.error} />}
    </section>
  );
}

function Result({ sent }: { readonly sent: Sent }) {
  const { t } = useTranslation();
  const words = useReasonWords();
  const refused = isRefusal(sent.reasonCode);
  const Sign = refused ? IconAlertTriangle : IconCheck;
  return (
    <p className={css.result} data-refused={refused || undefined}>
      <Sign size={20} stroke={2} aria-hidden />
      <span>
        {refused || sent.words === 'reason' ? words(sent.reasonCode) : t(`tester.publish.${sent.words}`)}
        <span className="mono">{sent.topic}</span>
      </span>
    </p>
  );
}
