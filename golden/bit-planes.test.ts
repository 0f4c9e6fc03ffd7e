import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabets, codesOfPlanes, levelOfCode, levelRange, levelTable, planeFormat, planesOfCodes, popcount32, productRange, wordsOf } from './bit-planes.js';
import { GoldenError } from './error.js';

describe('planeFormat', () => {
  it('weighs planes by powers of two unless distances are given', () => {
    expect(planeFormat('weight', 4, 'pm1')).toEqual({ alphabet: 'pm1', distances: [1, 2, 4, 8] });
    expect(planeFormat('weight', 2, '01', [-3, 5])).toEqual({ alphabet: '01', distances: [-3, 5] });
  });

  it.each([
    [() => planeFormat('activation', 0, 'pm1'), 'activationPlanes is an integer in 1..8, not 0.'],
    [() => planeFormat('weight', 9, '01'), 'weightPlanes is an integer in 1..8, not 9.'],
    [() => planeFormat('weight', 2, 'pm1', [1]), 'weightDistances has one distance for each of the 2 planes, or none for 1, 2, 4, …; it has 1.'],
    [() => planeFormat('weight', 2, 'pm1', [1, 32768]), 'weightDistances[1] is an integer in -32768..32767, not 32768.'],
    [() => planeFormat('weight', 1, 'pm1', [0.5]), 'weightDistances[0] is an integer in -32768..32767, not 0.5.'],
  ])('refuses what is no format (%#)', (call, message) => {
    expect(call).toThrow(new GoldenError('parameter', message));
  });
});

describe('levels', () => {
  it('of uniform planes are the odd integers with -1 and +1, and all integers with 0 and 1', () => {
    expect(Array.from(levelTable(planeFormat('activation', 2, 'pm1')))).toEqual([-3, -1, 1, 3]);
    expect(Array.from(levelTable(planeFormat('activation', 3, '01')))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('of other distances are those of the worked example', () => {
    const codes = [3, 1, 2, 3, 0, 2];
    expect(codes.map(code => levelOfCode(code, planeFormat('activation', 2, 'pm1', [2, 5])))).toEqual([7, -3, 3, 7, -7, 3]);
  });

  it('and products keep to their ranges, which are reached', () => {
    const format = fc.tuple(fc.constantFrom(...alphabets), fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 4 }))
      .map(([alphabet, distances]) => planeFormat('activation', distances.length, alphabet, distances));
    fc.assert(fc.property(format, format, (a, w) => {
      const [levelsA, levelsW] = [Array.from(levelTable(a)), Array.from(levelTable(w))];
      expect(levelRange(a)).toEqual({ min: Math.min(...levelsA), max: Math.max(...levelsA) });
      const products = levelsA.flatMap(x => levelsW.map(y => x * y + 0));
      expect(productRange(a, w)).toEqual({ min: Math.min(...products), max: Math.max(...products) });
    }));
  });
});

describe('planes', () => {
  it('count their bits', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), word => {
      expect(popcount32(word)).toBe(word.toString(2).replaceAll('0', '').length);
    }));
  });

  it('have element k of a group at bit k, plane after plane', () => {
    expect(Array.from(planesOfCodes([3, 1, 2, 3, 0, 2], 6, 2))).toEqual([0b001011, 0b101101]);
    expect(Array.from(planesOfCodes([1, 0, 1, 1], 2, 1))).toEqual([0b01, 0b11]);
    const long = new Array<number>(70).fill(0);
    long[33] = 2;
    long[69] = 1;
    expect(Array.from(planesOfCodes(long, 70, 2))).toEqual([0, 0, 32, 0, 2, 0]);
  });

  it('give back the codes that they were made of', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 3 }), fc.infiniteStream(fc.nat(255)), (length, planes, groups, stream) => {
      const codes = Uint8Array.from([...stream.take(length * groups)].map(code => code % 2 ** planes));
      const data = planesOfCodes(codes, length, planes);
      expect(data.length).toBe(groups * planes * wordsOf(length));
      expect(codesOfPlanes(data, length, planes)).toEqual(codes);
    }));
  });

  it('refuse codes outside the alphabet and parts of groups', () => {
    expect(() => planesOfCodes([0, 4], 2, 2)).toThrow(new GoldenError('operand', 'A code of 2 planes is an integer in 0..3, not 4 (element 1).'));
    expect(() => planesOfCodes([0, 1, 0], 2, 1)).toThrow(new GoldenError('shape', '3 codes are not whole groups of 2 elements.'));
    expect(() => codesOfPlanes(Uint32Array.of(1, 2, 3), 40, 1)).toThrow(new GoldenError('shape', '3 words are not whole groups of 1 planes of 2 words.'));
  });
});
