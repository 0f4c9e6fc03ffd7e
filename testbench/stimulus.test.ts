import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBigints, type Streams } from './beats.js';
import type { Manifest, ManifestPort } from './manifest.js';
import { layOut, pack } from './pack.js';
import { createRandom } from './random.js';
import { createStimulus } from './stimulus.js';
import { adder } from './testing/designs.js';

type Shape = Pick<ManifestPort, 'elements' | 'elementWidth' | 'signed'> & Partial<Pick<ManifestPort, 'min' | 'max'>>;

/** A manifest with one input stream of these ports, `p0`, `p1`, …, and perhaps a last flag. */
function manifestOf(shapes: readonly Shape[], last = false): Manifest {
  const { manifest } = adder({ flow: 'stream' });
  const ports = shapes.map((shape, index): ManifestPort => ({ name: `p${index}`, direction: 'input', width: shape.elements * shape.elementWidth, doc: '', ...shape }));
  const flag: ManifestPort = { name: 'in_last', direction: 'input', width: 1, elements: 1, elementWidth: 1, signed: false, doc: '' };
  const all = last ? [...ports, flag] : ports;
  return { ...manifest, ports: all, streams: [{ name: 'in', direction: 'input', payload: all.map(port => port.name), ...(last ? { last: 'in_last' } : {}) }] };
}

const values = (streams: Streams, port: string): readonly bigint[] => toBigints(streams.in?.ports[port] ?? []);

const range = ({ elementWidth, signed, min, max }: Shape): readonly [bigint, bigint] => {
  const width = BigInt(elementWidth);
  const [low, high] = signed ? [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n] : [0n, (1n << width) - 1n];
  return [min === undefined ? low : BigInt(min), max === undefined ? high : BigInt(max)];
};

const anyShape = fc.record({ elements: fc.integer({ min: 1, max: 5 }), elementWidth: fc.constantFrom(1, 2, 3, 8, 16, 31, 32, 33, 64, 70), signed: fc.boolean() })
  .chain(shape => {
    const [low, high] = range(shape);
    return fc.option(fc.tuple(fc.bigInt({ min: low, max: high }), fc.bigInt({ min: low, max: high })), { nil: undefined })
      .map((ends): Shape => ends === undefined ? shape : { ...shape, min: String(ends[0] < ends[1] ? ends[0] : ends[1]), max: String(ends[0] < ends[1] ? ends[1] : ends[0]) });
  });

describe('stimulus', () => {
  it('stays in the range of each port, and reaches its ends and zero', () => {
    fc.assert(fc.property(fc.array(anyShape, { minLength: 1, maxLength: 3 }), fc.nat(), (shapes, seed) => {
      const stimulus = createStimulus(manifestOf(shapes));
      const random = stimulus.random(createRandom(seed), 200);
      const corners = stimulus.corners();
      shapes.forEach((shape, index) => {
        const [min, max] = range(shape);
        for (const streams of [random, corners]) {
          const found = values(streams, `p${index}`);
          expect(found.length).toBe((streams.in?.count ?? 0) * shape.elements);
          expect(found.every(value => value >= min && value <= max)).toBe(true);
        }
        for (const end of [min, max, ...(min <= 0n && max >= 0n ? [0n] : [])]) expect(values(corners, `p${index}`)).toContain(end);
      });
    }), { numRuns: 60 });
  });

  it('is the same again from the same seed', () => {
    const stimulus = createStimulus(manifestOf([{ elements: 4, elementWidth: 8, signed: true }]));
    expect(stimulus.random(createRandom(3), 100)).toEqual(stimulus.random(createRandom(3), 100));
    expect(stimulus.random(createRandom(4), 100)).not.toEqual(stimulus.random(createRandom(3), 100));
  });

  it('has corners with every combination of ends, each lane alone, and all special values', () => {
    const streams = createStimulus(manifestOf([{ elements: 4, elementWidth: 8, signed: false }, { elements: 4, elementWidth: 8, signed: true }])).corners();
    const count = streams.in?.count ?? 0;
    const beat = (port: string, index: number): string => values(streams, port).slice(4 * index, 4 * index + 4).join(',');
    const seen = new Set(Array.from({ length: count }, (_, index) => `${beat('p0', index)} ${beat('p1', index)}`));
    const same = (value: number): string => Array(4).fill(value).join(',');
    for (const a of [0, 255]) for (const w of [-128, 0, 127]) expect(seen).toContain(`${same(a)} ${same(w)}`);
    for (const lane of [0, 1, 2, 3]) expect(seen).toContain(`${[0, 1, 2, 3].map(index => (index === lane ? 255 : 0)).join(',')} ${[0, 1, 2, 3].map(index => (index === lane ? 127 : 0)).join(',')}`);
    const single = new Set(values(streams, 'p1').map(Number));
    for (const value of [-128, -127, -65, -64, -1, 0, 1, 2, 3, 4, 63, 64, 65, 126, 127]) expect(single).toContain(value);
    expect(count).toBeLessThan(400);
  });

  it('ends groups of one beat, of two and of many', () => {
    const stimulus = createStimulus(manifestOf([{ elements: 1, elementWidth: 4, signed: false }], true));
    for (const streams of [stimulus.corners(), stimulus.random(createRandom(1), 2000)]) {
      const lengths = new Set<number>();
      let open = 0;
      for (const flag of values(streams, 'in_last')) {
        open++;
        if (flag === 1n) {
          lengths.add(open);
          open = 0;
        }
      }
      expect([lengths.has(1), lengths.has(2), Math.max(...lengths) > 8]).toEqual([true, true, true]);
    }
    expect(stimulus.exhaustive).toBeUndefined();
    expect(stimulus.anyPattern).toBe(true);
  });

  it('counts all operands once, and as the driver does where every pattern is legal', () => {
    const full = manifestOf([{ elements: 2, elementWidth: 3, signed: true }, { elements: 1, elementWidth: 4, signed: false }]);
    const stimulus = createStimulus(full);
    expect(stimulus.anyPattern).toBe(true);
    expect(stimulus.exhaustive?.count).toBe(1024n);
    const all = stimulus.exhaustive?.at(0n, 1024) ?? {};
    const layout = layOut(full.ports);
    const words = pack(all.in ?? { count: 0, ports: {} }, layout);
    for (let beat = 0; beat < 1024; beat++) expect([words[2 * beat], words[2 * beat + 1]]).toEqual([beat % 64, Math.floor(beat / 64)]);
    expect(() => stimulus.exhaustive?.at(1000n, 25)).toThrow('there are 1024');
    const limited = createStimulus(manifestOf([{ elements: 2, elementWidth: 3, signed: true, min: '-1', max: '1' }]));
    expect([limited.anyPattern, limited.exhaustive?.count]).toEqual([false, 9n]);
    const nine = values(limited.exhaustive?.at(0n, 9) ?? {}, 'p0');
    expect(new Set(Array.from({ length: 9 }, (_, beat) => nine.slice(2 * beat, 2 * beat + 2).join(','))).size).toBe(9);
    expect(createStimulus(manifestOf([{ elements: 4096, elementWidth: 8, signed: false }])).exhaustive).toBeUndefined();
  });

  it('keeps to a list of legal elements', () => {
    const manifest = manifestOf([{ elements: 3, elementWidth: 6, signed: false }]);
    const legal = Uint32Array.from([0, 1, 7, 40]);
    const stimulus = createStimulus(manifest, { legal: { p0: legal } });
    expect(stimulus.anyPattern).toBe(false);
    expect(stimulus.exhaustive?.count).toBe(64n);
    for (const streams of [stimulus.corners(), stimulus.random(createRandom(1), 300), stimulus.exhaustive?.at(0n, 64) ?? {}]) {
      expect([...new Set(values(streams, 'p0').map(Number))].sort((a, b) => a - b)).toEqual([0, 1, 7, 40]);
    }
  });

  it('refuses a range that the port does not hold', () => {
    expect(() => createStimulus(manifestOf([{ elements: 1, elementWidth: 3, signed: true, min: '-5' }]))).toThrow('Port p0 cannot hold its range -5 .. 3.');
  });
});
