import { FieldkeyError } from '../../shared/errors.ts';

/**
 * The vault's passphrase: from FIELDKEY_PASSPHRASE, else asked for on the terminal without showing it (twice when a
 * vault is to be made). The variable is removed from the environment, so that no child process inherits it.
 * @throws PASSPHRASE_MISSING without variable and terminal, PASSPHRASE_DIFFERENT when the two differ
 */
export async function askPassphrase(
  question: string,
  options: { readonly twice: boolean; readonly variable?: string },
): Promise<string> {
  const variable = options.variable ?? 'FIELDKEY_PASSPHRASE';
  const given = process.env[variable];
  if (given !== undefined && given !== '') {
    delete process.env[variable];
    return given;
  }
  if (!process.stdin.isTTY) throw new FieldkeyError('PASSPHRASE_MISSING', { variable });
  const first = await readHidden(`${question}: `);
  if (options.twice && (await readHidden('Once more: ')) !== first) throw new FieldkeyError('PASSPHRASE_DIFFERENT', {});
  return first;
}

/** Reads a line from the terminal in raw mode. Ctrl-C ends the program as it would anywhere. */
function readHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // before the question: whoever answers at once must not see it echoed
  stdin.setRawMode(true);
  stderr.write(question);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve) => {
    let typed = '';
    const onData = (text: string) => {
      for (const char of text) {
        if (char === '\r' || char === '\n') {
          stdin.off('data', onData);
          stdin.setRawMode(false);
          stdin.pause();
          stderr.write('\n');
          resolve(typed);
          return;
        }
        if (char === '\u0003') {
          stdin.setRawMode(false);
          stderr.write('\n');
          process.exit(130);
        }
        if (char === '\u007f' || char === '\b') typed = [...typed].slice(0, -1).join('');
        else if (char >= ' ') typed += char;
      }
    };
    stdin.on('data', onData);
  });
}
