/** A rate as a person says it: messages a second, or a minute when they are rare; null when there is nothing to say. */
export function rateText(perSecond: number): { readonly unit: 'second' | 'minute'; readonly value: number } | null {
  if (perSecond >= 10) return { unit: 'second', value: Math.round(perSecond) };
  if (perSecond >= 0.95) return { unit: 'second', value: Math.round(perSecond * 10) / 10 };
  const perMinute = Math.round(perSecond * 60);
  return perMinute > 0 ? { unit: 'minute', value: perMinute } : null;
}
