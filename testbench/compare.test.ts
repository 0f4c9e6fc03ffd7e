import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortData, Streams } from './beats.js';
import { compareStreams, mismatchText } from './compare.js';
import type { Manifest } from './manifest.js';
import { pipeManifest } from './vcd/testing/pipe-waves.js';

const base = pipeManifest({});
/** One output stream with 3 elements a beat on `out_a` and one on `out_b`. */
const manifest: Manifest = {
  ...base,
  ports: [
    { name: 'out_a', direction: 'output', width: 24, signed: true, elements: 3, elementWidth: 8, doc: '' },
    { name: 'out_b', direction: 'output', width: 40, signed: false, elements: 1, elementWidth: 40, doc: '' },
  ],
  streams: [{ name: 'in', direction: 'input', payload: [] }, { name: 'out', direction: 'output', payload: ['out_a', 'out_b'] }],
};

const streams = (a: PortData, b: PortData): Streams => ({ out: { count: b.length, ports: { out_a: a, out_b: b } } });
const good = streams(Int32Array.from([1, -2, 3, 4, 5, 6, 7, 8, 9]), BigUint64Array.from([10n, 20n, 30n]));

describe('the comparison of streams', () => {
  it('counts what it compared', () => {
    expect(compareStreams(good, good, manifest)).toEqual({ beats: 3, elements: 12 });
  });

  it('finds any one wrong element, and none where there is none', () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom('int', 'uint', 'big', 'mixed')).chain(([count, type]) => fc.tuple(
      fc.constant(type), fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3 * count, maxLength: 3 * count }), fc.nat(3 * count - 1), fc.integer({ min: 1, max: 9 })));
    fc.assert(fc.property(shape, ([type, values, at, by]) => {
      const wrong = values.map((value, i) => i === at ? value + by : value);
      const make = (list: readonly number[], side: number): PortData =>
        type === 'int' ? Int32Array.from(list) : type === 'uint' ? Uint32Array.from(list) : type === 'big' || side === 1 ? list.map(BigInt) : BigInt64Array.from(list.map(BigInt));
      const b = new BigUint64Array(values.length / 3);
      expect(compareStreams(streams(make(values, 0), b), streams(make(values, 1), b), manifest).mismatch).toBeUndefined();
      expect(compareStreams(streams(make(values, 0), b), streams(make(wrong, 1), b), manifest).mismatch).toEqual({
        kind: 'value', stream: 'out', port: 'out_a', beat: Math.floor(at / 3), element: at % 3, expected: BigInt(values[at] ?? 0), seen: BigInt(wrong[at] ?? 0),
      });
    }));
  });

  it('gives the earliest beat of several ports', () => {
    const seen = streams(Int32Array.from([1, -2, 3, 4, 5, 6, 7, 8, 0]), BigUint64Array.from([10n, 21n, 30n]));
    const { mismatch, elements } = compareStreams(good, seen, manifest);
    expect(mismatch && mismatchText(mismatch)).toBe("Beat 1 of stream 'out': element 0 of out_b is 21, expected 20.");
    expect(elements).toBe(9 + 2);
  });

  it('finds missing and extra beats, but a wrong value before them first', () => {
    const shorter = streams(Int32Array.from([1, -2, 3, 4, 5, 6]), BigUint64Array.from([10n, 20n]));
    const text = (expected: Streams, seen: Streams): string | undefined => {
      const { mismatch } = compareStreams(expected, seen, manifest);
      return mismatch && mismatchText(mismatch);
    };
    expect(text(good, shorter)).toBe("Beat 2 of stream 'out' is missing: 2 beats were seen, 3 expected.");
    expect(text(shorter, good)).toBe("Beat 2 of stream 'out' is one too many: 3 beats were seen, 2 expected.");
    expect(text(good, streams(Int32Array.from([1, -2, 4]), BigUint64Array.from([10n])))).toBe("Beat 0 of stream 'out': element 2 of out_a is 4, expected 3.");
    const none = streams(new Int32Array(0), new BigUint64Array(0));
    expect(text(good, none)).toBe("Beat 0 of stream 'out' is missing: 0 beats were seen, 3 expected.");
  });

  it('of nothing with nothing is a failure', () => {
    const none = streams(new Int32Array(0), new BigUint64Array(0));
    expect(() => compareStreams(none, none, manifest)).toThrow(expect.objectContaining({ kind: 'design', message: "Nothing was compared: 'pipe' gave no output beat, and none was expected." }));
  });

  it('refuses streams of another shape', () => {
    expect(() => compareStreams(good, {}, manifest)).toThrow(expect.objectContaining({ kind: 'usage', message: "The seen streams have no 'out'; they have none." }));
    expect(() => compareStreams({ out: { count: 3, ports: { out_a: new Int32Array(9) } } }, good, manifest)).toThrow("Stream 'out' needs 3 beats of 1 elements on port 'out_b', but has no elements.");
    expect(() => compareStreams(good, streams(new Int32Array(8), new BigUint64Array(3)), manifest)).toThrow("Stream 'out' needs 3 beats of 3 elements on port 'out_a', but has 8 elements.");
  });
});
