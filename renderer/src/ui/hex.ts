/** `4f9a1c07` → `4f`, `9a`, `1c`, `07`. An odd number of digits is filled up on the left, as openssl does. */
function bytesOf(hex: string): string[] {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return even.match(/../g) ?? [];
}

/** `4f:9a:1c:07`, the form that openssl, browsers and device pages show. */
export function colonHex(hex: string): string {
  return bytesOf(hex).join(':');
}

/** The first bytes, enough to tell certificates apart in a list. */
export function shortHex(hex: string, count = 4): string {
  const bytes = bytesOf(hex);
  return bytes.length <= count ? bytes.join(':') : `${bytes.slice(0, count).join(':')}…`;
}

/** Groups of bytes for reading aloud and comparing: a line never breaks inside one. */
export function hexGroups(hex: string, size = 4): string[] {
  const bytes = bytesOf(hex);
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += size) groups.push(bytes.slice(at, at + size).join(':'));
  return groups;
}
