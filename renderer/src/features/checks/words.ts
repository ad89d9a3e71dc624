import { useTranslation } from 'react-i18next';
import type { Check, CheckMatch } from '../../../../shared/model/check.ts';
import { useFormat } from '../../locales/FormatContext.tsx';

/** A name or a topic within a sentence: bidi isolates (Unicode TR9 §2.4) also tell `Sentence` what to set in mono. */
export const isolated = (text: string) => `\u2068${text}\u2069`;

const shortest = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}…` : text);

/** What a check says, in two sentences: what is published, and what is expected of it. */
export interface CheckSentence {
  readonly published: string;
  readonly expected: string;
}

/** ms as people say it: up to a second as they are, longer ones in seconds. */
export function useDuration(): (ms: number) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (ms) =>
    ms < 1_000
      ? t('checks.milliseconds', { value: format.number(ms) })
      : t('checks.seconds', { value: format.number(ms / 1_000) });
}

export function useCheckSentence(): (check: Check) => CheckSentence {
  const { t } = useTranslation();
  const duration = useDuration();
  const what = (match: CheckMatch) => {
    switch (match.kind) {
      case 'contains':
        return t('checks.sentence.what.contains', { text: shortest(match.text, 30) });
      case 'path':
        return t('checks.sentence.what.path', {
          text: isolated(
            [shortest(match.path, 40), t(`checks.compare.${match.compare}`), shortest(match.value, 20)].filter(Boolean).join(' '),
          ),
        });
      default:
        return t(`checks.sentence.what.${match.kind}`);
    }
  };
  return ({ publish, expect }) => {
    const words = {
      what: what(expect.match),
      topic: isolated(expect.topic),
      within: duration(expect.within),
    };
    const same = expect.topic === publish.topic;
    const kind = expect.arrives ? (same ? 'here' : 'there') : same ? 'nothingHere' : 'nothing';
    return {
      published: t(`checks.sentence.publish.${publish.by}`, { topic: isolated(publish.topic) }),
      expected: [
        ...(typeof publish.answer === 'number' ? [t('checks.sentence.code', { code: publish.answer })] : []),
        t(`checks.sentence.${kind}.${expect.at}`, words),
      ].join(', '),
    };
  };
}
