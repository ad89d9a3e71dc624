/** Folds capitals and accents: "bróker" is found by "broker". */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Entries whose label holds every word of the query, those that begin with it first. */
export function matching<E extends { readonly label: string }>(entries: readonly E[], query: string): E[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const found = entries.filter(({ label }) => words.every((word) => fold(label).includes(word)));
  const begins = ({ label }: E) => (fold(label).startsWith(words[0] ?? '') ? 0 : 1);
  return found.toSorted((a, b) => begins(a) - begins(b));
}
