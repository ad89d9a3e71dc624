import { FieldkeyError } from '../../../shared/errors.ts';
import { type ConfirmablePoint, checkPoints, confirmablePoints } from '../../../shared/model/checklist.ts';
import { problem } from '../../../shared/problems.ts';
import { confirmPoint, showChecklist } from '../../jobs/checklist.ts';
import { evidenceText, pointTexts } from '../checklist-words.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

interface ChecklistOptions {
  readonly confirm?: string;
  readonly withdraw?: string;
  readonly note?: string;
}

const signs = { red: 'RED', amber: 'amber', unknown: 'unknown', green: 'green' } as const;

/**
 * `fieldkey checklist PROJECT`: every point with its evidence; the whole record is checked for it. Confirms or withdraws a point
 * first where asked to. Gives the exit status: `findings` when a point is red.
 * @throws PROJECT_NOT_FOUND, INPUT_INVALID
 */
export async function checklistCommand(context: CommandContext, name: string, options: ChecklistOptions): Promise<number> {
  const { output } = context;
  const asked = (['confirm', 'withdraw'] as const).flatMap((act) => {
    const point = options[act];
    return point === undefined
      ? []
      : [{ point: pointNamed(point, act), note: noteOf(options.note), withdraw: act === 'withdraw' }];
  });
  return withVault(context, false, async (session) => {
    const projectId = projectNamed(session, name).id;
    for (const each of asked) confirmPoint(session, projectId, each);
    const checklist = await showChecklist(session, projectId, true);
    for (const { point, state, evidence } of checklist.rows) {
      output.say(`${signs[state].padEnd(8)} ${pointTexts[point]}${sourceText(point)}`);
      for (const each of evidence) output.say(`           ${signs[each.state].padEnd(8)} ${evidenceText(each)}`);
    }
    const { red, amber, unknown, green } = checklist.counts;
    output.say(`${red} red, ${amber} amber, ${unknown} unknown, ${green} green`);
    output.result({ checklist });
    return red > 0 ? exitCodes.findings : exitCodes.done;
  });
}

/** Where a point comes from. */
function sourceText(point: keyof typeof checkPoints): string {
  const { meters, mqtt } = checkPoints[point];
  const lists = [meters === null ? '' : `meters ${meters}`, mqtt === null ? '' : `MQTT ${mqtt}`].filter(Boolean);
  return lists.length === 0 ? '' : `  [${lists.join(', ')}]`;
}

function pointNamed(text: string, option: string): ConfirmablePoint {
  const point = confirmablePoints.find((each) => each === text);
  if (point) return point;
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices: confirmablePoints.join(', ') }, option)] });
}

function noteOf(text: string | undefined): string {
  const note = text?.trim() ?? '';
  if (note === '') throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'note')] });
  if (note.length > 500)
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('too-long', { maximum: 500, length: note.length }, 'note')] });
  return note;
}
