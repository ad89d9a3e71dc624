import { describe, expect, it } from 'vitest';
import { decidedOf, isHopeless, type Reviewed, refusalsOf } from './review.ts';

const reviewed = (id: string, refusal: Reviewed['refusal'] = null): Reviewed => ({
  file: `${id}.csr`,
  position: 0,
  pem: 'pem',
  fingerprint: id,
  subject: `CN=${id}`,
  key: 'P-256',
  names: [],
  addresses: [],
  extensions: [],
  wantsCa: false,
  findings: [],
  id,
  role: 'device',
  refusal,
  existing: refusal === 'name-taken' ? 'rekey' : null,
});

describe('decisions about requests', () => {
  it('follow what was typed: a new name helps, a weak key does not', () => {
    const [good, taken, weak] = decidedOf([reviewed('a'), reviewed('b', 'name-taken'), reviewed('c', 'rsa-too-short')], 0);
    if (!good || !taken || !weak) throw new Error('three requests');
    expect(refusalsOf([good, taken, weak])).toEqual([null, 'name-taken', 'rsa-too-short']);
    expect(refusalsOf([good, { ...taken, id: 'b-2' }, { ...weak, id: 'c-2' }])).toEqual([null, null, 'rsa-too-short']);
    expect(refusalsOf([good, { ...taken, existing: true }])).toEqual([null, null]);
    expect([good, taken, weak].map(isHopeless)).toEqual([false, false, true]);
  });

  it('see two of one name, unless one is left out', () => {
    const [one, two] = decidedOf([reviewed('a'), reviewed('b')], 0);
    if (!one || !two) throw new Error('two requests');
    expect(refusalsOf([one, { ...two, id: 'A' }])).toEqual([null, 'name-twice']);
    expect(
      refusalsOf([
        { ...one, left: true },
        { ...two, id: 'A' },
      ]),
    ).toEqual([null, null]);
    expect(
      refusalsOf([
        { ...one, id: 'no good' },
        { ...two, id: '' },
      ]),
    ).toEqual(['id-invalid', 'id-missing']);
    expect(refusalsOf([{ ...one, id: 'observer' }])).toEqual(['id-reserved']);
  });
});
