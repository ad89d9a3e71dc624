import { Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { AccessRule } from '../../../../shared/model/access.ts';
import { checkTopicTemplate } from '../../../../shared/rules/topic.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { problemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { subscribe, unsubscribe } from './connect.ts';
import css from './Pane.module.css';
import type { Pane, Qos, Subscription } from './panes.ts';
import { isRefusal } from './reason.ts';
import { firstFilter } from './topics.ts';
import { useReasonWords } from './useReasonWords.ts';

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
  const form = useRef<HTMLFormElement>(null);
  const folded = pane.subscriptions.length > 0 && !adding;
  const connected = pane.state?.phase === 'connected';
  // a template's braces are ordinary characters here
  const problem = checkTopicTemplate(filter).find(({ rule }) => rule !== 'topic-placeholder' && rule !== 'topic-percent');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!connected || problem) return;
    setAdding(false);
    void subscribe(pane.key, filter, Number(qos) as Qos);
  };
  return (
    <section className={css.subscriptions} aria-label={`${t('tester.subscribe.title')} · ${who}`}>
      <form ref={form} className={css.row} data-folded={folded || undefined} onSubmit={submit} noValidate>
        <TextField
          label={t('tester.subscribe.filter')}
          value={filter}
          onChange={setFilter}
          maxLength={65_535}
          error={(tried || filter !== '') && problem && problemText(problem, t, format)}
          mono
        />
        <SelectField label={t('tester.subscribe.qos')} value={qos} options={qosOptions} onChange={setQos} />
        <Button type="submit" variant="default" disabled={!connected}>
          {t('tester.subscribe.submit')}
        </Button>
      </form>
      {pane.subscriptions.length === 0 ? (
        <p className={css.hint}>{t('tester.subscribe.none')}</p>
      ) : (
        <ul className={css.chips} aria-label={t('tester.subscribe.list')} title={t('tester.subscribe.caution')}>
          {pane.subscriptions.map((each) => (
            <Chip key={each.filter} subscription={each} onRemove={() => void unsubscribe(pane, each.filter)} />
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
                {t('tester.subscribe.another')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Chip({ subscription, onRemove }: { readonly subscription: Subscription; readonly onRemove: () => void }) {
  const { t } = useTranslation();
  const words = useReasonWords();
  const { filter, reasonCode } = subscription;
  const refused = reasonCode !== null && isRefusal(reasonCode);
  return (
    <li data-refused={refused || undefined}>
      <span className="mono">{filter}</span>
      <span>
        {reasonCode === null
          ? t('tester.subscribe.pending')
          : refused
            ? words(reasonCode)
            : t('tester.subscribe.granted', { qos: reasonCode })}
      </span>
      <button type="button" aria-label={t('tester.subscribe.remove', { filter })} onClick={onRemove}>
        <IconX size={18} aria-hidden />
      </button>
    </li>
  );
}
