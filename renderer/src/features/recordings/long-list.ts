/** Browsers draw nothing beyond some 33 million pixels; a list that is longer is scrolled faster than its rows are high. */
export const tallest = 12_000_000;

export interface Placed {
  /** The height that the scrolled content has. */
  readonly height: number;
  /** The first row that is in view, and where it begins in the scrolled content. */
  readonly first: number;
  readonly offset: number;
}

/** Where the rows of a list lie that may be longer than a page can be. Heights in pixels. */
export function placeRows(count: number, rowHeight: number, viewHeight: number, scrollTop: number): Placed {
  const real = count * rowHeight;
  const height = Math.min(real, tallest);
  const room = Math.max(0, height - viewHeight);
  const top = Math.max(0, Math.min(room, scrollTop));
  // the same fraction of the way, so that both ends are reached
  const realTop = room > 0 ? (top / room) * Math.max(0, real - viewHeight) : 0;
  const first = Math.max(0, Math.floor(realTop / rowHeight));
  return { height, first, offset: top - (realTop - first * rowHeight) };
}

/** How far to scroll so that a row is in view; null when it is. */
export function scrollFor(index: number, count: number, rowHeight: number, viewHeight: number, scrollTop: number): number | null {
  const real = count * rowHeight;
  const height = Math.min(real, tallest);
  const room = Math.max(0, height - viewHeight);
  const realRoom = Math.max(0, real - viewHeight);
  if (room === 0) return null;
  const realTop = (Math.max(0, Math.min(room, scrollTop)) / room) * realRoom;
  const wanted = Math.max((index + 1) * rowHeight - viewHeight, Math.min(index * rowHeight, realTop));
  return Math.abs(wanted - realTop) < 0.5 ? null : (wanted / realRoom) * room;
}
