import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromIntegers, toBigints, type Beats } from './beats.js';
import { layOut, pack, unpack, unpackOver, type PortLayout } from './pack.js';

type Port = PortLayout['port'];

const portOf = (name: string, elements: number, elementWidth: number, signed: boolean): Port => ({ name, elements, elementWidth, signed, width: elements * elementWidth });

const anyWidth = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 8, 16, 31, 32, 33, 63, 64, 65));

const anyStream = fc.record({
  shapes: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), anyWidth, fc.boolean()), { minLength: 1, maxLength: 4 }),
  beats: fc.integer({ min: 0, max: 5 }),
  seed: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
}).map(({ shapes, beats, seed }) => {
  const ports = shapes.map(([elements, width, signed], index) => portOf(`p${index}`, elements, width, signed));
  let state = seed;
  const next = (width: number, signed: boolean): bigint => {
    let value = 0n;
    for (let done = 0; done < width; done += 60) {
      state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
      value = (value << 60n) | (state >> 4n);
    }
    const extreme = Number(state % 5n);
    if (extreme === 0) value = -1n;
    if (extreme === 1) value = 1n << BigInt(width - 1);
    return signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
  };
  const data = Object.fromEntries(ports.map(port => [port.name, fromIntegers(port, Array.from({ length: beats * port.elements }, () => next(port.elementWidth, port.signed)))]));
  return { ports, beats: { count: beats, ports: data } satisfies Beats };
});

/** The words of one beat by the definition: every port one big number, cut in words. */
function wordsByDefinition(beats: Beats, ports: readonly Port[]): readonly number[] {
  return Array.from({ length: beats.count }, (_, beat) => ports.flatMap(port => {
    const elements = toBigints(beats.ports[port.name] ?? []).slice(beat * port.elements, (beat + 1) * port.elements);
    const whole = elements.reduceRight((high, element) => (high << BigInt(port.elementWidth)) | BigInt.asUintN(port.elementWidth, element), 0n);
    return Array.from({ length: Math.ceil(port.width / 32) }, (_unused, word) => Number(BigInt.asUintN(32, whole >> BigInt(32 * word))));
  })).flat();
}

describe('packing', () => {
  it('puts element e of width W at bit e * W of its port, each port on its own words, for every width and sign', () => {
    fc.assert(fc.property(anyStream, ({ ports, beats }) => {
      expect([...pack(beats, layOut(ports))]).toEqual(wordsByDefinition(beats, ports));
    }), { numRuns: 400 });
  });

  it('is undone in place, where a beat is one word', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 32 }), fc.boolean(), fc.array(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), { maxLength: 20 }), (width, signed, values) => {
      const port = portOf('p', 1, width, signed);
      const data = fromIntegers(port, values.map(value => (signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value))));
      const words = pack({ count: values.length, ports: { p: data } }, layOut([port]));
      const beats = unpackOver(words, layOut([port]));
      expect(beats).toEqual({ count: values.length, ports: { p: data } });
      expect(beats.ports.p).toMatchObject({ buffer: words.buffer });
    }));
    const two = layOut([portOf('p', 2, 8, true)]);
    expect(unpackOver(Uint32Array.of(0xfe01), two)).toEqual(unpack(Uint32Array.of(0xfe01), two));
  });

  it('is undone by unpacking', () => {
    fc.assert(fc.property(anyStream, ({ ports, beats }) => {
      const layout = layOut(ports);
      const words = pack(beats, layout);
      const seen = unpack(words, layout);
      words.fill(0);
      expect({ count: layout.words === 0 ? 0 : seen.count, ports: seen.ports }).toEqual(beats);
    }), { numRuns: 400 });
  });

  it('says which element does not fit', () => {
    const ports = [portOf('in_weight', 2, 8, true)];
    const bad = (value: number): Beats => ({ count: 2, ports: { in_weight: Int32Array.from([0, 0, 0, value]) } });
    expect(() => pack(bad(128), layOut(ports))).toThrow('Element 1 of beat 1 of in_weight is 128; allowed are -128 .. 127.');
    expect(() => pack(bad(-129), layOut([portOf('in_weight', 2, 8, true), portOf('x', 4, 8, true)]))).toThrow('is -129');
    const aligned = { count: 1, ports: { a: Int32Array.from([0, 0, 200, 0]) } };
    expect(() => pack(aligned, layOut([portOf('a', 4, 8, true)]))).toThrow('Element 2 of beat 0 of a is 200; allowed are -128 .. 127.');
    expect(() => pack({ count: 1, ports: { a: BigInt64Array.from([1n << 40n]) } }, layOut([portOf('a', 1, 40, true)]))).toThrow(`is ${2 ** 40}`);
  });

  it('says what is missing or has the wrong shape', () => {
    const layout = layOut([portOf('a', 2, 8, true)]);
    expect(() => pack({ count: 1, ports: { b: new Int32Array(2) } }, layout)).toThrow('no data for a; it gives b');
    expect(() => pack({ count: 2, ports: { a: new Int32Array(2) } }, layout)).toThrow('2 beats of 2 need 4');
    expect(() => pack({ count: 1, ports: { a: [1n, 2n] } }, layout)).toThrow('wrong kind of array');
    expect(() => unpack(new Uint32Array(3), layOut([portOf('a', 2, 32, false)]))).toThrow('not a whole number of beats');
  });
});
