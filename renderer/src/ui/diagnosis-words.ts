import type { TFunction } from 'i18next';
import type { ConnectionCause } from '../../../shared/model/connection.ts';
import type { DoctorIdentityKind, DoctorReport } from '../../../shared/model/doctor.ts';
import {
  type DoctorCode,
  type DoctorFinding,
  type DoctorParams,
  type DoctorRemark,
  doctorRemarks,
} from '../../../shared/model/doctor-findings.ts';
import type { Format } from '../locales/format.ts';
import { failureWords } from './failure-words.ts';

/** Whom a sentence is about, and where. */
export interface About {
  readonly kind: DoctorIdentityKind;
  /** CN, device or user name. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** Whom and what place it was about. A connection has the name that it was given, whatever its certificate says. */
export function aboutReport({ identity, place }: Pick<DoctorReport, 'identity' | 'place'>): About {
  const { kind, id, connection } = identity;
  return { kind, id: connection?.name ?? id, host: place.host, port: place.port };
}

export interface Words {
  readonly t: TFunction;
  readonly format: Format;
}

export interface FindingText {
  readonly title: string;
  readonly text: string;
  /** What helps, as a sentence; empty where the buttons say it. */
  readonly remedy: string;
}

/** For keys that are put together: the key types of i18next cannot follow unions of this size. */
export function looseWords(t: TFunction): (key: string, values?: Readonly<Record<string, string | number>>) => string {
  return t as unknown as (key: string, values?: Readonly<Record<string, string | number>>) => string;
}

const dates = new Set(['notAfter', 'notBefore', 'nextUpdate', 'revokedAt']);
const times = new Set(['now', 'known', 'at']);

function paramText(name: string, value: string | number, { t, format }: Words): string {
  if (typeof value === 'number') {
    if (dates.has(name)) return format.date(value);
    if (times.has(name)) return format.dateTime(value);
    if (name === 'bytes') return format.bytes(value);
    return name === 'port' || name === 'reasonCode' ? String(value) : format.number(value);
  }
  const tables = looseWords(t);
  if (name === 'names') return format.list(namesOf(value));
  if (name === 'test') return tables(`access.prove.refusal.${value}`);
  if (name === 'file') return tables(`doctor.fileKind.${value}`);
  return value;
}

/** `DNS:a, IP Address:b` → a, b */
export function namesOf(text: string): string[] {
  return text
    .split(/, */)
    .map((name) => name.replace(/^(DNS|IP Address|IP):/, ''))
    .filter((name) => name !== '');
}

/** Owner, subject and object of a sentence, in the forms that the words of connections want. */
export function cases({ kind, id }: About, t: TFunction) {
  if (kind === 'observer')
    return { who: t('tester.observerCases.who'), whom: t('tester.observerCases.whom'), of: t('tester.observerCases.of') };
  if (kind === 'none') return { who: t('doctor.who.none.who'), whom: t('doctor.who.none.whom'), of: t('doctor.who.none.of') };
  const named = { device: id };
  return {
    who: t('tester.deviceCases.who', named),
    whom: t('tester.deviceCases.whom', named),
    of: t('tester.deviceCases.of', named),
  };
}

export function isRemark(code: DoctorCode): code is DoctorRemark {
  return (doctorRemarks as readonly string[]).includes(code);
}

/** Nobody in particular, and the broker says no: nothing is the matter. */
export function isRightly(code: DoctorCode, { kind }: About): boolean {
  return kind === 'none' && code === 'client-certificate-required';
}

/** A finding in words. */
export function findingText(
  { code, params }: { readonly code: DoctorCode; readonly params: DoctorParams },
  about: About,
  words: Words,
): FindingText {
  const { t } = words;
  const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, paramText(name, value, words)]));
  const all = { host: about.host, port: String(about.port), ...values };
  if (isRemark(code)) {
    const say = looseWords(t);
    return { title: say(`doctor.remark.${code}.title`, all), text: say(`doctor.remark.${code}.text`, all), remedy: '' };
  }
  if (isRightly(code, about)) return { title: t('doctor.rightly.title'), text: t('doctor.rightly.text'), remedy: '' };
  const failure = { cause: code as ConnectionCause, params, raw: '', alert: null, reasonCode: null };
  const key = failureWords(failure, about.kind !== 'observer');
  const said = { ...all, ...cases(about, t) };
  return { title: t(`${key}.title`, said), text: t(`${key}.explanation`, said), remedy: t(`${key}.remedy`, said) };
}

/** Other causes that look the same from here, by their titles; empty = it is certain. */
export function alternativesText({ alternatives, params }: DoctorFinding, about: About, words: Words): string {
  if (alternatives.length === 0) return '';
  const titles = alternatives.map((code) => findingText({ code, params }, about, words).title);
  return words.t('doctor.alternatives', { list: words.format.list(titles) });
}

export function whoText(part: 'who' | 'start' | 'of' | 'as', { kind, id }: About, t: TFunction): string {
  return t(`doctor.who.${kind}.${part}`, { id });
}

/** What the technical fold holds: code, raw text, alert and reason, parameters. */
export function detailsText({ code, raw, alert, reasonCode, params }: DoctorFinding, t: TFunction): string {
  return [
    code,
    raw,
    alert === null ? '' : `${t('tester.failure.alert')}: ${alert}`,
    reasonCode === null ? '' : `${t('tester.failure.reason')}: ${reasonCode}`,
    ...Object.entries(params).map(([name, value]) => `${name}: ${value}`),
  ]
    .filter((line) => line !== '')
    .join('\n');
}
