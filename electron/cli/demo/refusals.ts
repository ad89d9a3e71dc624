import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { RefusalReason } from '../../broker/practice/channel.ts';
import { createPractice, openBroker, practiceMeters } from '../../jobs/practice.ts';
import { replaceAndPublish } from '../../jobs/replace.ts';
import { keyPem } from '../../pki/key-pem.ts';
import { certificatePem } from '../../pki/pem.ts';
import { attemptConnection } from '../../tester/attempt.ts';
import { certificateFacts } from '../../tester/certificate-facts.ts';
import type { TestCertificate } from '../../tester/channel.ts';
import { explainFailure } from '../../tester/explain-failure.ts';
import { probePlaintext } from '../../tester/probe.ts';
import { defaultTiming } from '../../tester/timing.ts';
import type { CertificateRow } from '../../vault/rows.ts';
import { grouped } from '../output.ts';
import { type Check, NotHeld, type Proof } from './check.ts';
import { host, type Stage, topicOf } from './stage.ts';
import { observerOf, wiped } from './traffic.ts';

/** Why the broker must say that it refuses; another reason is none. */
type Expected = Extract<RefusalReason, 'no-certificate' | 'unknown-authority' | 'revoked' | 'expired' | 'not-tls'>;

const reasonWords: Record<Expected, string> = {
  'no-certificate': 'no certificate',
  'unknown-authority': 'unknown authority',
  revoked: 'revoked',
  expired: 'expired',
  'not-tls': 'not TLS',
};

/** Everybody here must stay outside. That the broker lets in whom it should is shown by `observer`. */
export const refusalChecks: readonly Check<Stage>[] = [
  {
    id: 'no-certificate',
    group: 'refused',
    claim: 'Who shows no certificate',
    needs: ['observer'],
    run: withoutCertificate,
  },
  {
    id: 'stranger',
    group: 'refused',
    claim: 'A certificate of another authority, even of the same name',
    needs: ['observer'],
    run: async (stage) => {
      const other = await createPractice(join(stage.folder, 'stranger.fieldkey'), 'demo');
      try {
        const { session } = other.vault;
        const row = session.tables.certificate.where('project_id = ? AND kind = ?', other.projectId, 'observer')[0];
        return await refused(stage, identityOf(stage, session, row), row, 'unknown-authority');
      } finally {
        other.vault.close();
      }
    },
  },
  {
    id: 'revoked',
    group: 'refused',
    claim: 'A certificate that is revoked',
    needs: ['observer'],
    run: async (stage) => {
      const { session, projectId } = stage;
      const row = session.tables.certificate.where('project_id = ? AND kind = ?', projectId, 'canary')[0];
      return refused(stage, identityOf(stage, session, row), row, 'revoked');
    },
  },
  {
    id: 'expired',
    group: 'refused',
    claim: 'A certificate that has ended',
    needs: ['observer'],
    run: (stage) => refused(stage, stage.identity(stage.ended), newest(stage, stage.ended), 'expired'),
  },
  {
    id: 'unencrypted',
    group: 'refused',
    claim: 'MQTT without TLS',
    needs: ['observer'],
    run: async (stage) => {
      const before = stage.practice.refused.length;
      const { speaks } = await probePlaintext(host, stage.port, stage.patience);
      const facts = { speaks };
      if (speaks !== 'closed' && speaks !== 'tls') throw new NotHeld(`the port answered: ${speaks}`, facts);
      return confirmed(stage, before, 'not-tls', '', facts);
    },
  },
];

export const replacementChecks: readonly Check<Stage>[] = [
  {
    id: 'replaced',
    group: 'replaced',
    claim: 'A meter is replaced, and the broker gets the new list',
    needs: ['readings'],
    run: replace,
  },
  {
    id: 'old-refused',
    group: 'replaced',
    claim: 'Its old certificate no longer comes in',
    needs: ['replaced'],
    run: async (stage) => {
      const { identity, serial } = stage.replaced ?? {};
      if (!identity) throw new Error('nothing was replaced');
      return refused(stage, identity, { serial: Buffer.from(serial ?? '', 'hex') }, 'revoked');
    },
  },
  {
    id: 'new-accepted',
    group: 'replaced',
    claim: 'Its new one does, and its readings arrive',
    needs: ['replaced', 'observer'],
    run: newAccepted,
  },
];

/** Connects as somebody who must not come in: client and broker both have to say so. @throws NotHeld */
async function refused(
  stage: Stage,
  identity: TestCertificate,
  row: Pick<CertificateRow, 'serial'> | undefined,
  reason: Expected,
): Promise<Proof> {
  const before = stage.practice.refused.length;
  const serial = row?.serial.toString('hex') ?? '';
  const { connectionId, state } = await stage.connect(identity);
  if (state.phase === 'connected') {
    await stage.disconnect(connectionId);
    throw new NotHeld('the broker let it in', { serial, connected: true });
  }
  const { cause = 'unknown', alert = null } = state.failure ?? {};
  return confirmed(stage, before, reason, serial, { client: cause, alert });
}

/** Waits for the broker's own account of a refusal. @throws NotHeld */
async function confirmed(stage: Stage, before: number, reason: Expected, serial: string, client: Proof['facts']): Promise<Proof> {
  const told = () => stage.practice.refused.slice(before).filter((refusal) => serial === '' || same(refusal.serial, serial));
  const found = await stage.until(() => told().find((refusal) => refusal.reason === reason));
  const facts = { ...client, broker: found?.reason ?? null, serial, raw: found?.raw ?? '' };
  if (!found) {
    const others = [...new Set(told().map((refusal) => refusal.reason))].join(', ');
    throw new NotHeld(`it did not get in, but the broker does not say “${reason}”${others && ` but ${others}`}`, facts);
  }
  const alert = typeof client['alert'] === 'number' ? `TLS alert ${client['alert']}` : 'connection closed';
  const which = serial === '' ? '' : ` (serial ${grouped(serial.slice(0, 8))}…)`;
  return { says: `${alert}; the broker says: ${reasonWords[reason]}${which}`, facts };
}

async function withoutCertificate(stage: Stage): Promise<Proof> {
  const observer = stage.identity('observer');
  observer.key.fill(0);
  const before = stage.practice.refused.length;
  const attempt = await attemptConnection({
    order: { connectionId: 'demo-nobody', host, port: stage.port, identity: observer, reconnects: false },
    context: createSecureContext({ ca: observer.ca, minVersion: 'TLSv1.2' }),
    facts: { client: null, authority: certificateFacts(observer.ca) },
    protocolVersion: 4,
    timing: defaultTiming,
    onMessage: () => undefined,
    onLost: () => undefined,
    signal: stage.signal,
  });
  if (attempt.session) {
    await attempt.session.end(defaultTiming.farewell);
    throw new NotHeld('the broker let it in', { connected: true });
  }
  const { cause, alert } = explainFailure(attempt.signals);
  return confirmed(stage, before, 'no-certificate', '', { client: cause, alert });
}

/** Serials as numbers: their texts may differ in leading zeros. */
function same(a: string, b: string): boolean {
  return a !== '' && BigInt(`0x${a}`) === BigInt(`0x${b}`);
}

/** Certificate and key of a row, with whom this project's clients trust. */
function identityOf(stage: Stage, session: Stage['session'], row: CertificateRow | undefined): TestCertificate {
  if (!row?.key_id) throw new Error('the certificate has no key');
  const { ca } = stage.identity('observer');
  const key = session.openKey(row.key_id);
  try {
    const pem = new TextEncoder().encode(keyPem(key.pkcs8));
    return { id: row.common_name, certificateChain: certificatePem(row.der), key: pem, ca };
  } finally {
    key.pkcs8.fill(0);
  }
}

function newest(stage: Stage, name: string): CertificateRow {
  const [row] = stage.session.tables.certificate.where('device_id = ? ORDER BY id DESC LIMIT 1', stage.device(name).id);
  if (!row) throw new Error(`${name} has no certificate`);
  return row;
}

async function replace(stage: Stage): Promise<Proof> {
  const { session, projectId, practice, port } = stage;
  const [, , meter] = practiceMeters;
  const old = newest(stage, meter).serial.toString('hex');
  if (!practice.opened.some(({ name, serial }) => name === meter && same(serial, old)))
    throw new NotHeld(`the broker did not list ${meter} with its first certificate`, { meter, serial: old });
  await practice.call('stopMeters', { ids: [meter] });
  stage.replaced = { identity: stage.identity(meter), serial: old };
  const { crlNumber } = await replaceAndPublish(session, projectId, {
    deviceIds: [stage.device(meter).id],
    reason: 'superseded',
  });
  const { identity } = openBroker(session, projectId, { host, port });
  await wiped(identity, () => practice.call('exchange', { identity, endConnections: true }));
  const fresh = newest(stage, meter).serial.toString('hex');
  const facts = { meter, oldSerial: old, newSerial: fresh, crlNumber };
  if (fresh === old) throw new NotHeld('it has no new certificate', facts);
  return { says: `${meter}: new key and certificate; revocation list ${crlNumber} exchanged while it runs`, facts };
}

async function newAccepted(stage: Stage): Promise<Proof> {
  const [, , meter] = practiceMeters;
  const observer = observerOf(stage);
  const serial = newest(stage, meter).serial.toString('hex');
  // the exchange ended all connections; the observer comes back by itself
  const back = await stage.until(() => (stage.tester.states.get(observer)?.phase === 'connected' ? true : undefined));
  if (!back) throw new NotHeld('the observer did not come back after the exchange');
  await stage.tester.call('subscribe', { connectionId: observer, filter: topicOf('#'), qos: 1 });
  const { connectionId } = await stage.connected(meter);
  try {
    await stage.publish(connectionId, topicOf(`energy/${meter}`), { replaced: serial });
    const arrived = await stage.until(() => stage.inbox(observer).find(({ body }) => body['replaced'] === serial));
    if (!arrived) throw new NotHeld('it connected, but its message did not arrive', { meter, serial });
    const listed = await stage.until(() =>
      stage.practice.opened.find((open) => open.name === meter && same(open.serial, serial)),
    );
    if (!listed) throw new NotHeld('the broker does not list it with its new certificate', { meter, serial });
    return {
      says: `${meter} with serial ${grouped(serial.slice(0, 8))}…: connected, its message delivered`,
      facts: { meter, serial, tls: listed.tls },
    };
  } finally {
    await stage.disconnect(connectionId);
  }
}
