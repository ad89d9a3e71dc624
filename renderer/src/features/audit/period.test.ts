import { describe, expect, it } from 'vitest';
import { dayOf, rangeOf } from './period.ts';

const now = new Date(2026, 10, 22, 13, 5).getTime();
const local = (year: number, month: number, day: number) => new Date(year, month - 1, day).getTime();

describe('the stretch of time that is asked for', () => {
  it('is open where nothing is said', () => {
    expect(rangeOf({ name: 'all', from: '2026-01-01', to: '' }, now)).toEqual({});
    expect(rangeOf({ name: 'custom', from: '', to: '' }, now)).toEqual({});
    expect(rangeOf({ name: 'custom', from: '2026-1-1', to: 'x' }, now)).toEqual({});
  });
  it('has whole days, the last one too', () => {
    expect(rangeOf({ name: 'today', from: '', to: '' }, now)).toEqual({ since: local(2026, 11, 22) });
    expect(rangeOf({ name: 'week', from: '', to: '' }, now)).toEqual({ since: local(2026, 11, 16) });
    expect(rangeOf({ name: 'custom', from: '2026-03-28', to: '2026-03-29' }, now)).toEqual({
      since: local(2026, 3, 28),
      until: local(2026, 3, 30),
    });
    expect(dayOf(local(2026, 3, 9))).toBe('2026-03-09');
  });
});
