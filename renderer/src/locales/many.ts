/**
 * Spanish has a third plural, `many`, for 1,000,000 and other whole millions (CLDR). Written with digits it reads like
 * `other`; without it a counter would show the key's name at the millionth message. Gives the words with those keys added.
 */
export function withMany<T extends object>(words: T): T {
  const entries = Object.entries(words).flatMap(([key, value]): [string, unknown][] => {
    if (typeof value === 'object' && value !== null) return [[key, withMany(value)]];
    return key.endsWith('_other')
      ? [
          [key, value],
          [`${key.slice(0, -'_other'.length)}_many`, value],
        ]
      : [[key, value]];
  });
  return Object.fromEntries(entries) as T;
}
