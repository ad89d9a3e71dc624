import { Button } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../../bridge/client.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';
import { visible } from '../../../ui/payload/bytes.ts';
import { isRefusal } from '../../../ui/reason.ts';
import { useReasonWords } from '../../../ui/useReasonWords.ts';
import css from './Topics.module.css';
import type { TopicNode } from './topic-tree.ts';
import { retainedOf } from './tree-rows.ts';

/** Topics of a branch that are cleared at a time, and that are named in the question. */
const mostCleared = 10_000;
const mostNamed = 8;

interface Done {
  readonly cleared: number;
  readonly refused: number;
  /** The last reason of a refusal; null when the connection ended. */
  readonly reason: number | null;
  readonly over: boolean;
}

interface Props {
  readonly branch: TopicNode;
  readonly connectionId: string;
  readonly onClose: () => void;
}

/** Asks, and then publishes an empty retained message to each topic (MQTT 5 §3.3.1.3): the broker forgets what it keeps. */
export function ClearRetained({ branch, connectionId, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useReasonWords();
  // those that were seen when it was asked: the question names them
  const [topics] = useState(() => retainedOf(branch, mostCleared));
  const [done, setDone] = useState<Done | null>(null);
  const stopped = useRef(false);
  const only = topics.length === 1 ? topics[0] : undefined;
  const clear = async () => {
    let state: Done = { cleared: 0, refused: 0, reason: null, over: false };
    setDone(state);
    for (const topic of topics) {
      if (stopped.current) break;
      try {
        const { reasonCode } = await call('tester.publish', {
          connectionId,
          topic,
          payload: new Uint8Array(),
          qos: 1,
          retain: true,
        });
        state = isRefusal(reasonCode)
          ? { ...state, refused: state.refused + 1, reason: reasonCode }
          : { ...state, cleared: state.cleared + 1 };
      } catch {
        state = { ...state, refused: topics.length - state.cleared, reason: null };
        break;
      }
      setDone(state);
    }
    setDone({ ...state, over: true });
  };
  const close = () => {
    stopped.current = true;
    onClose();
  };
  return (
    <Dialog
      title={
        only === undefined
          ? t('tester.topics.clearMany', { count: topics.length, topics: format.number(topics.length) })
          : t('tester.topics.clearOne')
      }
      onClose={close}
    >
      <ul className={css.named}>
        {topics.slice(0, mostNamed).map((topic) => (
          <li key={topic}>{visible(topic)}</li>
        ))}
        {topics.length > mostNamed && <li data-more>{t('tester.topics.clearMore', { count: topics.length - mostNamed })}</li>}
      </ul>
      <p>{t('tester.topics.clearText')}</p>
      <div role="status">
        {done && (
          <p className={css.result} data-refused={done.refused > 0 || undefined}>
            {done.over && (done.refused > 0 ? <IconX size={20} aria-hidden /> : <IconCheck size={20} aria-hidden />)}
            <span>
              {t('tester.topics.cleared', {
                count: done.cleared,
                done: format.number(done.cleared),
                all: format.number(topics.length),
              })}
              {done.refused > 0 &&
                ` ${t('tester.topics.notCleared', { count: done.refused, refused: format.number(done.refused) })} ${
                  done.reason === null ? t('tester.topics.connectionEnded') : words(done.reason)
                }`}
            </span>
          </p>
        )}
      </div>
      <DialogActions>
        <Button variant="default" size="lg" onClick={close}>
          {done?.over ? t('common.close') : t('tester.topics.keep')}
        </Button>
        {!done?.over && (
          <Button size="lg" disabled={done !== null} onClick={() => void clear()}>
            {t('tester.topics.clearNow')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
