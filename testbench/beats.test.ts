import { describe, expect, it } from 'vitest';
import { createPortData, elementAt, fromIntegers, joinStreams, sliceStreams, toBigints } from './beats.js';

const format = (elementWidth: number, signed: boolean, elements = 2): Parameters<typeof createPortData>[0] => ({ elementWidth, signed, elements });

describe('beats', () => {
  it('are held in the array that fits width and sign', () => {
    expect(createPortData(format(8, true), 3)).toEqual(new Int32Array(6));
    expect(createPortData(format(32, false), 3)).toEqual(new Uint32Array(6));
    expect(createPortData(format(33, true), 1)).toEqual(new BigInt64Array(2));
    expect(createPortData(format(64, false), 1)).toEqual(new BigUint64Array(2));
    expect(createPortData(format(65, true), 1)).toEqual([0n, 0n]);
  });

  it('come from integers, and an integer that does not fit is refused', () => {
    expect(fromIntegers(format(8, true, 1), [-128, 127])).toEqual(Int32Array.from([-128, 127]));
    expect(fromIntegers(format(70, false, 1), [1n << 69n])).toEqual([1n << 69n]);
    expect(() => fromIntegers(format(8, true, 1), [128])).toThrow('128 does not fit signed 8 bits');
    expect(() => fromIntegers(format(8, false, 1), [-1])).toThrow('-1 does not fit unsigned 8 bits');
  });

  it('can be cut and joined again', () => {
    const streams = { in: { count: 3, ports: { a: Int32Array.from([1, 2, 3, 4, 5, 6]), b: [7n, 8n, 9n] } } };
    const parts = [sliceStreams(streams, 0, 1), sliceStreams(streams, 1, 3)];
    expect(parts[1]).toEqual({ in: { count: 2, ports: { a: Int32Array.from([3, 4, 5, 6]), b: [8n, 9n] } } });
    expect(joinStreams(parts)).toEqual(streams);
    expect(sliceStreams(streams, 5, 9).in?.count).toBe(0);
    expect(() => joinStreams([streams, { in: { count: 1, ports: { a: [1n, 2n], b: [1n] } } }])).toThrow('one array type');
  });

  it('give their elements as bigints', () => {
    expect(toBigints(Int32Array.from([-1, 2]))).toEqual([-1n, 2n]);
    expect(elementAt(Uint32Array.from([5]), 0)).toBe(5n);
    expect(() => elementAt(Uint32Array.from([5]), 1)).toThrow('Element 1 of 1');
  });
});
