/** A topic contains the text, or matches it as an MQTT filter when it is one. Capitals make no difference in a search. */
export function topicMatcher(text: string): (topic: string) => boolean {
  const wanted = text.trim();
  if (wanted === '') return () => true;
  if (/^([^+#]*|\+)(\/([^+#]*|\+))*(\/#)?$|^#$/.test(wanted) && /[+#]/.test(wanted)) return filterMatcher(wanted);
  const folded = wanted.toLowerCase();
  return (topic) => topic.toLowerCase().includes(folded);
}

/** MQTT 5 §4.7.1: `+` is one level, `#` the rest and its parent. §4.7.2: neither matches a first level that begins with $. */
export function filterMatcher(filter: string): (topic: string) => boolean {
  const wanted = filter.split('/');
  return (topic) => {
    if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false;
    const levels = topic.split('/');
    for (let at = 0; at < wanted.length; at++) {
      if (wanted[at] === '#') return true;
      if (at >= levels.length || (wanted[at] !== '+' && wanted[at] !== levels[at])) return false;
    }
    return levels.length === wanted.length;
  };
}
