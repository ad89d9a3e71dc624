/** Where a key leads from row `at` in a table of `total` rows, `page` of them in view; null = not a key of the table. */
export function moveBy(key: string, at: number, total: number, page: number): number | null {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: total - 1 }[key];
  return to === undefined ? null : Math.max(0, Math.min(total - 1, to));
}
