import { FieldkeyError } from '../../../shared/errors.ts';
import { openMoves, startMove } from '../../authority/moves.ts';
import { finishMove, reissueBelow } from '../../jobs/move-fleet.ts';
import { type MoveProgress, moveProgress } from '../../jobs/move-progress.ts';
import { type Rehearsal, rehearseReissue } from '../../jobs/rehearse.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import type { Output } from '../output.ts';
import { authorityNamed } from './authority.ts';

export interface ReplaceRootOptions {
  readonly authority?: string;
  readonly years?: string;
  readonly key?: string;
  readonly reissue?: boolean;
  readonly keepKeys?: boolean;
  readonly compromised?: boolean;
  readonly rehearse?: boolean;
  readonly finish?: boolean;
  readonly force?: boolean;
}

/**
 * `fieldkey replace-root PROJECT`: starts the replacing of an authority (the root unless another one is named) or tells how
 * far the fleet is; with `--finish` ends it.
 */
export async function replaceRootCommand(context: CommandContext, name: string, options: ReplaceRootOptions): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    const [open] = openMoves(session, projectId);
    if (options.finish) {
      if (!open) throw new FieldkeyError('MOVE_NOT_FOUND', { move: name });
      const move = await finishMove(session, open.id, { force: options.force === true });
      sayMove(output, move);
      output.result({ move });
      return;
    }
    const old = open ? open.old_authority_id : authorityNamed(session, projectId, options.authority).id;
    const request = {
      mode: options.keepKeys ? 'renew' : 'rekey',
      compromised: options.compromised === true,
      years: numberOf(options.years, 'years'),
    } as const;
    await authorityKey(context, session, projectId, options, async (handed) => {
      if (options.rehearse) {
        const rehearsal = await rehearseReissue(session, old, { ...request, handed });
        sayRehearsal(output, rehearsal);
        output.result({ rehearsal });
      } else if (options.reissue || options.compromised) {
        const control = { signal: context.signal, onProgress: output.progress };
        const { move, done, skipped } = await reissueBelow(session, old, { ...request, handed }, control);
        output.say(`Issued anew: ${done.length} devices; passed over: ${skipped.length}. Export, the broker's kit first.`);
        sayMove(output, move);
        output.result({ move, done, skipped });
      } else {
        const moveId = open?.id ?? (await startMove(session, old, { years: request.years, handed }));
        const move = moveProgress(session, moveId);
        sayMove(output, move);
        output.result({ move });
      }
    });
  });
}

function sayMove(output: Output, move: MoveProgress): void {
  const { oldAuthority, newAuthority, devices, trusting, reissued, moved, finishedAt } = move;
  if (finishedAt !== null) {
    output.say(`Finished: ${newAuthority} has taken the place of ${oldAuthority}. Export, and copy the new kit to the broker.`);
    return;
  }
  output.say(`${oldAuthority} is being replaced by ${newAuthority}; both are trusted.`);
  output.say(
    `  ${devices} devices: ${trusting} exported with both to trust, ${reissued} issued anew, ${moved} moved (exported since).`,
  );
  output.say(
    moved < devices
      ? '  Next: copy the new kit to the broker, "renew" devices, "export", bring the bundles to the devices; then --finish.'
      : '  Every device was given its new bundle. When all are installed: --finish.',
  );
}

function sayRehearsal(output: Output, rehearsal: Rehearsal): void {
  const { newAuthorities, devices, skipped, broker, observer, seconds } = rehearsal;
  output.say('Rehearsal: nothing was changed. It would');
  for (const name of newAuthorities) output.say(`  make ${name}`);
  output.say(`  issue ${devices} devices anew${skipped.length > 0 ? ` and pass over ${skipped.length}` : ''}`);
  if (broker) output.say('  issue the broker anew');
  if (observer) output.say('  issue the observer anew');
  output.say(
    `  take about ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} seconds on this computer, without the export.`,
  );
}
