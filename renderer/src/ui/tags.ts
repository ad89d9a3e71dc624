/** Values as people type or paste them: separated by space, comma, semicolon or line. */
export function splitTags(text: string): string[] {
  return text.split(/[\s,;]+/).filter((each) => each !== '');
}
