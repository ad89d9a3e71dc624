import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { authorityViews } from '../../authority/authority-view.ts';
import { chooseIssuers } from '../../authority/choose-issuers.ts';
import { authoritiesOf, issuingAuthority, outsideOf } from '../../authority/lookup.ts';
import { createSite } from '../../authority/new-authority.ts';
import { renewAuthority } from '../../authority/renew-own.ts';
import { reviewAuthorityAnswer, takeAuthorityAnswer } from '../../jobs/authority-answer.ts';
import { takeOffline } from '../../jobs/authority-key.ts';
import { makeAuthorityRequest } from '../../jobs/authority-request.ts';
import { moveReports } from '../../jobs/move-progress.ts';
import { retireEnded } from '../../jobs/retire-ended.ts';
import type { DroppedFile } from '../../jobs/review-requests.ts';
import type { AuthorityRow } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';
import { readAnswerFile, sayChain, writeRequest } from '../answer-files.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Output, utc } from '../output.ts';
import { askPassphrase } from '../passphrase.ts';
import { answerRefusalTexts } from '../words.ts';

export const authorityActions = ['list', 'site', 'renew', 'offline', 'retire', 'issuers', 'request', 'answer'] as const;
export type AuthorityAction = (typeof authorityActions)[number];

export interface AuthorityOptions {
  readonly authority?: string;
  readonly name?: string;
  readonly years?: string;
  readonly key?: string;
  readonly out?: string;
  readonly devices?: string;
  readonly broker?: string;
  readonly newKey?: boolean;
  readonly replaces?: string;
  readonly dryRun?: boolean;
}

/**
 * `fieldkey authority list | site | renew | offline | retire | issuers | request | answer PROJECT [FILES…]`. Gives the exit status: 7 when a
 * dry run found an answer that would be refused.
 */
export async function authorityCommand(
  context: CommandContext,
  action: AuthorityAction,
  project: string,
  paths: readonly string[],
  options: AuthorityOptions,
): Promise<number> {
  const files = await Promise.all(paths.map((path) => readAnswerFile(context.path(path))));
  return withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, project);
    const said = await actions[action](context, session, projectId, options, files);
    const authorities = authorityViews(session, projectId, session.now());
    const moves = moveReports(session, projectId);
    if (action === 'list' || action === 'issuers') sayAuthorities(context.output, authorities);
    context.output.result({ action, ...said, authorities, moves });
    return said && 'refused' in said ? exitCodes.findings : exitCodes.done;
  });
}

/** Gives what belongs into the JSON document besides the authorities. */
type Act = (
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  options: AuthorityOptions,
  files: readonly DroppedFile[],
) => Promise<object | undefined>;

const actions: Record<AuthorityAction, Act> = {
  list: async () => undefined,
  site: async (context, session, projectId, options) => {
    const parent = authorityNamed(session, projectId, options.authority);
    const years = numberOf(options.years, 'years');
    await authorityKey(context, session, projectId, options, (handed) =>
      createSite(session, parent.id, {
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(years === undefined ? {} : { years }),
        ...(handed ? { handed } : {}),
      }),
    );
    const { name } = issuingAuthority(session, projectId);
    context.output.say(
      `Created: ${name}. It issues from now on. Copy the new kit to the broker before devices get new certificates.`,
    );
    return undefined;
  },
  renew: async (context, session, projectId, options) => {
    const authority = authorityNamed(session, projectId, options.authority);
    const years = numberOf(options.years, 'years');
    const id = await authorityKey(context, session, projectId, options, (handed) =>
      renewAuthority(session, authority.id, {
        ...(years === undefined ? {} : { validity: { years } }),
        ...(handed ? { handed } : {}),
      }),
    );
    const ends = session.tables.certificate.get(id)?.not_after ?? 0;
    context.output.say(
      `Renewed with the same key: ${authority.name}, until ${utc(ends)}. Export; what it has signed stays valid.`,
    );
    return undefined;
  },
  offline: async (context, session, projectId, options) => {
    const authority = authorityNamed(session, projectId, options.authority);
    if (options.out === undefined) throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'out')] });
    const passphrase = await askPassphrase('Passphrase for the authority key', {
      twice: true,
      variable: 'FIELDKEY_AUTHORITY_PASSPHRASE',
    });
    const { file } = await takeOffline(session, authority.id, { directory: context.path(options.out), passphrase });
    context.output.say(
      `The key of ${authority.name} is in ${file}, encrypted, and was opened from there; neither this vault nor the copies beside it hold it any more.`,
    );
    context.output.say(
      'Backups that were made before, copies elsewhere and a damaged vault that was put aside still hold it. Without the file and its passphrase nobody signs in its name again.',
    );
    return undefined;
  },
  retire: async (context, session, projectId, options) => {
    if (options.authority === undefined)
      throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'authority')] });
    const { id, name } = authorityNamed(session, projectId, options.authority);
    retireEnded(session, id);
    context.output.say(`${name} is out of use. Export: the next kit no longer mentions it.`);
    return undefined;
  },
  issuers: async (_, session, projectId, options) => {
    const idOf = (name: string | undefined) => (name === undefined ? null : authorityNamed(session, projectId, name).id);
    if (options.devices === undefined && options.broker === undefined) return undefined;
    chooseIssuers(session, projectId, { devices: idOf(options.devices), broker: idOf(options.broker) });
    return undefined;
  },
  request: async (context, session, projectId, options) => {
    const renewed = options.authority === undefined ? undefined : authorityNamed(session, projectId, options.authority).id;
    const { pem, name } = await authorityKey(context, session, projectId, options, (handed) =>
      makeAuthorityRequest(session, projectId, { name: options.name, authorityId: renewed, newKey: options.newKey, handed }),
    );
    const file = context.path(options.out ?? name);
    await writeRequest(file, pem);
    context.output.say(`Request written: ${file}. Its key stays in the vault.`);
    context.output.say(
      'Send it to the other authority: it asks for an authority with path length 0. "authority answer" takes what comes back, with its chain.',
    );
    return { file, pem };
  },
  answer: async ({ output }, session, projectId, options, files) => {
    const review = reviewAuthorityAnswer(session, projectId, files);
    sayChain(output, review.chain);
    for (const each of review.constraints) output.say(`Names that it allows below it: ${each}`);
    if (review.missing.length > 0) output.say(`It could not issue for these names of the broker: ${review.missing.join(', ')}`);
    if (options.dryRun) {
      output.say(review.refusal === null ? 'It would be taken.' : `REFUSED: ${answerRefusalTexts[review.refusal]}`);
      return { dryRun: true, review, ...(review.refusal === null ? {} : { refused: review.refusal }) };
    }
    const replaces = options.replaces === undefined ? null : authorityNamed(session, projectId, options.replaces).id;
    const taken = await takeAuthorityAnswer(session, projectId, files, { replaces });
    output.say(
      review.renews === null
        ? 'Taken: it issues for devices from now on; the broker keeps its certificate. Devices and broker trust both roots.'
        : `Taken: ${review.renews} has a new certificate; what it has signed stays valid.`,
    );
    if (taken.moveId !== null)
      output.say(
        'The fleet moves to it: "replace-root" tells how far it is, and --finish ends it with a new certificate for the broker.',
      );
    output.say(`Export, then copy to the broker and restart it: ${taken.filesToCopy.join(', ') || 'nothing'}`);
    return { review, ...taken };
  },
};

/** By name, or the root when none is named. @throws AUTHORITY_NOT_FOUND */
export function authorityNamed(session: VaultSession, projectId: number, name: string | undefined): AuthorityRow {
  const all = authoritiesOf(session, projectId);
  const outside = outsideOf(session, projectId);
  const found =
    name === undefined
      ? all.findLast(({ id, parent_id: parent, state }) => parent === null && state === 'active' && !outside.has(id))
      : all.find((authority) => authority.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: name ?? 'in use' });
  return found;
}

function sayAuthorities(output: Output, authorities: ReturnType<typeof authorityViews>): void {
  for (const {
    name,
    state,
    parentId,
    keyHere,
    imported,
    outside,
    issuesDevices,
    issuesBroker,
    certificates,
    crl,
  } of authorities) {
    const issues = [issuesDevices ? 'devices' : '', issuesBroker ? 'the broker' : ''].filter(Boolean).join(' and ');
    output.say(
      `${name}: ${parentId === null ? 'root' : 'site authority'}${imported ? ' (imported)' : ''}, ${state}${outside ? ', of somebody else' : keyHere ? '' : ', key kept elsewhere'}${issues ? `, issues for ${issues}` : ''}`,
    );
    for (const { notBefore, notAfter, serial, state: of } of certificates) {
      output.say(`  certificate ${serial}  ${utc(notBefore)} to ${utc(notAfter)}  ${of}`);
    }
    if (crl) {
      const pending = crl.pending > 0 ? `, ${crl.pending} certificates NOT on it yet` : '';
      output.say(`  revocation list ${crl.number}, ${crl.entries} entries, until ${utc(crl.nextUpdate)}${pending}`);
    }
  }
}
