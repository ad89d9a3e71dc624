/** Rows per request: about three screens of a tall window, answered in a few milliseconds. */
export const pageSize = 200;

export function pageOf(index: number): number {
  return Math.floor(index / pageSize);
}

/** The pages that hold the rows from `first` to `last`, both included. */
export function pagesOf(first: number, last: number): number[] {
  const from = pageOf(Math.max(0, first));
  const to = pageOf(Math.max(first, last));
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
