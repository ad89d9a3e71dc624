import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { authorityViews } from '../../authority/authority-view.ts';
import { chooseIssuers } from '../../authority/choose-issuers.ts';
import { authoritiesOf, issuingAuthority } from '../../authority/lookup.ts';
import { createSite } from '../../authority/new-authority.ts';
import { renewAuthority } from '../../authority/renew-own.ts';
import { takeOffline } from '../../jobs/authority-key.ts';
import { moveReports } from '../../jobs/move-fleet.ts';
import type { AuthorityRow } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { type Output, utc } from '../output.ts';
import { askPassphrase } from '../passphrase.ts';

export const authorityActions = ['list', 'site', 'renew', 'offline', 'issuers'] as const;
export type AuthorityAction = (typeof authorityActions)[number];

export interface AuthorityOptions {
  readonly authority?: string;
  readonly name?: string;
  readonly years?: string;
  readonly key?: string;
  readonly out?: string;
  readonly devices?: string;
  readonly broker?: string;
}

/** `fieldkey authority list | site | renew | offline | issuers PROJECT` */
export async function authorityCommand(
  context: CommandContext,
  action: AuthorityAction,
  project: string,
  options: AuthorityOptions,
): Promise<void> {
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, project);
    await actions[action](context, session, projectId, options);
    const authorities = authorityViews(session, projectId, session.now());
    const moves = moveReports(session, projectId);
    if (action === 'list' || action === 'issuers') sayAuthorities(context.output, authorities);
    context.output.result({ action, authorities, moves });
  });
}

type Act = (context: CommandContext, session: VaultSession, projectId: number, options: AuthorityOptions) => Promise<void>;

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
      `The key of ${authority.name} is in ${file}, encrypted, and was opened from there; it is not in this vault any more.`,
    );
    context.output.say(
      'Copies of the vault and backups that were made before still hold it. Without the file and its passphrase nobody signs in its name again.',
    );
  },
  issuers: async (_, session, projectId, options) => {
    const idOf = (name: string | undefined) => (name === undefined ? null : authorityNamed(session, projectId, name).id);
    if (options.devices === undefined && options.broker === undefined) return;
    chooseIssuers(session, projectId, { devices: idOf(options.devices), broker: idOf(options.broker) });
  },
};

/** By name, or the root when none is named. @throws AUTHORITY_NOT_FOUND */
export function authorityNamed(session: VaultSession, projectId: number, name: string | undefined): AuthorityRow {
  const all = authoritiesOf(session, projectId);
  const found =
    name === undefined
      ? all.findLast(({ parent_id: parent, state }) => parent === null && state === 'active')
      : all.find((authority) => authority.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: name ?? 'in use' });
  return found;
}

function sayAuthorities(output: Output, authorities: ReturnType<typeof authorityViews>): void {
  for (const { name, state, parentId, keyHere, imported, issuesDevices, issuesBroker, certificates, crl } of authorities) {
    const issues = [issuesDevices ? 'devices' : '', issuesBroker ? 'the broker' : ''].filter(Boolean).join(' and ');
    output.say(
      `${name}: ${parentId === null ? 'root' : 'site authority'}${imported ? ' (imported)' : ''}, ${state}${keyHere ? '' : ', key kept elsewhere'}${issues ? `, issues for ${issues}` : ''}`,
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
