import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabets, levelRange, planesOfCodes, wordsOf, type Alphabet } from './bit-planes.js';
import { GoldenError } from './error.js';
import { fits } from './integer-format.js';
import { dotOfCodes, dotRange, dotWidth, fullMask, operandFormats, XnorDotModel, type DotSums, type XnorDotParameters } from './xnor-dot.js';

const defaults: XnorDotParameters = {
  length: 64, activationPlanes: 1, weightPlanes: 1, activationAlphabet: 'pm1', weightAlphabet: 'pm1', activationDistances: [], weightDistances: [], mask: false, accumulate: 'off',
};

const bigints = (sums: DotSums): readonly bigint[] => Array.from<number | bigint, bigint>(sums, sum => BigInt(sum));

interface Beats {
  readonly activations: readonly number[];
  readonly weights: readonly number[];
  readonly present: readonly number[];
}

/** Runs beats of codes through the model of planes. */
function run(p: XnorDotParameters, { activations, weights, present }: Beats, last?: readonly number[], model = new XnorDotModel(p)): readonly bigint[] {
  return bigints(model.process(planesOfCodes(activations, p.length, p.activationPlanes), planesOfCodes(weights, p.length, p.weightPlanes), {
    ...(p.mask ? { mask: planesOfCodes(present, p.length, 1) } : {}), ...(last === undefined ? {} : { last }),
  }));
}

/** The sum of each beat, from the levels. */
function byLevels(p: XnorDotParameters, { activations, weights, present }: Beats): readonly bigint[] {
  return Array.from({ length: activations.length / p.length }, (_, beat) => {
    const part = (codes: readonly number[]): readonly number[] => codes.slice(beat * p.length, (beat + 1) * p.length);
    return BigInt(dotOfCodes(part(activations), part(weights), p, p.mask ? part(present) : undefined));
  });
}

const anyDistances = (planes: number): fc.Arbitrary<readonly number[]> =>
  fc.oneof(fc.constant([]), fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -32768, max: 32767 }), fc.constantFrom(-32768, 32767)), { minLength: planes, maxLength: planes }));

/** Legal parameters of every alphabet, with beats for them. */
function anyCase(lengths: fc.Arbitrary<number>, mostPlanes: number): fc.Arbitrary<readonly [XnorDotParameters, Beats]> {
  const planes = fc.integer({ min: 1, max: mostPlanes });
  return fc.tuple(lengths, planes, planes, fc.constantFrom(...alphabets), fc.constantFrom(...alphabets), fc.boolean(), fc.integer({ min: 1, max: 3 }))
    .chain(([length, activationPlanes, weightPlanes, activationAlphabet, weightAlphabet, mask, beats]) => {
      const codes = (count: number): fc.Arbitrary<number[]> => fc.array(fc.oneof(fc.nat(2 ** count - 1), fc.constantFrom(0, 2 ** count - 1)), { minLength: beats * length, maxLength: beats * length });
      return fc.tuple(
        fc.record({
          length: fc.constant(length), activationPlanes: fc.constant(activationPlanes), weightPlanes: fc.constant(weightPlanes),
          activationAlphabet: fc.constant<Alphabet>(activationAlphabet), weightAlphabet: fc.constant<Alphabet>(weightAlphabet),
          activationDistances: anyDistances(activationPlanes), weightDistances: anyDistances(weightPlanes), mask: fc.constant(mask), accumulate: fc.constant('off' as const),
        }),
        fc.record({ activations: codes(activationPlanes), weights: codes(weightPlanes), present: codes(1) }),
      );
    });
}

describe('the inner product', () => {
  // Planes of the sources, written with the last element first.
  const two = { ...defaults, length: 6, activationPlanes: 2, weightPlanes: 2 };
  const codes: Beats = { activations: [3, 1, 2, 3, 0, 2], weights: [2, 0, 3, 3, 1, 1], present: [] };
  it('of the worked example is 20, and 102 with distances (2, 5) and (3, 4)', () => {
    expect(run(two, codes)).toEqual([20n]);
    expect(dotOfCodes(codes.activations, codes.weights, two)).toBe(20);
    const other = { ...two, activationDistances: [2, 5], weightDistances: [3, 4] };
    expect(run(other, codes)).toEqual([102n]);
    expect(dotOfCodes(codes.activations, codes.weights, other)).toBe(102);
    const planes = new XnorDotModel(two).process(Uint32Array.of(0b001011, 0b101101), Uint32Array.of(0b111100, 0b001101));
    expect(bigints(planes)).toEqual([20n]);
  });

  it.each([['pm1', 'pm1', 0], ['pm1', '01', 0], ['01', 'pm1', 1], ['01', '01', 2]] as const)('of the planes 001101 and 100111, read in %s and %s, is %i', (activationAlphabet, weightAlphabet, sum) => {
    const beat: Beats = { activations: [0, 0, 1, 1, 0, 1], weights: [1, 0, 0, 1, 1, 1], present: [] };
    expect(run({ ...defaults, length: 6, activationAlphabet, weightAlphabet }, beat)).toEqual([BigInt(sum)]);
  });

  it('from planes equals that from levels, in every alphabet, with any distances and masks', () => {
    fc.assert(fc.property(anyCase(fc.integer({ min: 1, max: 100 }), 4), ([p, beats]) => {
      expect(run(p, beats)).toEqual(byLevels(p, beats));
    }), { numRuns: 500 });
  });

  it('from planes equals that from levels for long beats of up to eight planes', () => {
    fc.assert(fc.property(anyCase(fc.constantFrom(127, 1024), 8), ([p, beats]) => {
      expect(run(p, beats)).toEqual(byLevels(p, beats));
    }), { numRuns: 20 });
  });

  it('of masked elements is that of the others alone', () => {
    fc.assert(fc.property(anyCase(fc.integer({ min: 1, max: 40 }), 3), ([p, beats]) => {
      const kept = (list: readonly number[]): readonly number[] => list.slice(0, p.length).filter((_, k) => beats.present[k] === 1);
      const few = kept(beats.activations).length;
      fc.pre(few > 0);
      const alone = run({ ...p, mask: false, length: few }, { activations: kept(beats.activations), weights: kept(beats.weights), present: [] });
      expect(run({ ...p, mask: true }, beats)[0]).toBe(alone[0]);
    }));
  });
});

describe('the range of the sum', () => {
  it('is reached at both ends, and the width is the least that holds it', () => {
    fc.assert(fc.property(anyCase(fc.integer({ min: 1, max: 8 }), 3), ([p]) => {
      const { activation, weight } = operandFormats(p);
      const [a, w] = [levelRange(activation), levelRange(weight)];
      const products = [a.min, a.max].flatMap(x => [w.min, w.max].map(y => x * y)).concat(p.mask ? [0] : []);
      const range = { min: p.length * Math.min(...products) + 0, max: p.length * Math.max(...products) + 0 };
      expect(dotRange(p)).toEqual(range);
      const holds = (bits: number): boolean => fits(BigInt(range.min), { bits, signed: true }) && fits(BigInt(range.max), { bits, signed: true });
      expect(holds(dotWidth(p))).toBe(true);
      expect(dotWidth(p) > 1 && holds(dotWidth(p) - 1)).toBe(false);
      expect(dotWidth({ ...p, accumulate: 5 })).toBe(dotWidth(p) + 5);
    }));
  });

  it('of 64 signs is -64..64 in 8 bits', () => {
    expect(dotRange(defaults)).toEqual({ min: -64, max: 64 });
    expect(dotWidth(defaults)).toBe(8);
    expect(dotRange({ ...defaults, activationAlphabet: '01', weightAlphabet: '01' })).toEqual({ min: 0, max: 64 });
  });

  it('of the largest unit is exact, also where 64 bits do not hold it', () => {
    const planes = { activationPlanes: 8, weightPlanes: 8, activationDistances: new Array<number>(8).fill(-32768), weightDistances: new Array<number>(8).fill(-32768) };
    const p: XnorDotParameters = { ...defaults, ...planes, length: 4096, accumulate: 16 };
    expect(dotWidth(p)).toBe(66);
    const ones = planesOfCodes(new Uint8Array(4096).fill(255), 4096, 8);
    const model = new XnorDotModel(p);
    for (let beat = 1; beat < 40; beat++) expect(bigints(model.process(ones, ones, { last: [0] }))).toEqual([]);
    expect(bigints(model.process(ones, ones, { last: [1] }))).toEqual([40n * 2n ** 48n]);
  });
});

describe('a dot product of many beats', () => {
  it('is the sum of its beats modulo the width, wherever the stream is cut', () => {
    fc.assert(fc.property(anyCase(fc.integer({ min: 1, max: 10 }), 2), fc.nat(2), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), ([some, beats], accumulate, flags) => {
      const p: XnorDotParameters = { ...some, accumulate };
      const last = flags.slice(0, beats.activations.length / p.length).map(Number);
      const running: bigint[] = [];
      const finished: bigint[] = [];
      let open = 0n;
      byLevels(p, beats).forEach((sum, beat) => {
        open = BigInt.asIntN(dotWidth(p), open + sum);
        running.push(open);
        if (last[beat] === 0) return;
        finished.push(open);
        open = 0n;
      });
      expect(run(p, beats, last)).toEqual(finished);
      expect(run(p, beats, last, new XnorDotModel(p, { emit: 'every-beat' }))).toEqual(running);
      const model = new XnorDotModel(p);
      const cut = (beat: number): Beats => ({
        activations: beats.activations.slice(beat * p.length, (beat + 1) * p.length), weights: beats.weights.slice(beat * p.length, (beat + 1) * p.length), present: beats.present.slice(beat * p.length, (beat + 1) * p.length),
      });
      expect(last.flatMap((flag, beat) => run(p, cut(beat), [flag], model))).toEqual(finished);
    }));
  });

  it('wraps', () => {
    const p: XnorDotParameters = { ...defaults, length: 1, accumulate: 0 };
    expect(dotWidth(p)).toBe(2);
    const model = new XnorDotModel(p, { emit: 'every-beat' });
    expect(bigints(model.process(Uint32Array.of(1, 1, 1), Uint32Array.of(1, 1, 1), { last: [0, 0, 0] }))).toEqual([1n, -2n, -1n]);
    model.reset();
    expect(bigints(model.process(Uint32Array.of(1), Uint32Array.of(1), { last: [0] }))).toEqual([1n]);
  });
});

describe('what does not fit', () => {
  const model = new XnorDotModel({ ...defaults, length: 33, activationPlanes: 2 });
  const masked = new XnorDotModel({ ...defaults, length: 4, mask: true, accumulate: 2 });
  it.each([
    [() => model.process(new Uint32Array(6), new Uint32Array(2)), 'shape', '6 words of activations are not whole beats of 2 planes of 2 words.'],
    [() => model.process(new Uint32Array(8), new Uint32Array(2)), 'shape', 'Weights of 2 beats are 4 words (1 planes of 2 words), not 2.'],
    [() => model.process(new Uint32Array(4), new Uint32Array(2), { mask: new Uint32Array(2) }), 'shape', 'A dot product without mask takes no mask.'],
    [() => masked.process(new Uint32Array(1), new Uint32Array(1), { last: [1] }), 'shape', 'A mask has 1 words for 1 beats, not none.'],
    [() => masked.process(new Uint32Array(1), new Uint32Array(1), { mask: new Uint32Array(1) }), 'shape', 'A dot product that accumulates takes one last flag a beat, 1 here, not none.'],
    [() => masked.process(new Uint32Array(1), new Uint32Array(1), { mask: new Uint32Array(1), last: [2] }), 'operand', 'A last flag is 0 or 1, not 2 (beat 0).'],
    [() => masked.process(Uint32Array.of(0, 16), new Uint32Array(2), { mask: new Uint32Array(2), last: [0, 1] }), 'operand', 'The activations of a beat have 4 elements; there are bits behind them (beat 1, plane 0).'],
    [() => dotOfCodes([1], [1, 1], defaults), 'shape', 'There are as many weights as activations, not 2 with 1.'],
    [() => dotOfCodes([1], [1], defaults, [1, 1]), 'shape', 'A mask has one bit for each of the 1 elements, not 2.'],
    [() => new XnorDotModel({ ...defaults, length: 0 }), 'parameter', 'length is an integer in 1..4096, not 0.'],
    [() => new XnorDotModel({ ...defaults, accumulate: 17 }), 'parameter', 'accumulate, where it is not off, is an integer in 0..16, not 17.'],
  ] as const)('is refused in one sentence (%#)', (call, code, message) => {
    let caught: unknown;
    try {
      call();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(GoldenError);
    expect(caught).toMatchObject({ code, message });
  });

  it('leaves the open dot product as it was', () => {
    const open = new XnorDotModel({ ...defaults, length: 4, accumulate: 2 });
    open.process(Uint32Array.of(15), Uint32Array.of(15), { last: [0] });
    expect(() => open.process(Uint32Array.of(15, 31), Uint32Array.of(15, 15), { last: [0, 1] })).toThrow(GoldenError);
    expect(bigints(open.process(Uint32Array.of(15), Uint32Array.of(0), { last: [1] }))).toEqual([0n]);
  });
});

it('a full mask has a bit for each element', () => {
  for (const length of [1, 31, 32, 33, 64, 4096]) {
    const mask = fullMask(length);
    expect(mask.length).toBe(wordsOf(length));
    expect(Array.from(mask, word => word.toString(2).replaceAll('0', '').length).reduce((sum, bits) => sum + bits, 0)).toBe(length);
  }
});
