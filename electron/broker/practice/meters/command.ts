/** What a meter answers, and the interval that it takes on (seconds; null = as before). */
export interface CommandAnswer {
  readonly answer: Readonly<Record<string, string | number>>;
  readonly interval: number | null;
}

/** Answers a command as JSON. Whatever is not one of them is answered too, with what is known. */
export function answerTo(text: string, meter: { readonly id: string; readonly interval: number }): CommandAnswer {
  const command = parsed(text);
  switch (command?.['command']) {
    case 'identify':
      return {
        answer: { answer: 'identify', id: meter.id, model: 'Fieldkey practice meter', interval: meter.interval },
        interval: null,
      };
    case 'interval': {
      const seconds = command['seconds'];
      if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 1 || seconds > 60) {
        return { answer: { answer: 'error', error: 'seconds must be from 1 to 60' }, interval: null };
      }
      return { answer: { answer: 'interval', seconds }, interval: seconds };
    }
    default:
      return { answer: { answer: 'error', error: 'commands: identify, interval' }, interval: null };
  }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
