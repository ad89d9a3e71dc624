import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../../shared/model/connection.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import type { LogStore } from '../log-store.ts';
import css from './Find.module.css';
import { bytesSearched, queryProblem } from './match.ts';

interface Props {
  readonly store: LogStore;
  readonly onFound: (message: TestMessage) => void;
  readonly onClose: () => void;
}

/** Finds in topics and payloads of what the list shows, and steps from match to match. Enter goes on to older ones, as the newest stands at the end. */
export function FindBar({ store, onFound, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { finder } = store;
  const [text, setText] = useState(finder.query?.text ?? '');
  const [matchCase, setMatchCase] = useState(false);
  const [regex, setRegex] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const problem = queryProblem({ text, matchCase, regex });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed begins a search, and leaving ends it
  useEffect(() => {
    finder.begin(problem === null ? { text, matchCase, regex } : null);
    store.change(() => undefined);
  }, [text, matchCase, regex]);
  useEffect(() => {
    field.current?.focus();
    return () => {
      finder.end();
      store.change(() => undefined);
    };
  }, [finder, store]);
  const step = (direction: 1 | -1) => {
    const message = finder.step(direction);
    if (message) onFound(message);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') step(event.shiftKey ? 1 : -1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const said =
    text === ''
      ? ''
      : problem !== null
        ? t('tester.find.wrong')
        : finder.gaveUp
          ? t('tester.find.slow')
          : finder.place > 0
            ? t('tester.find.place', {
                place: format.number(finder.place),
                count: finder.count,
                all: format.number(finder.count),
              })
            : t(finder.complete ? 'tester.find.found' : 'tester.find.soFar', {
                count: finder.count,
                all: format.number(finder.count),
              });
  return (
    <search className={css.bar}>
      <div className={css.field} data-invalid={problem !== null || finder.gaveUp || undefined}>
        <input
          ref={field}
          type="text"
          aria-label={t('tester.find.label')}
          placeholder={t('tester.find.label')}
          title={t('tester.find.hint', { size: format.bytes(bytesSearched) })}
          value={text}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null || undefined}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <span className={css.said} role="status" title={problem ?? undefined}>
          {said}
        </span>
      </div>
      <div className={css.keys}>
        <button
          type="button"
          aria-pressed={matchCase}
          title={t('tester.find.matchCase')}
          aria-label={t('tester.find.matchCase')}
          onClick={() => setMatchCase(!matchCase)}
        >
          Aa
        </button>
        <button
          type="button"
          aria-pressed={regex}
          title={t('tester.find.regex')}
          aria-label={t('tester.find.regex')}
          onClick={() => setRegex(!regex)}
        >
          .*
        </button>
        <button type="button" aria-label={t('tester.find.previous')} title={t('tester.find.previous')} onClick={() => step(-1)}>
          <IconChevronUp size={20} aria-hidden />
        </button>
        <button type="button" aria-label={t('tester.find.next')} title={t('tester.find.next')} onClick={() => step(1)}>
          <IconChevronDown size={20} aria-hidden />
        </button>
        <button type="button" aria-label={t('tester.find.close')} title={t('tester.find.close')} onClick={onClose}>
          <IconX size={18} aria-hidden />
        </button>
      </div>
    </search>
  );
}
