/** How the list shows payloads. */
export const lineViews = ['text', 'hex'] as const;
export type LineView = (typeof lineViews)[number];

/** More than this is cut in the detail: a megabyte of hexadecimal would be five megabytes of page. */
export const payloadShown = 32_768;

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

function strictText(bytes: Uint8Array, cut = false): string | null {
  try {
    // a decoder of its own: a stream keeps the rest of the last character for the next call
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

/** As UTF-8. What is no text shows as � or as the picture of a control character, so that nothing hides. */
export function textOf(bytes: Uint8Array): string {
  return pictured(lenient.decode(bytes));
}

function pictured(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is made visible
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, (char) => {
    const code = char.charCodeAt(0);
    return code === 0x7f ? '␡' : String.fromCharCode(0x2400 + code);
  });
}

/** A name in one line: also line ends, tabs and what would turn the direction of reading are made visible. */
export function visible(name: string): string {
  return pictured(name).replace(/[\t\n\r\u0080-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** True for UTF-8 without control characters other than tab and line ends. A character that is cut at the end is no fault. */
export function isText(bytes: Uint8Array): boolean {
  const text = strictText(bytes, true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text !== null && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
}

/** Offset, sixteen bytes, and what of them is ASCII: the layout that hexdump and Wireshark have. */
export function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join('\n');
}

/** RFC 4648 §4, in lines of 76 as mail has them (RFC 2045 §6.8). */
export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return (btoa(binary).match(/.{1,76}/g) ?? []).join('\n');
}

/** One line for a list: at most `maximum` characters, line ends as spaces; bytes that are no text always as hexadecimal. */
export function previewOf(bytes: Uint8Array, view: LineView, maximum = 160): string {
  const part = bytes.subarray(0, view === 'hex' ? Math.ceil(maximum / 3) : maximum * 4);
  const line =
    view === 'hex' || !isText(part)
      ? [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
      : textOf(part).replace(/\s+/g, ' ').trim();
  const cut = line.length > maximum ? line.slice(0, maximum) : line;
  return cut.length < line.length || part.length < bytes.length ? `${cut}…` : cut;
}
