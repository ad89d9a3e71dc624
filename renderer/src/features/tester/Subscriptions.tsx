import { Button } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconPlus, IconX } from '@tabler/icons-react';
import { type FormEvent, lazy, Suspense, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { AccessRule } from '../../../../shared/model/access.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { problemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { isRefusal } from '../../ui/reason.ts';
import { useReasonWords } from '../../ui/useReasonWords.ts';
import { subscribe, unsubscribe } from './connect.ts';
import { MarkSign } from './MarkSign.tsx';
import { colourOf } from './marks.ts';
import css from './Pane.module.css';
import type { Pane, Qos, Subscription } from './panes.ts';
import { filterProblem } from './subscriptions/filter-lines.ts';
import { firstFilter } from './topics.ts';

const SubscribeDialog = lazy(async () => ({ default: (await import('./subscriptions/SubscribeDialog.tsx')).SubscribeDialog }));

const qosOptions = (['0', '1', '2'] as const).map((value) => ({ value, label: value }));

interface Props {
  readonly pane: Pane;
  readonly who: string;
  readonly project: string;
  readonly access: readonly AccessRule[];
}

export function Subscriptions({ pane, who, project, access }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [filter, setFilter] = useState(() => firstFilter(pane.identity, project, access));
  const [qos, setQos] = useState<'0' | '1' | '2'>('1');
  const [tried, setTried] = useState(false);
  const [adding, setAdding] = useState(false);
  /** A dialog with all options: for some new filters, or for one that is there. */
  const [asking, setAsking] = useState<{ text: string; change: Subscription | null } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const folded = pane.subscriptions.length > 0 && !adding;
  const connected = pane.state?.phase === 'connected';
  const problem = filterProblem(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!connected || problem) return;
    setAdding(false);
    void subscribe(pane.key, filter, Number(qos) as Qos);
  };
  return (
    <section className={css.subscriptions} aria-label={`${t('tester.subscribe.title')} · ${who}`}>
      <form
        ref={form}
        className={css.row}
        data-folded={folded || undefined}
        onSubmit={submit}
        noValidate
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text');
          // a field of one line would run them together
          if (!/[\r\n]\s*\S/.test(pasted)) return;
          event.preventDefault();
          setAsking({ text: pasted, change: null });
        }}
      >
        <TextField
          label={t('tester.subscribe.filter')}
          value={filter}
          onChange={setFilter}
          maxLength={65_535}
          error={(tried || filter !== '') && problem && problemText(problem, t, format)}
          mono
        />
        <SelectField label={t('tester.subscribe.qos')} value={qos} options={qosOptions} onChange={setQos} />
        <Button
          type="submit"
          variant="default"
          className={css.stop ?? ''}
          disabled={!connected}
          aria-label={t('tester.subscribe.submit')}
          title={t('tester.subscribe.submit')}
          leftSection={<IconPlus className={css.narrow} size={20} stroke={1.7} aria-hidden />}
        >
          {t('tester.subscribe.submit')}
        </Button>
        <Button
          variant="default"
          px={12}
          className={css.options}
          aria-label={t('tester.subscription.open')}
          title={t('tester.subscription.open')}
          disabled={!connected}
          onClick={() => setAsking({ text: filter, change: null })}
        >
          <IconAdjustmentsHorizontal size={20} stroke={1.7} aria-hidden />
        </Button>
      </form>
      {pane.subscriptions.length === 0 ? (
        <p className={css.hint}>{t('tester.subscribe.none')}</p>
      ) : (
        <ul className={css.chips} aria-label={t('tester.subscribe.list')} title={t('tester.subscribe.caution')}>
          {pane.subscriptions.map((each) => (
            <Chip
              key={each.filter}
              subscription={each}
              onChange={() => setAsking({ text: '', change: each })}
              onRemove={() => void unsubscribe(pane, each.filter)}
            />
          ))}
          {folded && (
            <li className={css.more}>
              <Button
                variant="default"
                size="sm"
                leftSection={<IconPlus size={18} stroke={2} aria-hidden />}
                onClick={() => {
                  // the field is there as soon as it is not folded any more
                  flushSync(() => setAdding(true));
                  form.current?.querySelector('input')?.focus();
                }}
              >
                <span>{t('tester.subscribe.another')}</span>
              </Button>
            </li>
          )}
        </ul>
      )}
      <Suspense>{asking && <SubscribeDialog pane={pane} qos={qos} {...asking} onClose={() => setAsking(null)} />}</Suspense>
    </section>
  );
}

interface ChipProps {
  readonly subscription: Subscription;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

function Chip({ subscription, onChange, onRemove }: ChipProps) {
  const { t } = useTranslation();
  const words = useReasonWords();
  const { filter, reasonCode } = subscription;
  const refused = reasonCode !== null && isRefusal(reasonCode);
  return (
    <li data-refused={refused || undefined}>
      <button type="button" className={css.chip} title={t('tester.subscription.change')} onClick={onChange}>
        <MarkSign colour={colourOf(subscription)} sign={String(subscription.mark ?? 1)} />
        <span className="mono">{filter}</span>
      </button>
      <span>
        {reasonCode === null
          ? t('tester.subscribe.pending')
          : refused
            ? words(reasonCode)
            : t('tester.subscribe.granted', { qos: reasonCode })}
        {subscription.options?.noLocal && ` · ${t('tester.subscription.noLocalShort')}`}
      </span>
      <button type="button" aria-label={t('tester.subscribe.remove', { filter })} onClick={onRemove}>
        <IconX size={18} aria-hidden />
      </button>
    </li>
  );
}
