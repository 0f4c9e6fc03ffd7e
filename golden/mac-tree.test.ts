import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationCode, activationRange, activationRoundings, activationShifts, codeWidth, decodedRange } from './activation-encoder.js';
import { GoldenError } from './error.js';
import { fits } from './integer-format.js';
import { activationPortRange, beatSumRange, MacTreeModel, sumRange, sumWidth, type MacTreeParameters, type Sums } from './mac-tree.js';
import { sumByDefinition } from './testing/mac-tree-by-definition.js';

const defaults: MacTreeParameters = {
  lanes: 16, activationBits: 8, activationSigned: false, weightBits: 8, keptBits: 4, rounding: 'truncate', shift: 'leading-one', encoding: 'inside', accumulate: 'off',
};
const four: MacTreeParameters = { ...defaults, lanes: 4 };

function bigints(sums: Sums): readonly bigint[] {
  return Array.from<number | bigint, bigint>(sums, sum => BigInt(sum));
}

/** Legal parameters of every mode. */
const anyParameters: fc.Arbitrary<MacTreeParameters> = fc.integer({ min: 2, max: 16 }).chain(activationBits => fc.record({
  lanes: fc.constantFrom(2, 4, 8, 32),
  activationBits: fc.constant(activationBits),
  activationSigned: fc.boolean(),
  weightBits: fc.integer({ min: 2, max: 16 }),
  keptBits: fc.integer({ min: 1, max: activationBits }),
  rounding: fc.constantFrom(...activationRoundings),
  shift: fc.constantFrom(...activationShifts),
  encoding: fc.constant('inside' as const),
  accumulate: fc.constant('off' as const),
}));

/** Integers of min..max, the ends often among them. */
function anyInteger(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, Math.max(min, -1), 0, 1));
}

/** Beats of activations (not codes) and weights, each an array of lanes. */
function anyBeats(p: MacTreeParameters, maxLength: number): fc.Arbitrary<readonly (readonly [activations: number[], weights: number[]])[]> {
  const { min, max } = activationRange(p);
  const lanes = (low: number, high: number): fc.Arbitrary<number[]> => fc.array(anyInteger(low, high), { minLength: p.lanes, maxLength: p.lanes });
  const half = 2 ** (p.weightBits - 1);
  return fc.array(fc.tuple(lanes(min, max), lanes(-half, half - 1)), { minLength: 1, maxLength });
}

describe('MacTreeModel', () => {
  it('gives the worked tree of the sources', () => {
    const sums = (p: MacTreeParameters): readonly bigint[] => bigints(new MacTreeModel(p).process(Uint32Array.of(213, 47, 9, 130), Int32Array.of(-77, 127, -128, 5)));
    expect(sums(four)).toEqual([-10940n]);
    expect(sums({ ...four, keptBits: 8 })).toEqual([-10934n]);
  });

  it('agrees with the definition in every mode, encoded inside and outside', () => {
    fc.assert(fc.property(anyParameters.chain(p => fc.tuple(fc.constant(p), anyBeats(p, 4))), ([p, beats]) => {
      const expected = beats.map(([activations, weights]) => sumByDefinition(activations, weights, p));
      const activations = Int32Array.from(beats.flatMap(beat => beat[0]));
      const weights = Int32Array.from(beats.flatMap(beat => beat[1]));
      expect(bigints(new MacTreeModel(p).process(activations, weights))).toEqual(expected);
      const codes = Uint32Array.from(activations, activation => activationCode(activation, p));
      expect(bigints(new MacTreeModel({ ...p, encoding: 'outside' }).process(codes, weights))).toEqual(expected);
    }), { numRuns: 400 });
  });

  it('is the exact dot product where all bits are kept', () => {
    fc.assert(fc.property(anyParameters.map(p => ({ ...p, keptBits: p.activationBits })).chain(p => fc.tuple(fc.constant(p), anyBeats(p, 2))), ([p, beats]) => {
      const dots = beats.map(([activations, weights]) => activations.reduce((sum, a, lane) => sum + BigInt(a) * BigInt(weights[lane] ?? Number.NaN), 0n));
      const sums = new MacTreeModel(p).process(Int32Array.from(beats.flatMap(beat => beat[0])), Int32Array.from(beats.flatMap(beat => beat[1])));
      expect(bigints(sums)).toEqual(dots);
    }), { numRuns: 300 });
  });

  it('adds the beats up to the last one, modulo 2^width, however the beats are cut into calls', () => {
    const anything = fc.tuple(anyParameters, fc.integer({ min: 0, max: 16 })).chain(([p, accumulate]) => fc.tuple(
      fc.constant({ ...p, accumulate }), anyBeats(p, 12),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 }),
    ));
    fc.assert(fc.property(anything, ([p, beats, flags, cuts]) => {
      const width = sumWidth(p);
      const running: bigint[] = [];
      const finished: bigint[] = [];
      let open = 0n;
      beats.forEach(([activations, weights], beat) => {
        open += sumByDefinition(activations, weights, p);
        running.push(BigInt.asIntN(width, open));
        if (flags[beat] !== true) return;
        finished.push(BigInt.asIntN(width, open));
        open = 0n;
      });
      const [model, portModel] = [new MacTreeModel(p), new MacTreeModel(p, { emit: 'every-beat' })];
      const [gotFinished, gotRunning]: [bigint[], bigint[]] = [[], []];
      let first = 0;
      for (const cut of [...cuts, beats.length]) {
        const end = Math.min(beats.length, first + cut);
        const part = beats.slice(first, end);
        const operands = [
          Int32Array.from(part.flatMap(beat => beat[0])), Int32Array.from(part.flatMap(beat => beat[1])), Uint32Array.from(flags.slice(first, end), Number),
        ] as const;
        gotFinished.push(...bigints(model.process(...operands)));
        gotRunning.push(...bigints(portModel.process(...operands)));
        first = end;
      }
      expect(gotFinished).toEqual(finished);
      expect(gotRunning).toEqual(running);
    }), { numRuns: 300 });
  });

  it('is exact for 2^g beats of the largest sums with g guard bits, and wraps on the next that does not fit', () => {
    for (const [accumulate, activationSigned] of [[0, false], [2, false], [5, true], [8, true]] as const) {
      const p: MacTreeParameters = { ...defaults, activationSigned, rounding: 'nearest-even', accumulate };
      const width = sumWidth(p);
      const worst = sumByDefinition(new Array<number>(16).fill(activationSigned ? -128 : 255), new Array<number>(16).fill(-128), p);
      const beats = Math.ceil(Number(2n ** BigInt(width - 1)) / Math.abs(Number(worst))) + 1;
      const model = new MacTreeModel(p, { emit: 'every-beat' });
      const sums = bigints(model.process(
        new Int32Array(16 * beats).fill(activationSigned ? -128 : 255), new Int32Array(16 * beats).fill(-128), new Uint32Array(beats),
      ));
      const exact = sums.map((_, beat) => worst * BigInt(beat + 1));
      expect(sums.slice(0, 2 ** accumulate)).toEqual(exact.slice(0, 2 ** accumulate));
      expect(sums).toEqual(exact.map(sum => BigInt.asIntN(width, sum)));
      expect(sums.at(-1)).not.toBe(exact.at(-1));
    }
  });

  it('is exact in the widest tree, also past the beats that plain numbers hold', () => {
    const p: MacTreeParameters = { ...defaults, lanes: 4096, activationBits: 16, weightBits: 16, keptBits: 16, accumulate: 16 };
    expect([sumWidth(p), sumWidth({ ...p, keptBits: 1, rounding: 'nearest-even' })]).toEqual([60, 60]);
    const beats = 301;
    const activations = new Uint32Array(beats * 4096).fill(65535);
    const weights = new Int32Array(beats * 4096).fill(-32767);
    // Every beat's sum is odd, and so is the whole: beyond 2^53 no plain number is.
    for (let beat = 0; beat < beats; beat++) weights[beat * 4096] = -32766;
    const beatSum = 4096n * 65535n * -32767n + 65535n;
    const model = new MacTreeModel(p);
    for (let call = 1; call <= 5; call++) {
      const last = new Uint32Array(beats);
      if (call === 5) last[beats - 1] = 1;
      expect(bigints(model.process(activations, weights, last))).toEqual(call === 5 ? [5n * BigInt(beats) * beatSum] : []);
    }
    expect(5n * BigInt(beats) * beatSum < BigInt(Number.MIN_SAFE_INTEGER)).toBe(true);
    expect(bigints(model.process(activations.subarray(0, 4096), weights.subarray(0, 4096), Uint32Array.of(1)))).toEqual([beatSum]);
  });

  it.each([-16384, 16383])('is exact past the beats that plain numbers hold with sums of 32 bits, too (weights %i)', weight => {
    const p: MacTreeParameters = { ...defaults, lanes: 2, activationBits: 16, weightBits: 15, keptBits: 16, accumulate: 0 };
    expect(sumWidth(p)).toBe(32);
    const beats = 2 ** 20 + 1;
    const [activations, weights] = [new Uint32Array(2 * beats).fill(65535), new Int32Array(2 * beats).fill(weight)];
    const beatSum = 2n * 65535n * BigInt(weight);
    const model = new MacTreeModel(p);
    for (let call = 1; call <= 5; call++) {
      const last = new Uint32Array(beats);
      if (call === 5) last[beats - 1] = 1;
      expect(bigints(model.process(activations, weights, last))).toEqual(call === 5 ? [BigInt.asIntN(32, 5n * BigInt(beats) * beatSum)] : []);
    }
  });

  it('reads views that begin inside their buffer', () => {
    const activations = Uint32Array.of(9, 9, 9, 9, 1, 2, 3, 4).subarray(4);
    expect(bigints(new MacTreeModel(four).process(activations, Int32Array.of(7, 1, 1, 1, 1).subarray(1)))).toEqual([10n]);
  });

  it('starts a new dot product after reset', () => {
    const p: MacTreeParameters = { ...four, accumulate: 4 };
    const model = new MacTreeModel(p);
    const beat = [Uint32Array.of(1, 2, 3, 4), Int32Array.of(1, 1, 1, 1)] as const;
    expect(bigints(model.process(...beat, Uint32Array.of(0)))).toEqual([]);
    model.reset();
    expect(bigints(model.process(...beat, Uint32Array.of(1)))).toEqual([10n]);
  });

  it('gives Int32Array up to 32 bits of sum and BigInt64Array above', () => {
    const wide: MacTreeParameters = { ...four, accumulate: 14 };
    expect([sumWidth(wide), sumWidth({ ...wide, accumulate: 15 })]).toEqual([32, 33]);
    expect(new MacTreeModel(wide).process(new Uint32Array(4), new Int32Array(4), Uint32Array.of(1))).toBeInstanceOf(Int32Array);
    expect(new MacTreeModel({ ...wide, accumulate: 15 }).process(new Uint32Array(4), new Int32Array(4), Uint32Array.of(1))).toBeInstanceOf(BigInt64Array);
  });
});

describe('bad operands', () => {
  const outside: MacTreeParameters = { ...four, encoding: 'outside', rounding: 'nearest-even' };
  const weights = new Int32Array(8);
  it.each([
    ['activation', () => new MacTreeModel(four).process(Uint32Array.of(0, 0, 0, 0, 0, 0, 256, 0), weights), 'operand', 'An activation is an integer in 0..255, not 256 (beat 1, lane 2).'],
    ['huge activation', () => new MacTreeModel(four).process(Uint32Array.of(0, 2 ** 32 - 1, 0, 0), new Int32Array(4)), 'operand', 'An activation is an integer in 0..255, not 4294967295 (beat 0, lane 1).'],
    ['signed activation', () => new MacTreeModel({ ...four, activationSigned: true }).process(Int32Array.of(-129, 0, 0, 0), new Int32Array(4)), 'operand', 'An activation is an integer in -128..127, not -129 (beat 0, lane 0).'],
    ['code', () => new MacTreeModel(outside).process(Uint32Array.of(0, 0, 0, 64), new Int32Array(4)), 'operand', 'An activation code is an integer in 0..63, not 64 (beat 0, lane 3).'],
    ['code of no activation', () => new MacTreeModel(outside).process(Uint32Array.of(0, 0b110_001, 0, 0), new Int32Array(4)), 'operand', 'No activation has the code 49 (beat 0, lane 1).'],
    ['weight', () => new MacTreeModel(four).process(new Uint32Array(4), Int32Array.of(0, 0, 128, 0)), 'operand', 'A weight is an integer in -128..127, not 128 (beat 0, lane 2).'],
    ['low weight', () => new MacTreeModel(four).process(new Uint32Array(4), Int32Array.of(0, -129, 0, 0)), 'operand', 'A weight is an integer in -128..127, not -129 (beat 0, lane 1).'],
    ['part of a beat', () => new MacTreeModel(four).process(new Uint32Array(6), new Int32Array(6)), 'shape', '6 activations are not whole beats of 4 lanes.'],
    ['fewer weights', () => new MacTreeModel(four).process(new Uint32Array(8), new Int32Array(4)), 'shape', 'There are as many weights as activations, not 4 with 8.'],
    ['last without accumulate', () => new MacTreeModel(four).process(new Uint32Array(4), new Int32Array(4), Uint32Array.of(1)), 'shape', 'A tree that does not accumulate takes no last flags.'],
    ['no last', () => new MacTreeModel({ ...four, accumulate: 2 }).process(new Uint32Array(4), new Int32Array(4)), 'shape', 'A tree that accumulates takes one last flag a beat, 1 here, not none.'],
    ['last of 2', () => new MacTreeModel({ ...four, accumulate: 2 }).process(new Uint32Array(4), new Int32Array(4), Uint32Array.of(2)), 'operand', 'A last flag is 0 or 1, not 2 (beat 0).'],
  ] as const)('are named with their place: %s', (_, call, code, message) => {
    expect(call).toThrow(new GoldenError(code, message));
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code });
  });

  it('leave the open dot product as it was', () => {
    const model = new MacTreeModel({ ...four, accumulate: 2 });
    model.process(Uint32Array.of(1, 0, 0, 0), Int32Array.of(5, 0, 0, 0), Uint32Array.of(0));
    expect(() => model.process(Uint32Array.of(1, 0, 0, 0, 0, 0, 0, 300), new Int32Array(8).fill(7), Uint32Array.of(0, 0))).toThrow(GoldenError);
    expect(bigints(model.process(Uint32Array.of(1, 0, 0, 0), Int32Array.of(6, 0, 0, 0), Uint32Array.of(1)))).toEqual([11n]);
  });
});

describe('parameters', () => {
  it.each([
    [{ lanes: 12 }, 'lanes is a power of two in 2..4096, not 12.'],
    [{ lanes: 1 }, 'lanes is an integer in 2..4096, not 1.'],
    [{ lanes: 8192 }, 'lanes is an integer in 2..4096, not 8192.'],
    [{ activationBits: 1 }, 'activationBits is an integer in 2..16, not 1.'],
    [{ keptBits: 0 }, 'keptBits is an integer in 1..8, not 0.'],
    [{ weightBits: 17 }, 'weightBits is an integer in 2..16, not 17.'],
    [{ accumulate: 17 }, 'accumulate, where it is not off, is an integer in 0..16, not 17.'],
  ])('%o are refused', (change, message) => {
    expect(() => new MacTreeModel({ ...defaults, ...change })).toThrow(new GoldenError('parameter', message));
    expect(() => sumWidth({ ...defaults, ...change })).toThrow(new GoldenError('parameter', message));
  });
});

describe('the width of the sum', () => {
  it('is 20 bits of -491520..487680 by default, and the guard bits more', () => {
    expect(sumRange(defaults)).toEqual({ min: -491520n, max: 487680n });
    expect([sumWidth(defaults), sumWidth({ ...defaults, accumulate: 0 }), sumWidth({ ...defaults, accumulate: 6 })]).toEqual([20, 20, 26]);
    expect(sumRange({ ...defaults, accumulate: 6 })).toEqual({ min: -(2n ** 25n), max: 2n ** 25n - 1n });
    expect(beatSumRange({ ...defaults, accumulate: 6 })).toEqual({ min: -491520n, max: 487680n });
  });

  it.each([
    [{ rounding: 'nearest-even' }, -16n * 256n * 128n, 16n * 256n * 127n, 20],
    [{ rounding: 'unbiased' }, -491520n, 487680n, 20],
    [{ shift: 'fixed', rounding: 'nearest-even' }, -16n * 256n * 128n, 16n * 256n * 127n, 20],
    [{ activationSigned: true }, -16n * 128n * 127n, 16n * 128n * 128n, 20],
    [{ keptBits: 8 }, -16n * 255n * 128n, 16n * 255n * 127n, 20],
    [{ activationSigned: true, weightBits: 2 }, -16n * 120n * 2n, 16n * 128n * 2n, 14],
    [{ activationSigned: true, lanes: 2, weightBits: 4, activationBits: 4, keptBits: 2 }, -2n * 8n * 7n, 2n * 8n * 8n, 9],
  ] as const)('with %o follows its interval', (change, min, max, width) => {
    const p: MacTreeParameters = { ...defaults, ...change };
    expect(beatSumRange(p)).toEqual({ min, max });
    expect(sumWidth(p)).toBe(width);
  });

  it('is the least that holds the sums: the interval is reached at both ends by operands', () => {
    fc.assert(fc.property(anyParameters, p => {
      const { min, max } = beatSumRange(p);
      const { min: low, max: high } = activationRange(p);
      const half = 2 ** (p.weightBits - 1);
      const ends = [low, high].flatMap(a => [-half, half - 1].map(w => sumByDefinition(new Array<number>(p.lanes).fill(a), new Array<number>(p.lanes).fill(w), p)));
      const extremes = { min: ends.reduce((x, y) => (x < y ? x : y)), max: ends.reduce((x, y) => (x > y ? x : y)) };
      expect({ min, max }).toEqual(extremes);
      const width = sumWidth(p);
      expect([fits(min, { bits: width, signed: true }), fits(max, { bits: width, signed: true })]).toEqual([true, true]);
      expect(fits(min, { bits: width - 1, signed: true }) && fits(max, { bits: width - 1, signed: true })).toBe(false);
    }), { numRuns: 1000 });
  });

  it('takes code words where the encoding is outside', () => {
    expect(activationPortRange({ ...defaults, encoding: 'outside' })).toEqual({ min: 0, max: 63 });
    expect(activationPortRange({ ...defaults, activationSigned: true })).toEqual({ min: -128, max: 127 });
    expect(codeWidth(defaults)).toBe(6);
    expect(decodedRange(defaults)).toEqual({ min: 0, max: 240 });
  });
});
