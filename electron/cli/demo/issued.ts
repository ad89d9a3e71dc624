import { join } from 'node:path';
import { isErrorReport } from '../../../shared/errors.ts';
import { issueDevices } from '../../authority/issue-devices.ts';
import { authoritiesOf, authorityCertificate, brokerCertificate, brokerOf, latestCrl } from '../../authority/lookup.ts';
import { createPractice, practiceMeters } from '../../jobs/practice.ts';
import { lintCertificate } from '../../pki/lint/certificate.ts';
import { lintCrl } from '../../pki/lint/crl.ts';
import { prepareLintIssuer } from '../../pki/lint/issuer.ts';
import type { CertificateRow } from '../../vault/rows.ts';
import { Vault } from '../../vault/vault.ts';
import { grouped, utc } from '../output.ts';
import { type Check, NotHeld } from './check.ts';
import type { Stage } from './stage.ts';

const day = 86_400_000;
/** Long enough ago for the shortest certificate of a device (90 days) to have ended. */
const issuedDaysAgo = 100;
const endedDevice = 'meter-000';

export const issuedChecks: readonly Check<Stage>[] = [
  {
    id: 'vault',
    group: 'issued',
    claim: 'An encrypted vault that opens with its passphrase only',
    needs: [],
    run: async (stage) => {
      await stage.makeFolder();
      const file = join(stage.folder, 'demo.fieldkey');
      // everything is issued by a clock that is behind, and one certificate so short that it has ended by now
      stage.behind = issuedDaysAgo * day;
      const options = { now: () => Date.now() - stage.behind };
      const made = await createPractice(file, 'demo', options);
      stage.vault = made.vault;
      stage.projectId = made.projectId;
      stage.ended = endedDevice;
      await issueDevices(made.vault.session, made.projectId, [{ id: endedDevice, role: 'device' }], { key: 'p256', days: 90 });
      made.vault.close();
      stage.behind = 0;
      stage.vault = Vault.open(file, options);
      const guess = [...made.passphrase].reverse().join('');
      const opened = await stage.vault.unlock(guess, 'demo').then(() => true, refused);
      if (opened) throw new NotHeld('it opened with a passphrase that is not its own');
      await stage.vault.unlock(made.passphrase, 'demo');
      // so long after its last entry a vault asks first whether the clock is right
      if (stage.session.trouble?.kind !== 'clock') throw new NotHeld('it did not ask whether the clock is right');
      stage.session.confirmClock();
      const { trouble } = stage.session;
      if (trouble) throw new NotHeld(`it is not as it should be: ${trouble.kind}`);
      return {
        says: `wrong passphrase refused; issued as of ${issuedDaysAgo} days ago, so that one certificate has ended by now`,
        facts: { passphraseBits: 256, wrongPassphraseRefused: true, issuedDaysAgo },
      };
    },
  },
  {
    id: 'authority',
    group: 'issued',
    claim: 'An authority, the broker certificate and a revocation list',
    needs: ['vault'],
    run: async ({ session, projectId }) => {
      const rows = session.tables.certificate.where("project_id = ? AND kind IN ('root', 'broker', 'observer')", projectId);
      const linted = rows.map((row) => lintedNow(row, rootOf(rows)));
      const [authority] = authoritiesOf(session, projectId);
      const crl = authority && latestCrl(session, authority.id);
      if (!authority || !crl || linted.length !== 3) throw new NotHeld(`only ${linted.length} certificates are there`);
      const root = authorityCertificate(session, authority.id);
      const findings = lintCrl(crl.der, { issuer: prepareLintIssuer(root.der), now: new Date() });
      if (findings.length > 0) throw new NotHeld('the linter has findings about the revocation list', { findings });
      return {
        says: `${authority.name}; 3 certificates and the list judged by the linter: no finding`,
        facts: { authority: authority.name, fingerprint: root.fingerprint.toString('hex'), certificates: linted, findings: 0 },
      };
    },
  },
  {
    id: 'meters',
    group: 'issued',
    claim: 'Three meters, each with a key and a certificate of its own',
    needs: ['vault'],
    run: async ({ session, projectId }) => {
      const rows = session.tables.certificate.where('project_id = ?', projectId);
      const meters = rows.filter(
        (row) => row.kind === 'device' && (practiceMeters as readonly string[]).includes(row.common_name),
      );
      const linted = meters.map((row) => lintedNow(row, rootOf(rows)));
      const keys = new Set(meters.map((row) => row.key_id));
      if (linted.length !== practiceMeters.length || keys.size !== linted.length)
        throw new NotHeld(`${linted.length} certificates with ${keys.size} keys are there`, { certificates: linted });
      return {
        says: `${linted.map(({ name }) => name).join(', ')}, until ${utc(meters[0]?.not_after ?? 0).slice(0, 10)}; linter: no finding`,
        facts: { certificates: linted, findings: 0 },
      };
    },
  },
];

function refused(error: unknown): false {
  if (isErrorReport(error) && error.code === 'PASSPHRASE_WRONG') return false;
  throw error;
}

function rootOf(rows: readonly CertificateRow[]): Buffer {
  const root = rows.find((row) => row.kind === 'root');
  if (!root) throw new NotHeld('there is no authority');
  return root.der;
}

/** The linter's word on the bytes that are stored, as of now and with the signature. @throws NotHeld */
function lintedNow(row: CertificateRow, root: Buffer) {
  if (row.kind === 'foreign') throw new NotHeld(`${row.common_name} is not from here`);
  const issuer = row.kind === 'root' ? undefined : prepareLintIssuer(root);
  const findings = lintCertificate(row.der, { kind: row.kind, issuer, now: new Date() });
  if (findings.length > 0) throw new NotHeld(`the linter has findings about ${row.common_name}`, { findings });
  return { name: row.common_name, kind: row.kind, serial: grouped(row.serial.toString('hex')), notAfter: utc(row.not_after) };
}

/** SHA-256 of the broker's certificate in the vault, lower-case hexadecimal. */
export function brokerFingerprint({ session, projectId }: Stage): string {
  const broker = brokerOf(session, projectId);
  return (broker && brokerCertificate(session, broker.id)?.fingerprint.toString('hex')) ?? '';
}
