import { IconDatabase } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { byteChoices, changeBudget, messageChoices, useKeepBudget } from './budget.ts';
import type { LogStore } from './log-store.ts';
import { allPanes } from './panes.ts';
import css from './Stream.module.css';

/** Always in sight: what arrived, what the list shows, what made room, what was lost, and how much is kept, which is the person's choice. */
export function Counters({ messages }: { readonly messages: LogStore }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { evicted } = messages.log;
  return (
    <div className={css.below}>
      <dl className={css.counters}>
        <div>
          <dt>{t('tester.stream.received')}</dt>
          <dd>{format.number(messages.received)}</dd>
        </div>
        <div>
          <dt>{t('tester.stream.shown')}</dt>
          <dd>{format.number(messages.log.length)}</dd>
        </div>
        {evicted > 0 && (
          <div title={t('tester.stream.evictedHint')}>
            <dt>{t('tester.stream.evicted')}</dt>
            <dd>
              {format.number(evicted)}
              <span className="visually-hidden">{t('tester.stream.evictedHint')}</span>
            </dd>
          </div>
        )}
        <div data-some={messages.dropped > 0 || undefined} title={t('tester.stream.droppedHint')}>
          <dt>{t('tester.stream.dropped')}</dt>
          <dd>
            {format.number(messages.dropped)}
            {messages.dropped > 0 && <span className="visually-hidden">{t('tester.stream.droppedHint')}</span>}
          </dd>
        </div>
      </dl>
      <Keep />
    </div>
  );
}

/** Apart from the counters, which change with every frame. */
const Keep = memo(function Keep() {
  const { t } = useTranslation();
  const format = useFormat();
  const budget = useKeepBudget();
  // side by side there is no room for it all the time
  const [open, setOpen] = useState(false);
  const change = (next: Parameters<typeof changeBudget>[0]) => {
    const changed = changeBudget(next);
    for (const pane of allPanes()) pane.messages.change((log) => log.setBudget(changed));
  };
  return (
    <>
      <button
        type="button"
        className={css.keepOpen}
        aria-expanded={open}
        aria-label={t('tester.keep.open')}
        title={t('tester.keep.open')}
        onClick={() => setOpen(!open)}
      >
        <IconDatabase size={18} stroke={1.8} aria-hidden />
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form */}
      <div
        className={css.keep}
        data-open={open || undefined}
        role="group"
        aria-label={t('tester.keep.label')}
        title={t('tester.keep.hint')}
      >
        <span aria-hidden>{t('tester.keep.label')}</span>
        <select
          aria-label={t('tester.keep.messages')}
          value={budget.messages}
          onChange={(event) => change({ messages: Number(event.currentTarget.value) })}
        >
          {messageChoices.map((each) => (
            <option key={each} value={each}>
              {format.number(each)}
            </option>
          ))}
        </select>
        <select
          aria-label={t('tester.keep.bytes')}
          value={budget.bytes}
          onChange={(event) => change({ bytes: Number(event.currentTarget.value) })}
        >
          {byteChoices.map((each) => (
            <option key={each} value={each}>
              {format.bytes(each)}
            </option>
          ))}
        </select>
      </div>
    </>
  );
});
