import { readFile } from 'node:fs/promises';
import { stdin } from 'node:process';
import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { characterText, shareCharacters } from '../../../shared/rules/share-text.ts';
import { drillShares, makeShares } from '../../vault/recovery.ts';
import { Vault } from '../../vault/vault.ts';
import { type CommandContext, numberOf, operatorName, withVault } from '../context.ts';
import { askPassphrase } from '../passphrase.ts';

export const shareActions = ['make', 'drill', 'use'] as const;

interface Options {
  readonly threshold?: string;
  readonly count?: string;
  readonly qr?: boolean;
  readonly share?: readonly string[];
}

/** `fieldkey shares make | drill | use --vault FILE`. Shares are written to standard output and nowhere else. */
export function sharesCommand(context: CommandContext, action: (typeof shareActions)[number], options: Options): Promise<void> {
  if (action === 'make') return make(context, options);
  return action === 'drill' ? drill(context, options) : use(context, options);
}

async function make(context: CommandContext, options: Options): Promise<void> {
  const { output } = context;
  const passphrase = await askPassphrase('Passphrase', { twice: false });
  const numbers = { threshold: numberOf(options.threshold, 'threshold') ?? 3, count: numberOf(options.count, 'count') ?? 5 };
  await withVault(
    context,
    false,
    async (session) => {
      const made = await makeShares(session, context.vault, { passphrase, ...numbers });
      const { cards, threshold, vault, set } = made;
      for (const { index, text } of cards) {
        output.say(`Recovery share ${index} of ${cards.length} (vault ${vault}, set ${set})`);
        output.say(`${text}\n`);
        if (options.qr) output.say(`${await qrOf(text)}\n`);
      }
      output.say(
        `Any ${threshold} of these ${cards.length} open the vault and can give it a new passphrase; fewer tell nothing.`,
      );
      output.say('Give each to another person. They are stored nowhere; earlier shares open nothing any more.');
      output.result({ ...made });
    },
    passphrase,
  );
}

async function drill(context: CommandContext, options: Options): Promise<void> {
  const shares = await given(context, options);
  await withVault(context, false, async (session) => {
    const indices = await drillShares(session, shares);
    context.output.say(`Proved: shares ${indices.join(', ')} open this vault. Nothing was changed.`);
    context.output.result({ shares: indices });
  });
}

async function use(context: CommandContext, options: Options): Promise<void> {
  const shares = await given(context, options);
  const passphrase = await askPassphrase('New passphrase', { twice: true, variable: 'FIELDKEY_NEW_PASSPHRASE' });
  const vault = Vault.open(context.vault);
  try {
    const session = await vault.unlockWithShares(shares, { passphrase, operator: context.operator ?? operatorName() });
    if (session.trouble?.kind === 'damaged')
      throw new FieldkeyError('VAULT_DAMAGED', { file: context.vault, detail: session.trouble.detail });
    context.output.say('The vault has its new passphrase. The shares stay good: make new ones if they were seen by others.');
    context.output.result({});
  } finally {
    vault.close();
  }
}

/** Shares from files or standard input. A share may go over several lines; lines that hold none (a heading) are passed over. */
async function given(context: CommandContext, { share }: Options): Promise<string[]> {
  const texts = share ? await Promise.all(share.map((file) => readFile(context.path(file), 'utf8'))) : [await fromStdin()];
  const found = texts.flatMap(sharesIn);
  if (found.length === 0) throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'share')] });
  return found;
}

/** Blocks between empty lines; a block of several whole shares is one for each line. */
function sharesIn(text: string): string[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .map((block) => block.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s*(#|recovery share)/i.test(line)))
    .filter((lines) => lines.length > 0)
    .flatMap((lines) =>
      lines.length > 1 && lines.every((line) => characterText(line).length >= shareCharacters - 6) ? lines : [lines.join('')],
    );
}

async function fromStdin(): Promise<string> {
  if (stdin.isTTY) process.stderr.write('Type the shares, one a line, and end with Ctrl-D:\n');
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts).toString('utf8');
}

async function qrOf(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode');
  return qrcode.toString(text, { type: 'utf8', errorCorrectionLevel: 'M' });
}
