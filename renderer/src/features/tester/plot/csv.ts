import { nameOfField, type Series } from './plot-store.ts';

/** RFC 4180 §2: quoted where it has to be. A text that a spreadsheet would take for a formula is quoted by an apostrophe as well. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Every point that is kept, one a line, in the order of time: time (ISO 8601, UTC), topic, field, value. */
export function csvOf(series: readonly Series[]): string {
  const lines: [number, string][] = [];
  for (const each of series) {
    const [topic, field] = [cell(each.topic), cell(nameOfField(each))];
    for (let at = 0; at < each.points.length; at++) {
      const time = each.points.time(at);
      lines.push([time, `${new Date(time).toISOString()},${topic},${field},${each.points.value(at)}`]);
    }
  }
  lines.sort(([a], [b]) => a - b);
  return `${['time,topic,field,value', ...lines.map(([, line]) => line)].join('\r\n')}\r\n`;
}
