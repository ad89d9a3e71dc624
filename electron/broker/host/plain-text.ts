const width = 100;

/** A title line with `---` below it. */
export function title(words: string, line = '-'): string {
  return `${words}\n${line.repeat(words.length)}`;
}

/** Command lines, indented by four spaces, so that people and tests can copy them. */
export function commands(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

/** A paragraph of at most 100 columns, its further lines indented. */
export function text(words: string, indent = ''): string {
  const lines = [''];
  for (const word of words.split(' ')) {
    const last = lines[lines.length - 1] ?? '';
    if (last !== '' && last.length + 1 + word.length > width - indent.length) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

/** Points of a list, each a paragraph of its own. */
export function points(all: readonly string[]): string {
  return all.map((words) => `- ${text(words, '  ')}`).join('\n');
}

/** These files are plain ASCII, and a name may be somebody else's. */
export function printable(name: string): string {
  return name.replace(/[^ -~]/g, '?').slice(0, 200);
}

export function utcDate(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Shell word for a path of shared/rules/broker-path.ts: letters, digits, `. _ / -` and spaces, so plain quotes do. */
export function quoted(path: string): string {
  return `'${path}'`;
}
