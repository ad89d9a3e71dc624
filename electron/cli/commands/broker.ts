import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { reviewBrokerRequest, signBrokerRequest } from '../../jobs/broker-request.ts';
import { makeBrokerRequest, reviewBrokerAnswer, takeBrokerAnswer } from '../../jobs/outside-answer.ts';
import { makeBrokerOwn } from '../../jobs/renew.ts';
import type { DroppedFile } from '../../jobs/review-requests.ts';
import type { VaultSession } from '../../vault/session.ts';
import { readAnswerFile, sayChain, writeRequest } from '../answer-files.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { findingLine } from '../lint-words.ts';
import { answerRefusalTexts, requestRefusalTexts } from '../words.ts';

export const brokerActions = ['request', 'answer', 'sign', 'own'] as const;
export type BrokerAction = (typeof brokerActions)[number];

export interface BrokerOptions {
  readonly out?: string;
  readonly newKey?: boolean;
  readonly name?: readonly string[];
  readonly asGiven?: boolean;
  readonly dryRun?: boolean;
  readonly key?: string;
}

/**
 * `fieldkey broker request | answer | sign | own PROJECT [FILES…]`: who makes the broker's key and who issues its certificate.
 * Gives the exit status: 7 when a dry run found something that would be refused.
 * @throws INPUT_INVALID, FILE_MALFORMED, whatever the act throws
 */
export async function brokerCommand(
  context: CommandContext,
  action: BrokerAction,
  project: string,
  paths: readonly string[],
  options: BrokerOptions,
): Promise<number> {
  const files = await Promise.all(paths.map((path) => readAnswerFile(context.path(path))));
  return withVault(context, false, async (session) =>
    actions[action](context, session, projectNamed(session, project).id, files, options),
  );
}

type Act = (
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  files: readonly DroppedFile[],
  options: BrokerOptions,
) => Promise<number>;

const actions: Record<BrokerAction, Act> = {
  request: async ({ output, path }, session, projectId, _, options) => {
    const { pem, name } = await makeBrokerRequest(session, projectId, { newKey: options.newKey === true });
    const file = path(options.out ?? name);
    await writeRequest(file, pem);
    output.say(`Request written: ${file}. Its key stays in the vault.`);
    output.say('Send it to the other authority; "broker answer" takes the certificate that comes back, with its chain.');
    output.result({ file, pem });
    return exitCodes.done;
  },
  answer: async (context, session, projectId, files, options) => {
    const { output } = context;
    const given = { asGiven: options.asGiven };
    const review = reviewBrokerAnswer(session, projectId, files, given);
    sayChain(output, review.chain);
    if (review.missing.length > 0) output.say(`Not valid for: ${review.missing.join(', ')}`);
    if (options.dryRun) {
      output.say(review.refusal === null ? 'It would be taken.' : `REFUSED: ${answerRefusalTexts[review.refusal]}`);
      output.result({ dryRun: true, ...review });
      return review.refusal === null ? exitCodes.done : exitCodes.findings;
    }
    const done = await takeBrokerAnswer(session, projectId, files, given);
    if (options.asGiven) output.say('Taken as given: the key stays with whoever runs the broker, and the kit has none.');
    output.say('Taken. Give the devices their new bundles first: those of before do not know this authority.');
    sayCopies(context, done.filesToCopy);
    output.result({ ...review, ...done });
    return exitCodes.done;
  },
  sign: async (context, session, projectId, files, options) => {
    const { output } = context;
    const [file] = files;
    if (!file || files.length > 1) {
      throw new FieldkeyError('INPUT_INVALID', { problems: [problem('number-range', { minimum: 1, maximum: 1 }, 'files')] });
    }
    const review = reviewBrokerRequest(session, projectId, file.bytes);
    output.say(`asks for  ${review.subject || '(no name)'}, ${review.key}`);
    if (review.extensions.length > 0) output.say(`          extensions: ${review.extensions.join(', ')}`);
    for (const finding of review.findings) output.say(`          ${findingLine(finding)}`);
    for (const { value, inProject, inRequest } of review.names)
      output.say(
        `          ${value}  (${[inProject ? 'of the project' : '', inRequest ? 'asked for' : ''].filter(Boolean).join(', ')})`,
      );
    if (review.refusal) output.say(`REFUSED   ${requestRefusalTexts[review.refusal]}`);
    // without being told, what devices know the broker by; a wish is taken over when a person says so
    const wanted = options.name ?? review.names.filter(({ inProject }) => inProject).map(({ value }) => value);
    const addresses = wanted.filter((name) => review.names.some(({ value, kind }) => kind === 'ip' && value === name));
    const names = wanted.filter((name) => !addresses.includes(name));
    if (options.dryRun) {
      output.say(`Would be issued for ${wanted.join(', ')}, ${review.days} days, by ${review.authority}. Nothing was changed.`);
      output.result({ dryRun: true, ...review, wanted });
      return review.refusal === null ? exitCodes.done : exitCodes.findings;
    }
    const done = await authorityKey(context, session, projectId, options, (handed) =>
      signBrokerRequest(session, projectId, { pem: review.pem, names, addresses, handed }),
    );
    output.say(`Issued for ${wanted.join(', ')}, for servers, by ${review.authority}. The kit has no key from now on.`);
    sayCopies(context, done.filesToCopy);
    output.result({ ...review, wanted, ...done });
    return exitCodes.done;
  },
  own: async (context, session, projectId, _files, options) => {
    const done = await authorityKey(context, session, projectId, options, (handed) => makeBrokerOwn(session, projectId, handed));
    context.output.say('The broker has a key and a certificate of this vault again.');
    sayCopies(context, done.filesToCopy);
    context.output.result(done);
    return exitCodes.done;
  },
};

function sayCopies({ output }: CommandContext, files: readonly string[]): void {
  output.say(`Export, then copy to the broker and restart it: ${files.join(', ') || 'nothing'}`);
}
