const spelled = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;

/** Small numbers are written as words in a heading; null = too large for that. */
export function spelledCount(count: number): (typeof spelled)[number] | null {
  return spelled[count - 1] ?? null;
}
