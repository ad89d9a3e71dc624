/** Text that is marked in the page without an element of its own (CSS Custom Highlight API): nothing of React's is touched. */
const name = 'found';
/** Marks in one element: a payload of a megabyte that says "a" only has more than anybody looks at. */
const mostMarks = 500;

/** Marks a text wherever it stands inside `within`; gives what takes the marks away again. */
export function markText(within: Element, text: string, matchCase: boolean): () => void {
  if (text === '') return () => undefined;
  const highlight = CSS.highlights.get(name) ?? new Highlight();
  CSS.highlights.set(name, highlight);
  const wanted = matchCase ? text : text.toLowerCase();
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && ranges.length < mostMarks; node = walker.nextNode()) {
    const { data } = node as Text;
    const searched = matchCase ? data : data.toLowerCase();
    // a letter that is longer in small, like İ, would shift what follows
    if (searched.length !== data.length) continue;
    for (
      let at = searched.indexOf(wanted);
      at >= 0 && ranges.length < mostMarks;
      at = searched.indexOf(wanted, at + wanted.length)
    ) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      highlight.add(range);
      ranges.push(range);
    }
  }
  return () => {
    for (const range of ranges) highlight.delete(range);
  };
}
