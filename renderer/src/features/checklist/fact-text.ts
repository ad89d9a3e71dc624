import type { TFunction } from 'i18next';
import { type CheckEvidence, type CheckPoint, checkPoints } from '../../../../shared/model/checklist.ts';
import { refusalTests } from '../../../../shared/model/proof.ts';
import type { Format } from '../../locales/format.ts';

/** A piece of evidence as a sentence, without its time. */
export function factText({ fact, params }: CheckEvidence, t: TFunction, format: Format): string {
  const tests = String(params['tests'] ?? '').split(',');
  const named = refusalTests.filter((test) => tests.includes(test)).map((test) => t(`access.prove.refusal.${test}`));
  // which values a sentence has is known by what found the fact, not by the compiler
  const say = t as unknown as (key: string, values: object) => string;
  return say(`checklist.fact.${fact}`, {
    ...params,
    ...(named.length > 0 ? { tests: format.list(named) } : {}),
    ...(params['bytes'] !== undefined ? { size: format.bytes(Number(params['bytes'])) } : {}),
  });
}

/** Which of the two lists a point comes from. */
export function sourceText(point: CheckPoint, t: TFunction): string {
  const { meters, mqtt } = checkPoints[point];
  const lists = [
    ...(meters === null ? [] : [t('checklist.source.meters', { n: meters })]),
    ...(mqtt === null ? [] : [t('checklist.source.mqtt', { n: mqtt })]),
  ];
  return lists.length === 0 ? t('checklist.source.own') : lists.join(' · ');
}
