import { writeFile } from 'node:fs/promises';
import { certificatePem, crlPem } from '../pem.ts';
import { inScratchFolder, run, type Verdict } from './run.ts';

/** Other people's validators, all from Debian packages. What they accept is what brokers and devices will accept. */

export type { Verdict } from './run.ts';

/** DER everywhere. `crls` has one CRL for each CA that issued something in the chain. */
export interface Evidence {
  readonly root: Uint8Array;
  /** Further roots that are trusted as well (openssl and GnuTLS). */
  readonly roots?: readonly Uint8Array[];
  readonly intermediates?: readonly Uint8Array[];
  readonly leaf: Uint8Array;
  readonly crls?: readonly Uint8Array[];
}

/** `ca` asks whether the certificate itself may issue. */
export type Purpose = 'client' | 'server' | 'ca';

export interface Question {
  readonly purpose: Purpose;
  readonly host?: string;
  readonly ip?: string;
}

function pems(certificates: readonly Uint8Array[] | undefined): string {
  return (certificates ?? []).map(certificatePem).join('');
}

/** `openssl verify -x509_strict`, with `-crl_check` when there are CRLs: how Mosquitto's library judges. */
export function openssl(evidence: Evidence, question: Question): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    await writeFile(file('root.pem'), pems([evidence.root, ...(evidence.roots ?? [])]));
    await writeFile(file('leaf.pem'), certificatePem(evidence.leaf));
    const args = ['verify', '-x509_strict', '-CAfile', file('root.pem'), '-no-CApath'];
    if (question.purpose !== 'ca') args.push('-purpose', question.purpose === 'client' ? 'sslclient' : 'sslserver');
    if (question.host !== undefined) args.push('-verify_hostname', question.host);
    if (question.ip !== undefined) args.push('-verify_ip', question.ip);
    if (evidence.intermediates !== undefined && evidence.intermediates.length > 0) {
      await writeFile(file('chain.pem'), pems(evidence.intermediates));
      args.push('-untrusted', file('chain.pem'));
    }
    if (evidence.crls !== undefined) {
      await writeFile(file('crl.pem'), evidence.crls.map(crlPem).join(''));
      args.push('-crl_check', '-CRLfile', file('crl.pem'));
    }
    return run('openssl', [...args, file('leaf.pem')]);
  });
}

const purposeOids = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const;

/** GnuTLS. It compares names only for `host`; addresses go to the others. */
export function certtool(evidence: Evidence, question: Question): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    await writeFile(file('root.pem'), pems([evidence.root, ...(evidence.roots ?? [])]));
    await writeFile(file('chain.pem'), pems([evidence.leaf, ...(evidence.intermediates ?? [])]));
    const args = [
      '--verify',
      '--verify-profile',
      'medium',
      '--load-ca-certificate',
      file('root.pem'),
      '--infile',
      file('chain.pem'),
    ];
    if (question.purpose !== 'ca') args.push('--verify-purpose', purposeOids[question.purpose]);
    if (question.host !== undefined) args.push('--verify-hostname', question.host);
    return run('certtool', args);
  });
}

/** GnuTLS on a CRL and the CA that signed it. */
export function certtoolCrl(crl: Uint8Array, issuer: Uint8Array): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    await writeFile(file('ca.pem'), certificatePem(issuer));
    await writeFile(file('crl.pem'), crlPem(crl));
    const verdict = await run('certtool', ['--verify-crl', '--load-ca-certificate', file('ca.pem'), '--infile', file('crl.pem')]);
    return { ok: verdict.ok && verdict.output.includes('output: Verified'), output: verdict.output };
  });
}

const nssUsages = { client: 'C', server: 'V', ca: 'L' } as const;

/**
 * NSS: a new database with the root trusted for both directions, the chain and the CRLs imported (crlutil refuses a CRL
 * it cannot verify), then `certutil -V`. Names are not compared.
 */
export function nss(evidence: Evidence, question: Question): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    const database = ['-d', `sql:${file('.')}`];
    const steps: [tool: string, args: string[]][] = [['certutil', ['-N', ...database, '--empty-password']]];
    const add = async (name: string, trust: string, der: Uint8Array): Promise<void> => {
      await writeFile(file(`${name}.der`), der);
      steps.push(['certutil', ['-A', ...database, '-n', name, '-t', trust, '-i', file(`${name}.der`)]]);
    };
    await add('root', 'CT,C,C', evidence.root);
    for (const [index, der] of (evidence.intermediates ?? []).entries()) await add(`chain-${index}`, ',,', der);
    for (const [index, der] of (evidence.crls ?? []).entries()) {
      await writeFile(file(`${index}.crl`), der);
      steps.push(['crlutil', ['-I', ...database, '-i', file(`${index}.crl`)]]);
    }
    const isRoot = Buffer.compare(evidence.leaf, evidence.root) === 0;
    if (!isRoot) await add('leaf', ',,', evidence.leaf);
    steps.push(['certutil', ['-V', ...database, '-n', isRoot ? 'root' : 'leaf', '-u', nssUsages[question.purpose], '-e']]);

    let output = '';
    for (const [tool, args] of steps) {
      const verdict = await run(tool, args);
      output += verdict.output;
      if (!verdict.ok || verdict.output.includes('failed')) return { ok: false, output };
    }
    return { ok: output.includes('certificate is valid'), output };
  });
}

/** Java reads each certificate and shows it; one start of the machine for all of them. */
export function keytool(certificates: readonly Uint8Array[]): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    await writeFile(file('all.pem'), pems(certificates));
    const verdict = await run('keytool', ['-J-XX:TieredStopAtLevel=1', '-printcert', '-v', '-file', file('all.pem')]);
    const shown = verdict.output.match(/^Serial number:/gm)?.length ?? 0;
    return { ok: verdict.ok && shown === certificates.length && !/Unparseable/i.test(verdict.output), output: verdict.output };
  });
}

/** Java reads a CRL. */
export function keytoolCrl(crl: Uint8Array): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    await writeFile(file('crl.pem'), crlPem(crl));
    const verdict = await run('keytool', ['-J-XX:TieredStopAtLevel=1', '-printcrl', '-file', file('crl.pem')]);
    return { ok: verdict.ok && verdict.output.includes('This Update'), output: verdict.output };
  });
}

/** OpenSSL reads a private key, checks that it is consistent, and gives its public half as PEM. */
export async function opensslKey(pem: string, passphrase?: string): Promise<Verdict> {
  const secret = passphrase === undefined ? [] : ['-passin', `pass:${passphrase}`];
  const check = await run('openssl', ['pkey', '-check', '-noout', ...secret], pem);
  if (!check.ok) return check;
  return run('openssl', ['pkey', '-pubout', ...secret], pem);
}

/** GnuTLS reads a PKCS#8 key, encrypted or not. */
export function certtoolKey(pem: string, passphrase?: string): Promise<Verdict> {
  return inScratchFolder(async (file) => {
    await writeFile(file('key.pem'), pem);
    const secret = passphrase === undefined ? ['--null-password'] : ['--password', passphrase];
    return run('certtool', ['--key-info', '--pkcs8', ...secret, '--infile', file('key.pem')]);
  });
}
