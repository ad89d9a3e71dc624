/**
 * The command lines of one section of the kit's README.txt: what stands indented by four spaces between a title that
 * begins with `title` and the next one. A title is a line with a line of `-` or `=` below it.
 */
export function readmeCommands(readme: string, title: string): string[] {
  const lines = readme.split('\n');
  const isTitle = (index: number) => /^[-=]{3,}$/.test(lines[index + 1] ?? '');
  const start = lines.findIndex((line, index) => line.startsWith(title) && isTitle(index));
  if (start === -1) return [];
  const end = lines.findIndex((line, index) => index > start && line !== '' && isTitle(index));
  return lines
    .slice(start + 2, end === -1 ? undefined : end)
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4));
}
