import { Button } from '@mantine/core';
import { IconAdjustments, IconAlertTriangle, IconCheck, IconSend } from '@tabler/icons-react';
import { type FormEvent, lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessRule } from '../../../../../shared/model/access.ts';
import type { PublishTemplate } from '../../../../../shared/model/publish-template.ts';
import type { FilledMessage } from '../../../../../shared/rules/publish-template.ts';
import { checkTopicTemplate } from '../../../../../shared/rules/topic.ts';
import { hasVariables } from '../../../../../shared/rules/variables.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { problemText } from '../../../ui/error-text.ts';
import { Field, SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import { filledNow } from '../../../ui/message/filled-now.ts';
import { useProblemWords } from '../../../ui/message/useProblemWords.ts';
import { isRefusal } from '../../../ui/reason.ts';
import { useRoute } from '../../../ui/route.ts';
import { useReasonWords } from '../../../ui/useReasonWords.ts';
import css from '../Pane.module.css';
import { changePane, type Pane, type Qos, speakerOf, type Written } from '../panes.ts';
import own from './Composer.module.css';
import { TimedStrip } from './TimedStrip.tsx';
import { countProperties, firstTemplate } from './template.ts';
import { noteTimed, useTimed } from './timed-store.ts';

const Composer = lazy(async () => ({ default: (await import('./Composer.tsx')).Composer }));

const qosOptions = (['0', '1', '2'] as const).map((value) => ({ value, label: value }));
const nothing: Readonly<Record<string, string>> = {};

interface Props {
  readonly pane: Pane;
  readonly who: string;
  readonly project: string;
  readonly access: readonly AccessRule[];
  /** Holds the message as it would go out now, for whoever asks; null while it cannot. */
  readonly draft: RefObject<FilledMessage | null>;
}

interface Sent {
  readonly reasonCode: number;
  readonly words: 'reason' | 'sent' | 'sent311';
  readonly topic: string;
}

/** What one identity sends: the message in short, and everything else of it behind a button. */
export function Publish({ pane, who, project, access, draft }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useProblemWords();
  const { identity, state } = pane;
  const first = (): Written => ({ template: firstTemplate(identity, project, access), device: '', index: 0 });
  // before anything was written it follows what the project says
  const { template, device, index } = pane.written ?? first();
  const [composing, setComposing] = useState(false);
  const [sent, setSent] = useState<Sent | null>(null);
  const { key } = pane;
  const write = (change: (before: Written) => Partial<Written>) =>
    changePane(key, ({ written }) => {
      const before = written ?? first();
      return { written: { ...before, ...change(before) } };
    });
  const change = (part: Partial<PublishTemplate>) => write((before) => ({ template: { ...before.template, ...part } }));
  const latest = useRef(change);
  latest.current = change;
  const { page, params } = useRoute();
  const wished = page === 'test' && identity.kind === 'observer' ? params : nothing;
  useEffect(() => {
    if (wished.topic !== undefined) latest.current({ topic: wished.topic });
    if (wished.payload !== undefined) latest.current({ text: wished.payload, form: 'text' });
  }, [wished.topic, wished.payload]);
  const speaker = speakerOf(identity);
  const speaksFor = speaker?.kind === 'device' ? speaker.device : device;
  const filled = filledNow(template, speaksFor, project, index);
  useEffect(() => {
    draft.current = filledNow(template, speaksFor, project, index).message;
  }, [draft, template, speaksFor, project, index]);
  const connected = state?.phase === 'connected';
  const run = useTimed(state?.connectionId);
  const written = filled.message?.topic ?? template.topic;
  const problem = checkTopicTemplate(written).find(({ rule }) => rule !== 'topic-placeholder' && rule !== 'topic-percent');
  const inTopic = filled.problems.find(({ part }) => part === 'topic');
  const inPayload = filled.problems.find(({ part }) => part === 'payload');
  const elsewhere = filled.problems.find(({ part }) => part !== 'topic' && part !== 'payload');
  const topicError = /[+#]/.test(written)
    ? t('tester.publish.wildcard')
    : inTopic
      ? words(inTopic)
      : problem && problemText(problem, t, format);
  const send = useAction(async () => {
    const { message } = filledNow(template, speaksFor, project, index);
    if (!state || !message) return;
    setSent(null);
    const { properties, ...rest } = message;
    const { reasonCode } = await call('tester.publish', {
      connectionId: state.connectionId,
      ...rest,
      ...(properties && { properties: properties as never }),
    });
    write((before) => ({ index: before.index + 1 }));
    const level = message.qos;
    const kind = level === 0 ? 'sent' : state.protocolVersion === 4 ? 'sent311' : 'reason';
    setSent({ reasonCode, topic: message.topic, words: kind });
  });
  const start = useAction(async (interval: number, count: number | null) => {
    if (!state) return;
    const { connectionId } = state;
    const named = speaksFor.trim() === '' ? null : speaksFor.trim();
    noteTimed(await call('timed.start', { connectionId, template: template as never, device: named, project, interval, count }));
    setComposing(false);
  });
  const ready = connected && filled.message !== null && !topicError;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !send.pending) void send.run();
  };
  const properties = countProperties(template);
  const marks = [
    template.form !== 'text' && t(`publishing.form.${template.form}`),
    template.variables && [template.topic, template.text].some(hasVariables) && t('publishing.mark.variables'),
    properties > 0 && t('publishing.properties.count', { count: properties }),
  ].filter((mark) => mark !== false);
  return (
    <section
      className={css.publish}
      data-tour={identity.kind === 'observer' ? 'command' : undefined}
      aria-label={`${t('tester.publish.title')} · ${who}`}
    >
      <h3>{t('tester.publish.title')}</h3>
      {run && <TimedStrip run={run} who={who} />}
      <form onSubmit={submit} noValidate>
        <div className={css.pair}>
          <TextField
            label={t('tester.publish.topic')}
            value={template.topic}
            onChange={(topic) => change({ topic })}
            maxLength={65_535}
            error={topicError}
            mono
          />
          <SelectField
            label={t('tester.publish.qos')}
            value={String(template.qos) as '0' | '1' | '2'}
            options={qosOptions}
            onChange={(qos) => change({ qos: Number(qos) as Qos })}
          />
        </div>
        <div className={css.what}>
          <Field label={t('tester.publish.payload')} error={inPayload && words(inPayload)}>
            {(aria) => (
              <textarea
                {...aria}
                className={css.payload}
                placeholder={t('tester.publish.payload')}
                value={template.text}
                rows={2}
                spellCheck={false}
                onChange={(event) => change({ text: event.currentTarget.value })}
              />
            )}
          </Field>
        </div>
        <div className={css.send}>
          <span className={css.retain} title={t('tester.publish.retainHint')}>
            <Tick label={t('tester.publish.retain')} checked={template.retain} onChange={(retain) => change({ retain })} />
          </span>
          <Button type="submit" disabled={!connected} leftSection={<IconSend size={18} stroke={1.8} aria-hidden />}>
            {send.pending ? t('tester.publish.busy') : t('tester.publish.submit')}
          </Button>
        </div>
      </form>
      <div className={own.more}>
        <Button
          variant="subtle"
          size="sm"
          aria-haspopup="dialog"
          aria-label={t('publishing.openNamed', { who })}
          leftSection={<IconAdjustments size={18} stroke={1.8} aria-hidden />}
          onClick={() => setComposing(true)}
        >
          {t('publishing.open')}
        </Button>
        {marks.length > 0 && <span className={own.quiet}>{marks.join(' · ')}</span>}
      </div>
      {elsewhere && !composing && (
        <p className={own.warn}>
          {t(`publishing.part.${elsewhere.part}`)}: {words(elsewhere)}
        </p>
      )}
      <div role="status">{sent && connected && <Result sent={sent} />}</div>
      {send.error && !composing && <ErrorPanel error={send.error} />}
      <Suspense>
        {composing && (
          <Composer
            who={who}
            projectId={pane.projectId}
            template={template}
            filled={filled}
            device={speaker?.kind === 'device' ? null : device}
            onDevice={(named) => write(() => ({ device: named }))}
            connected={connected}
            protocolVersion={state?.protocolVersion ?? null}
            topicError={topicError}
            sending={send.pending}
            starting={start.pending}
            error={send.error ?? start.error}
            onChange={change}
            onSend={() => void send.run().then((done) => done && setComposing(false))}
            onStart={(interval, count) => void start.run(interval, count)}
            onClose={() => setComposing(false)}
          />
        )}
      </Suspense>
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
