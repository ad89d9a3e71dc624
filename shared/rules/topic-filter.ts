/**
 * How two topic filters relate (MQTT 5 §4.7). The access list needs it to see what a rule gives on top of another one.
 */

/** MQTT 5 §4.7.2: a filter that starts with a wildcard does not match topics that start with `$`. */
function hiddenFrom(wildcard: string | undefined, level: string | undefined): boolean {
  return (wildcard === '#' || wildcard === '+') && level?.startsWith('$') === true;
}

/** True when every topic that `inner` matches is also matched by `outer`. */
export function filterCovers(outer: string, inner: string): boolean {
  const a = outer.split('/');
  const b = inner.split('/');
  if (hiddenFrom(a[0], b[0])) return false;
  for (let i = 0; i < a.length; i++) {
    // also the parent level itself: `lab/#` matches `lab` (§4.7.1.2)
    if (a[i] === '#') return true;
    if (b[i] === undefined || b[i] === '#') return false;
    if (a[i] !== '+' && a[i] !== b[i]) return false;
  }
  return a.length === b.length;
}

/** True when at least one topic is matched by both filters. */
export function filtersOverlap(one: string, other: string): boolean {
  const a = one.split('/');
  const b = other.split('/');
  if (hiddenFrom(a[0], b[0]) || hiddenFrom(b[0], a[0])) return false;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === '#' || b[i] === '#') return true;
    if (a[i] === undefined || b[i] === undefined) return false;
    if (a[i] !== '+' && b[i] !== '+' && a[i] !== b[i]) return false;
  }
  return true;
}
