/**
 * Indents JSON without changing a character of its values: numbers keep their digits, strings their escapes, and
 * variables (`{{…}}`) count as values. What is no JSON comes out as it went in, save for its blanks.
 */
export function formatJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"?|\{\{[^{}]*\}\}|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      out += before === '{' || before === '[' ? token : line() + token;
    } else {
      if (before === '{' || before === '[' || before === ',') out += line();
      else if (before === ':') out += ' ';
      out += token;
      if (token === '{' || token === '[') depth++;
    }
  });
  return out;
}
