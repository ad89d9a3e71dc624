import { FieldkeyError } from '../../../shared/errors.ts';
import { type RevocationReason, revocationReasons } from '../../../shared/model/certificate.ts';
import { problem } from '../../../shared/problems.ts';
import { usersFile, usesCertificates } from '../../../shared/rules/password.ts';
import { brokerOf } from '../../authority/lookup.ts';
import { certificateBySerial } from '../../authority/revoke.ts';
import { type RevokeReport, releaseAndPublish, revokeAndPublish } from '../../jobs/revoke.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, dateOf, projectNamed, withVault } from '../context.ts';
import { grouped, type Output, utc } from '../output.ts';
import { writeCrls } from './crl.ts';

export interface RevokeOptions {
  readonly reason?: string;
  readonly date?: string;
  readonly publish?: boolean;
  readonly key?: string;
  readonly out?: string;
}

type Act = 'revoke' | 'hold' | 'release';

/** `fieldkey revoke | hold | release PROJECT SERIAL`: always one certificate, named by its serial. */
export async function revokeCommand(
  context: CommandContext,
  act: Act,
  name: string,
  serial: string,
  options: RevokeOptions,
): Promise<void> {
  const { output } = context;
  const reason = act === 'hold' ? 'certificateHold' : reasonOf(options.reason);
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    const row = certificateBySerial(session, projectId, serial);
    const report = await authorityKey(context, session, projectId, options, (handed) => {
      const common = { publish: options.publish, handed };
      return act === 'release'
        ? releaseAndPublish(session, row.id, common)
        : revokeAndPublish(session, row.id, { ...common, reason, at: dateOf(options.date, 'date') });
    });
    sayReport(output, act, report);
    const broker = brokerOf(session, projectId)?.parsed;
    if (broker && !usesCertificates(broker.kit))
      output.say(
        `Its broker asks for passwords only and looks at no list: export the kit and bring ${usersFile(broker.target)} to it. Until then it goes on as before.`,
      );
    else sayLists(output, report);
    const file = options.out === undefined ? null : await writeCrls(context, session, projectId, options.out);
    output.result({ act, ...(act === 'release' ? {} : { reason }), ...report, file });
  });
}

const words: Record<Act, string> = { revoke: 'Revoked', hold: 'On hold', release: 'Valid again' };

function sayReport(output: Output, act: Act, report: RevokeReport): void {
  for (const { commonName, kind, serial } of report.certificates) {
    output.say(`${words[act]}: ${kind} ${commonName}, serial ${grouped(serial)}`);
  }
}

function sayLists(output: Output, report: RevokeReport): void {
  for (const { authority, number, nextUpdate, pending } of report.crls) {
    const until = nextUpdate === null ? '' : ` It is valid until ${utc(nextUpdate)}.`;
    output.say(
      pending === 0
        ? `Revocation list ${number} of ${authority} says so.${until} Copy it to the broker as its README says: replace it in one move, then restart.`
        : `NOT PUBLISHED: ${pending} certificates of ${authority} are not on its list ${number} yet.${until} "crl" publishes a new one.`,
    );
  }
}

function reasonOf(text = 'unspecified'): RevocationReason {
  const found = revocationReasons.find((reason) => reason === text && reason !== 'certificateHold');
  if (found) return found;
  const choices = revocationReasons.filter((reason) => reason !== 'certificateHold').join(', ');
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices }, 'reason')] });
}
