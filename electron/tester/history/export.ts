import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { RecordingFormat, RecordingQuery } from '../../../shared/model/recording.ts';
import { everything } from '../../../shared/model/recording.ts';
import type { WrittenRecording } from './calls.ts';
import type { RecordingFile } from './recording-file.ts';
import { isFull, reasonOf } from './report.ts';
import { type Found, RecordingSearch, readMessages } from './search.ts';
import { propertiesText } from './stored-properties.ts';

export interface ExportOrder {
  /** Null = everything. */
  readonly query: RecordingQuery | null;
  readonly format: RecordingFormat;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

const turn = 40;
const messagesAtOnce = 2_000;

/**
 * Writes the messages of a recording, oldest first: NDJSON (one object a line) or CSV (RFC 4180, UTF-8 with a mark,
 * because spreadsheets guess otherwise). The payload is there as base64, byte for byte, and as text where it is text.
 * What is damaged is left out and counted. The file appears under its name when it is complete; one that was there is replaced only then.
 * @throws EXPORT_NOT_WRITABLE, EXPORT_NO_SPACE, JOB_CANCELLED
 */
export async function writeRecording(recording: RecordingFile, order: ExportOrder): Promise<WrittenRecording> {
  const { file, format, signal, progress } = order;
  const search = new RecordingSearch(recording, order.query ?? everything);
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.new`;
  let handle: FileHandle | undefined;
  let looked = 0;
  let messages = 0;
  const cancelled = () => signal.aborted || !recording.open;
  try {
    handle = await open(unfinished, 'wx', 0o600);
    const form = forms[format];
    await handle.writeFile(form.begin);
    while (!search.done || looked < search.found.length) {
      if (cancelled()) throw new FieldkeyError('JOB_CANCELLED', { done: messages, total: search.searched.total });
      if (!search.done && search.found.length - looked < messagesAtOnce) search.step(turn);
      const part = search.found.slice(looked, looked + messagesAtOnce);
      const found = readMessages(recording, part);
      if (found.length > 0) await handle.writeFile(found.map(form.line).join(''));
      looked += part.length;
      messages += found.length;
      const { done, total } = search.searched;
      progress(Math.max(0, done - (search.found.length - looked)), total);
      // other calls, and what is being recorded, have their turn
      await new Promise((resolve) => setImmediate(resolve));
    }
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(unfinished, file);
    return { file, messages, unreadable: search.unreadable + looked - messages };
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(unfinished, { force: true }).catch(() => undefined);
    if (error instanceof FieldkeyError) throw error;
    if (!recording.open) throw new FieldkeyError('JOB_CANCELLED', { done: messages, total: messages }, error);
    const directory = dirname(file);
    // how much is needed nobody knows before it is written
    if (isFull(error)) throw new FieldkeyError('EXPORT_NO_SPACE', { directory, needed: recording.bytes * 2, free: 0 }, error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory, reason: reasonOf(error) }, error);
  }
}

interface Form {
  readonly begin: string;
  readonly line: (found: Found) => string;
}

const forms: Readonly<Record<RecordingFormat, Form>> = {
  ndjson: {
    begin: '',
    line: ({ seq, message }) => {
      const { at, direction, topic, payload, qos, retain, reasonCode } = message;
      const text = textOf(payload);
      const line = {
        seq,
        at: new Date(at).toISOString(),
        direction,
        topic,
        qos,
        retain,
        ...(reasonCode === null ? {} : { reasonCode }),
        ...(text === null ? {} : { text }),
        payload: base64(payload),
      };
      const properties = message.properties === undefined ? '' : `,"properties":${propertiesText(message.properties)}`;
      return `${JSON.stringify(line).slice(0, -1)}${properties}}\n`;
    },
  },
  csv: {
    begin: `\uFEFF${['seq', 'at', 'direction', 'topic', 'qos', 'retain', 'reasonCode', 'text', 'payload', 'properties'].map(csvField).join(',')}\r\n`,
    line: ({ seq, message }) => {
      const { at, direction, topic, payload, qos, retain, reasonCode } = message;
      const fields = [
        String(seq),
        new Date(at).toISOString(),
        direction,
        topic,
        String(qos),
        String(retain),
        reasonCode === null ? '' : String(reasonCode),
        textOf(payload) ?? '',
        base64(payload),
        message.properties === undefined ? '' : propertiesText(message.properties),
      ];
      // base64 may begin with +, and must stay what it is; it holds nothing that a formula could do harm with
      return `${fields.map((field, index) => (index === 8 ? quoted(field) : csvField(field))).join(',')}\r\n`;
    },
  },
};

/**
 * One field. A spreadsheet takes what begins with = + - @ (or a tab or line break before it) for a formula and runs it; an
 * apostrophe before it makes it text (OWASP, CSV injection). What was received exactly stands in `payload`, as base64.
 */
function csvField(text: string): string {
  return quoted(/^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(text) ? `'${text}` : text);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null when it is no UTF-8, or has control characters other than tab and line ends. */
function textOf(payload: Uint8Array): string | null {
  try {
    const text = strict.decode(payload);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function base64(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
}
