import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublishTemplate } from '../../../shared/model/publish-template.ts';
import type { TimedState } from '../../../shared/model/timed.ts';
import type { FilledMessage } from '../../../shared/rules/publish-template.ts';
import { type Clock, TimedRun } from './timed-run.ts';

const template: PublishTemplate = {
  topic: 'lab/energy/{{device}}',
  form: 'text',
  text: '{{counter}}',
  variables: true,
  qos: 1,
  retain: false,
  properties: {},
};

/** Time that passes when a test says so. */
class FakeClock implements Clock {
  #time = 1_000;
  #waiting: { at: number; call: () => void }[] = [];
  readonly now = () => this.#time;
  readonly date = () => 1_800_000_000_000 + this.#time;
  readonly after = (ms: number, call: () => void) => {
    const entry = { at: this.#time + ms, call };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== entry);
    };
  };
  get timers(): number {
    return this.#waiting.length;
  }
  /** Lets time pass; each timer fires `late` ms after it was due. */
  async pass(ms: number, late = 0): Promise<void> {
    const until = this.#time + ms;
    for (;;) {
      const next = this.#waiting.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at + late > until) break;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.#time = Math.max(this.#time, next.at + late);
      next.call();
      await Promise.resolve();
    }
    this.#time = until;
    await Promise.resolve();
  }
  /** The computer sleeps: time passes and nothing fires. */
  sleep(ms: number): void {
    this.#time += ms;
  }
}

function started(
  options: { interval?: number; count?: number | null; template?: Partial<PublishTemplate>; waiting?: number } = {},
  answer: (message: FilledMessage) => Promise<number> = () => Promise.resolve(0),
) {
  const clock = new FakeClock();
  const sent: { at: number; text: string; topic: string }[] = [];
  const states: TimedState[] = [];
  const run = new TimedRun(
    {
      connectionId: 'a-connection',
      template: { ...template, ...options.template },
      device: 'meter-001',
      project: 'lab',
      interval: options.interval ?? 1_000,
      count: options.count ?? null,
    },
    {
      clock,
      onState: (state) => states.push(state),
      publish: (message) => {
        sent.push({ at: clock.now() - 1_000, text: Buffer.from(message.payload).toString(), topic: message.topic });
        return answer(message);
      },
      ...(options.waiting === undefined ? {} : { waiting: options.waiting }),
    },
  );
  return { clock, sent, states, run };
}

describe('a timed run', () => {
  it('sends the first message at once, each further one an interval later, and ends after the last', async () => {
    const { clock, sent, states, run } = started({ count: 3 });
    await clock.pass(10_000);
    expect(sent).toEqual([
      { at: 0, text: '1', topic: 'lab/energy/meter-001' },
      { at: 1_000, text: '2', topic: 'lab/energy/meter-001' },
      { at: 2_000, text: '3', topic: 'lab/energy/meter-001' },
    ]);
    expect(run.state).toMatchObject({ ended: 'done', sent: 3, acknowledged: 3, failed: 0, skipped: 0 });
    expect(states.at(-1)).toEqual(run.state);
    expect(clock.timers).toBe(0);
  });

  it('does not drift, however late its timers are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 5_000 }),
        fc.double({ min: 0, max: 0.6, noNaN: true }),
        async (interval, lateness) => {
          const late = Math.floor(interval * lateness);
          const { clock, sent } = started({ interval });
          await clock.pass(interval * 500 + late, late);
          expect(sent).toHaveLength(501);
          for (const [n, { at }] of sent.slice(1).entries()) {
            expect(at - (n + 1) * interval).toBeGreaterThanOrEqual(0);
            expect(at - (n + 1) * interval).toBeLessThanOrEqual(late + 1);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('makes up for a short delay only, not for what it slept through, and keeps its beat', async () => {
    const { clock, sent, run } = started({ count: 20 });
    await clock.pass(2_500);
    clock.sleep(5_000);
    await clock.pass(3_000);
    // 3,000 to 5,000 are more than two seconds late by then; 6,000 and 7,000 are not
    expect(sent.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 7_500, 7_500, 8_000, 9_000, 10_000]);
    expect(run.state).toMatchObject({ sent: 8, skipped: 3 });
    await clock.pass(20_000);
    expect(run.state).toMatchObject({ ended: 'done', sent: 17, skipped: 3 });
  });

  it('counts what the broker refuses and what is lost with the connection, and ends with it', async () => {
    const answers = [() => Promise.resolve(0), () => Promise.resolve(135), () => Promise.reject(new Error('gone'))];
    const { clock, run } = started({}, () => (answers.shift() ?? (() => Promise.resolve(16)))());
    await clock.pass(3_500);
    expect(run.state).toMatchObject({ sent: 4, acknowledged: 2, failed: 2, reasonCode: 135, ended: null });
    run.end('connection');
    await clock.pass(60_000);
    expect(run.state).toMatchObject({ sent: 4, ended: 'connection' });
    expect(clock.timers).toBe(0);
  });

  it('sends no more than the broker answers, and goes on when it does', async () => {
    const waiting: ((code: number) => void)[] = [];
    const { clock, sent, run } = started({ waiting: 3 }, () => new Promise((resolve) => waiting.push(resolve)));
    await clock.pass(9_500);
    expect(sent).toHaveLength(3);
    expect(run.state).toMatchObject({ sent: 3, acknowledged: 0, skipped: 7 });
    for (const answer of waiting) answer(0);
    await clock.pass(0);
    await clock.pass(1_000);
    expect(run.state).toMatchObject({ sent: 4, acknowledged: 3, skipped: 7 });
    // the counter counts messages, not turns
    expect(sent.at(-1)?.text).toBe('4');
  });

  it('does not count a confirmation with QoS 0, where there is none', async () => {
    const { clock, run } = started({ count: 5, template: { qos: 0 } });
    await clock.pass(10_000);
    expect(run.state).toMatchObject({ sent: 5, acknowledged: 0, failed: 0 });
  });

  it('ends when no message can be made of what was written', async () => {
    const { clock, sent, run } = started({ template: { text: '{{nwo}}' } });
    await clock.pass(5_000);
    expect([sent.length, run.state.ended]).toEqual([0, 'message']);
  });

  it('tells how it stands a few times a second, not with every message', async () => {
    const { clock, states } = started({ interval: 10 });
    await clock.pass(10_000);
    expect(states.length).toBeLessThan(45);
    expect(states.at(-1)?.sent).toBeGreaterThan(970);
  });
});
