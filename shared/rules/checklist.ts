import { softwareOf } from '../model/broker.ts';
import {
  type CheckEvidence,
  type CheckFact,
  type ChecklistFacts,
  type CheckPoint,
  type CheckRow,
  type CheckState,
  type ConfirmablePoint,
  checkPointNames,
  checkStates,
} from '../model/checklist.ts';
import type { RefusalTest } from '../model/proof.ts';
import { crlDeadline } from './crl-deadline.ts';
import { usesCertificates, usesPasswords } from './password.ts';
import { differs } from './proof-judgement.ts';

const day = 86_400_000;

/** When evidence has become old, in days. */
export const evidenceDays = { proof: 180, backup: 30, drill: 366, confirmation: 366, version: 180 } as const;
/** S3.5: clients 2 to 3 years at most; longer ones outlive whoever looks after them. */
const validityDays = 1096;
/** S2.4 warns 30 days before; less than two weeks is no time to travel to a meter. */
const warnDays = 14;
/** S2.9: weekly, 52 of them. */
const logWeeks = 52;
/** The first version with the fixes for CVE-2024-3935 and CVE-2024-10525. Distributions may carry them in an older one. */
const mosquittoFixed = [2, 0, 19] as const;

/** Judges every point. The state of a point is the worst of its evidence; a point without evidence is unknown. */
export function judgeChecklist(facts: ChecklistFacts): CheckRow[] {
  return checkPointNames.map((point) => {
    const evidence = judges[point](facts);
    const state = checkStates.find((each) => evidence.some((one) => one.state === each)) ?? 'unknown';
    return { point, state, evidence, confirmation: facts.confirmations[point as ConfirmablePoint] ?? null };
  });
}

type Params = Readonly<Record<string, string | number>>;

function found(state: CheckState, fact: CheckFact, params: Params = {}, at: number | null = null): CheckEvidence {
  return { fact, state, at, params };
}

const judges: Readonly<Record<CheckPoint, (facts: ChecklistFacts) => CheckEvidence[]>> = {
  unique: ({ devices }) => {
    if (devices.certified === 0 && devices.sharing === 0) return [found('unknown', 'devicesNone')];
    return devices.sharing > 0
      ? [found('red', 'devicesShared', { count: devices.sharing })]
      : [found('green', 'devicesOwn', { count: devices.certified })];
  },
  identity: ({ broker }) => {
    if (!broker) return [found('unknown', 'brokerNone')];
    const { identity } = broker.kit;
    if (identity === 'password') return [found('amber', 'identityPassword')];
    return [found('green', identity === 'certificate' ? 'identityCertificate' : 'identityCertificatePassword')];
  },
  rotation: ({ devices }) => [
    devices.days > validityDays
      ? found('amber', 'validityLong', { days: devices.days })
      : found('green', 'validityFine', { days: devices.days }),
    ...(devices.certified === 0 ? [found('unknown', 'devicesNone')] : []),
    ...(devices.ended > 0 ? [found('red', 'devicesEnded', { count: devices.ended })] : []),
    ...(devices.due > 0 ? [found('amber', 'devicesDue', { count: devices.due })] : []),
    ...(devices.certified > 0 && devices.ended + devices.due === 0
      ? [found('green', 'devicesNotDue', { count: devices.certified })]
      : []),
  ],
  hostname: ({ broker }) => {
    if (!broker || broker.uncovered === null) return [found(broker ? 'red' : 'unknown', 'brokerNone')];
    const { hosts, uncovered } = broker;
    return uncovered.length > 0
      ? [found('red', 'namesMissing', { names: uncovered.join(', ') })]
      : [found('green', 'namesCovered', { names: hosts.join(', ') })];
  },
  tls: (facts) => [
    ...(facts.broker ? [found('green', 'tlsMinimum', { version: facts.broker.kit.tlsMinimum.replace('tlsv', '') })] : []),
    ...refusals(facts, ['plain', 'plain-1883']),
  ],
  strangers: (facts) => {
    const kit = facts.broker?.kit;
    return refusals(facts, [
      ...(kit && !usesCertificates(kit) ? [] : (['no-certificate', 'foreign-authority', 'expired'] as const)),
      ...(kit && usesPasswords(kit) ? (['no-password', 'wrong-password'] as const) : []),
    ]);
  },
  access: (facts) => [
    facts.risks > 0 ? found('amber', 'rulesRisky', { count: facts.risks }) : found('green', 'rulesFine'),
    ...proofAge(facts, facts.proof),
    ...provedAccess(facts),
  ],
  limits: ({ broker, devices }) => {
    if (!broker) return [found('unknown', 'brokerNone')];
    const { kit, maxConnections } = broker;
    // RabbitMQ's limit is one of the virtual host, which these forms share with others
    const byHand = softwareOf(broker.target) === 'rabbitmq' && (kit.form === 'drop-in' || kit.form === 'fragments');
    return [
      // the observer and a dashboard want in as well, and a device that was cut off comes again before it is missed
      byHand
        ? found('amber', 'connectionsByHand')
        : maxConnections > devices.total
          ? found('green', 'connectionsFine', { limit: maxConnections, devices: devices.total })
          : found('red', 'connectionsFew', { limit: maxConnections, devices: devices.total }),
      found('green', 'packetLimit', { bytes: kit.maxPacketSize }),
      kit.connectionRate === null ? found('amber', 'rateUnlimited') : found('green', 'rateLimited', { rate: kit.connectionRate }),
    ];
  },
  updates: (facts) => {
    const confirmation = confirmationOf(facts, 'updates');
    const seen = versionSeen(facts);
    // a confirmation says that the version is looked after, also where none was seen or an old one carries the fixes
    if (confirmation?.state === 'green') return [...seen.map((each) => ({ ...each, state: 'green' as const })), confirmation];
    return confirmation ? [...seen, confirmation] : seen;
  },
  network: (facts) => [
    !facts.broker
      ? found('unknown', 'brokerNone')
      : facts.broker.kit.networks.length === 0
        ? found('amber', 'networksNone')
        : found('green', 'networksSome', { networks: facts.broker.kit.networks.join(', ') }),
    confirmationOf(facts, 'network') ?? found('unknown', 'unconfirmed'),
  ],
  logging: (facts) => {
    const own = confirmationOf(facts, 'logging') ?? found('unknown', 'unconfirmed');
    if (!facts.broker) return [found('unknown', 'brokerNone'), own];
    const { connectionMessages, logWeeks: weeks } = facts.broker.kit;
    return [
      weeks < logWeeks ? found('amber', 'logShort', { weeks }) : found('green', 'logKept', { weeks }),
      ...(connectionMessages || softwareOf(facts.broker.target) !== 'mosquitto' ? [] : [found('amber', 'logSilent')]),
      own,
    ];
  },
  expiry: ({ ends, warnDays: warned, now }) => {
    const over = ends.filter(({ notAfter }) => notAfter <= now);
    const soon = ends.filter(({ notAfter }) => notAfter > now && notAfter <= now + warned * day);
    const [first] = ends;
    return [
      warned < warnDays ? found('amber', 'warnsLate', { days: warned }) : found('green', 'warnsFine', { days: warned }),
      ...over.map(({ name, notAfter }) => found('red', 'ended', { name }, notAfter)),
      ...soon.map(({ name, notAfter }) => found('amber', 'endsSoon', { name }, notAfter)),
      ...(over.length + soon.length === 0 && first ? [found('green', 'endsLater', { name: first.name }, first.notAfter)] : []),
    ];
  },
  revocation: (facts) => [
    // somebody is revoked here and let in there: its key has to be brought
    ...facts.lists.flatMap(({ authority, pending = 0 }) =>
      pending > 0 ? [found('red', 'listWaiting', { authority, count: pending })] : [],
    ),
    ...facts.lists.map(({ authority, nextUpdate }) => {
      if (nextUpdate === null) return found('red', 'listNone', { authority });
      const deadline = crlDeadline(nextUpdate, facts.now);
      if (deadline === 'ended') return found('red', 'listEnded', { authority }, nextUpdate);
      if (deadline === 'urgent') return found('red', 'listUrgent', { authority }, nextUpdate);
      return found(
        deadline === 'soon' ? 'amber' : 'green',
        deadline === 'soon' ? 'listSoon' : 'listFine',
        { authority },
        nextUpdate,
      );
    }),
    ...refusals(facts, [facts.broker && !usesCertificates(facts.broker.kit) ? 'revoked-password' : 'revoked']),
  ],
  keyOffline: (facts) => {
    const confirmation = confirmationOf(facts, 'keyOffline');
    return [
      ...facts.roots.map(({ name, key, since }) => {
        if (key === 'outside') return found('green', 'keyOutside', { name });
        if (key === 'offline') return found('green', 'keyOffline', { name }, since);
        // where the vault itself is kept away from networks, its keys are as well: only a person can say so
        return found(confirmation?.state === 'green' ? 'green' : 'amber', 'keyHere', { name });
      }),
      ...(confirmation ? [confirmation] : []),
    ];
  },
  hsm: (facts) => [confirmationOf(facts, 'hsm') ?? found('unknown', 'unconfirmed')],
  backup: ({ backup: { at, checked }, now }) => {
    if (at === null) return [found('red', 'backupNever')];
    return [
      now - at > evidenceDays.backup * day ? found('amber', 'backupOld', {}, at) : found('green', 'backupFresh', {}, at),
      checkedBackup(checked, now),
    ];
  },
  recovery: ({ recovery, now }) => {
    if (!recovery) return [found('amber', 'cardsNone')];
    const { threshold, count, madeAt, lastDrill } = recovery;
    if (lastDrill === null) return [found('amber', 'cardsUntried', { threshold, count }, madeAt)];
    const old = now - lastDrill > evidenceDays.drill * day;
    return [found(old ? 'amber' : 'green', old ? 'cardsOld' : 'cardsProved', { threshold, count }, lastDrill)];
  },
  record: ({ record }) => {
    if (!record) return [found('unknown', 'recordUnchecked')];
    const { sound, entries, at } = record;
    return [found(sound ? 'green' : 'red', sound ? 'recordSound' : 'recordBroken', { entries }, at)];
  },
};

/** That a backup was proved says nothing of those after it: for a while it would do in their place, and then no more. */
function checkedBackup(checked: ChecklistFacts['backup']['checked'], now: number): CheckEvidence {
  if (checked === null) return found('unknown', 'backupUnchecked');
  const { at, made, newest } = checked;
  const counts = newest || now - made <= evidenceDays.backup * day;
  return counts
    ? found('green', 'backupChecked', {}, at)
    : found('amber', 'backupCheckedOlder', { days: evidenceDays.backup }, at);
}

/** That a person confirmed a point; after a year somebody has to look again. Null = nobody did. */
function confirmationOf({ confirmations, now }: ChecklistFacts, point: ConfirmablePoint): CheckEvidence | null {
  const own = confirmations[point];
  if (!own) return null;
  const old = now - own.at > evidenceDays.confirmation * day;
  const params = { operator: own.operator, note: own.note };
  return found(old ? 'amber' : 'green', old ? 'confirmedOld' : 'confirmed', params, own.at);
}

/** Nothing while the proof is fresh and newer than what it is about. */
function proofAge({ broker, now }: ChecklistFacts, proof: { readonly finishedAt: number } | null): CheckEvidence[] {
  if (!proof) return [found('unknown', 'proofNone')];
  const at = proof.finishedAt;
  if (now - at > evidenceDays.proof * day) return [found('amber', 'proofOld', {}, at)];
  if (broker?.changedAt != null && broker.changedAt > at) return [found('amber', 'proofBefore', {}, broker.changedAt)];
  return [];
}

/** What was seen last of connections that the broker has to refuse, by a proof or by the doctor: both try the same. */
function refusals(facts: ChecklistFacts, tests: readonly RefusalTest[]): CheckEvidence[] {
  const { checked } = facts;
  const proof = checked && checked.finishedAt > (facts.proof?.finishedAt ?? 0) ? checked : facts.proof;
  if (!proof) return proofAge(facts, null);
  const place = `${proof.host}:${proof.port}`;
  const said = (['accepted', 'untried', 'refused'] as const).flatMap((seen) => {
    const those = tests.filter((test) => (proof.refusals.find((each) => each.test === test)?.seen ?? 'untried') === seen);
    const state = ({ accepted: 'red', untried: 'unknown', refused: 'green' } as const)[seen];
    return those.length === 0 ? [] : [found(state, seen, { tests: those.join(','), place }, proof.finishedAt)];
  });
  return [...proofAge(facts, proof), ...said];
}

function provedAccess({ proof }: ChecklistFacts): CheckEvidence[] {
  if (!proof) return [];
  const at = proof.finishedAt;
  const place = `${proof.host}:${proof.port}`;
  const wrong = proof.checks.filter(differs).length;
  const open = proof.checks.filter(({ seen }) => seen === 'untried').length;
  if (wrong > 0) return [found('red', 'accessRefuted', { count: wrong, place }, at)];
  if (open > 0 || proof.checks.length === 0) return [found('amber', 'accessIncomplete', { count: open, place }, at)];
  return [found('green', 'accessProved', { count: proof.checks.length, place }, at)];
}

function versionSeen({ version, broker, now }: ChecklistFacts): CheckEvidence[] {
  if (!version) return [found('unknown', 'versionNone')];
  const { text, at } = version;
  const numbers = /(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  const params = { version: text };
  const seen = found(now - at > evidenceDays.version * day ? 'amber' : 'green', 'versionSeen', params, at);
  // only of Mosquitto we know which version has what
  if (numbers.length === 0 || !/mosquitto/i.test(text)) return [{ ...seen, state: 'unknown' }];
  const other = broker && softwareOf(broker.target) === 'mosquitto' && broker.target !== `mosquitto-${numbers[0]}.${numbers[1]}`;
  const old = mosquittoFixed.map((part, index) => Math.sign((numbers[index] ?? 0) - part)).find((sign) => sign !== 0) === -1;
  return [
    seen,
    ...(old ? [found('amber', 'versionOld', { version: text, fixed: mosquittoFixed.join('.') }, at)] : []),
    ...(other ? [found('amber', 'versionOther', { version: text, target: broker.target }, at)] : []),
  ];
}
