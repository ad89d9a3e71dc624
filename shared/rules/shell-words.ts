export const shells = ['sh', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** One word for sh (POSIX.1-2024, Shell Command Language §2.2): bare where nothing is special, otherwise in single quotes. */
function shWord(word: string): string {
  return /^[A-Za-z0-9._:/+=@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** One word for PowerShell (about_Quoting_Rules); its typographic quotes end a string as well. */
function powerShellWord(word: string): string {
  return /^[A-Za-z0-9._:/+=-]+$/.test(word) && !/^-/.test(word) ? word : `'${word.replace(/['‘’‚‛]/g, '$&$&')}'`;
}

/** One argument as the C runtime of Windows takes it apart ("Parsing C command-line arguments"). */
function windowsArgument(word: string): string {
  if (/^[A-Za-z0-9._:/+=-]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}

/**
 * A program with its arguments, each of which it gets as it is. PowerShell 5.1 loses double quotes inside of arguments and 7 does
 * not; only what follows `--%` (about_Parsing) is handed on alike by both. It ends with the line, so text with line ends
 * stays in single quotes, which needs PowerShell 7.3.
 */
export function commandLine(shell: Shell, program: string, words: readonly string[]): string {
  if (shell === 'sh') return [program, ...words.map(shWord)].join(' ');
  if (words.some((word) => word.includes('"')) && !words.some((word) => /[\r\n]/.test(word)))
    return [program, '--%', ...words.map(windowsArgument)].join(' ');
  return [program, ...words.map((word) => (/^--?[A-Za-z_]+$/.test(word) ? word : powerShellWord(word)))].join(' ');
}
