import { describe, expect, it } from 'vitest';
import { HdlError, elaborate, elaborateAny, evaluate, type ParameterInput } from '../../hdl/index.js';
import { seeded, stream, type Beat } from '../testing/handshake.js';
import { inventory } from '../testing/inventory.js';
import { levelOf, planesOf, type Operand } from '../testing/planes.js';
import { xnorDot } from './xnor-dot.js';

type Parameters = ParameterInput<typeof xnorDot.spec.params>;

const combinational = { flow: 'none', pipeline: 'none' } as const;
const alphabetPairs = [['pm1', 'pm1'], ['01', 'pm1'], ['pm1', '01'], ['01', '01']] as const;
/** Lists that are used up to the number of planes: uniform, learned, negative, zero, extreme. */
const distanceLists = [[], [3, 5, 2, 7, 1, 1, 1, 1], [-3, 2, -1, 6, 5, -4, 3, 2], [2, 0, 4, 0, 1, 0, 0, 3], [32767, -32768, 21845, 13107, -9362, 1, 2, -1]] as const;

interface Operands {
  readonly activation: Operand;
  readonly weight: Operand;
}

function parametersOf({ activation, weight }: Operands): Parameters {
  return {
    activationPlanes: activation.planes, weightPlanes: weight.planes, activationAlphabet: activation.alphabet, weightAlphabet: weight.alphabet,
    activationDistances: activation.distances, weightDistances: weight.distances,
  };
}

/** The inner product from the levels; elements outside of the mask are absent. */
function dot({ activation, weight }: Operands, a: readonly number[], w: readonly number[], mask?: readonly boolean[]): bigint {
  return a.reduce((sum, code, e) => mask?.[e] === false ? sum : sum + BigInt(levelOf(code, activation)) * BigInt(levelOf(w[e] ?? 0, weight)), 0n);
}

function maskBits(mask: readonly boolean[]): bigint {
  return planesOf(mask.map(Number), 1)[0] ?? 0n;
}

function operandOf(planes: number, alphabet: Operand['alphabet'], list = 0): Operand {
  return { planes, alphabet, distances: (distanceLists[list] ?? []).slice(0, planes) };
}

describe('inner products', () => {
  it('the check vectors of two planes each', () => {
    // The codes of 3, -1, 1, 3, -3, 1 and 1, -3, 3, 3, -1, -1.
    const [a, w] = [planesOf([3, 1, 2, 3, 0, 2], 2), planesOf([2, 0, 3, 3, 1, 1], 2)];
    const sumOf = (distances: Parameters): bigint => evaluate(elaborate(xnorDot, { length: 6, activationPlanes: 2, weightPlanes: 2, ...distances, ...combinational }))
      .set('in_activation', a).set('in_weight', w).getNumber('out_sum');
    expect(sumOf({})).toBe(20n);
    expect(sumOf({ activationDistances: [2, 5], weightDistances: [3, 4] })).toBe(102n);
  });

  it.each(alphabetPairs)('%s by %s: every pair of words of up to 6 elements of one plane, with every mask up to 3', (activationAlphabet, weightAlphabet) => {
    const operands = { activation: operandOf(1, activationAlphabet), weight: operandOf(1, weightAlphabet) };
    for (let length = 1; length <= 6; length++) {
      const unit = evaluate(elaborate(xnorDot, { length, ...parametersOf(operands), ...combinational, mask: length <= 3 }));
      const words = Array.from({ length: 2 ** length }, (_, word) => Array.from({ length }, (__, e) => (word >> e) & 1));
      const masks = length <= 3 ? words.map(word => word.map(Boolean)) : [undefined];
      for (const a of words) {
        unit.set('in_activation', planesOf(a, 1));
        for (const w of words) {
          unit.set('in_weight', planesOf(w, 1));
          for (const mask of masks) {
            if (mask !== undefined) unit.set('in_mask', maskBits(mask));
            if (unit.getNumber('out_sum') !== dot(operands, a, w, mask)) expect.fail(`${a.join()} by ${w.join()} under ${mask?.join() ?? 'no mask'}`);
          }
        }
      }
    }
  });

  it.each(alphabetPairs)('%s by %s: every pair of words of several planes, for 1 and 2 elements and all distances', (activationAlphabet, weightAlphabet) => {
    const wordsOf = (length: number, planes: number): readonly (readonly number[])[] =>
      Array.from({ length: 2 ** (planes * length) }, (_, word) => Array.from({ length }, (__, e) => Math.floor(word / 2 ** (planes * e)) % 2 ** planes));
    for (let list = 0; list < distanceLists.length; list++) {
      for (const [activationPlanes, weightPlanes] of [[2, 2], [3, 1], [1, 3]] as const) {
        const operands = { activation: operandOf(activationPlanes, activationAlphabet, list), weight: operandOf(weightPlanes, weightAlphabet, (list + 1) % distanceLists.length) };
        for (const length of [1, 2]) {
          const unit = evaluate(elaborate(xnorDot, { length, ...parametersOf(operands), ...combinational }));
          for (const a of wordsOf(length, activationPlanes)) {
            unit.set('in_activation', planesOf(a, activationPlanes));
            for (const w of wordsOf(length, weightPlanes)) {
              const sum = unit.set('in_weight', planesOf(w, weightPlanes)).getNumber('out_sum');
              if (sum !== dot(operands, a, w)) expect.fail(`${a.join()} by ${w.join()} with distances ${list}: ${sum}`);
            }
          }
        }
      }
    }
  });

  it('random words of 1 to 1024 elements, of 1 to 8 planes, in every alphabet, pipelining and list of distances', () => {
    const random = seeded(17);
    const upTo = (most: number): number => 1 + Math.floor(most * random());
    for (let round = 0; round < 120; round++) {
      const [activationAlphabet, weightAlphabet] = alphabetPairs[round % 4] ?? alphabetPairs[0];
      const large = round % 30 === 7;
      const most = large ? 2 : round % 10 === 1 ? 8 : 3;
      const operands = { activation: operandOf(upTo(most), activationAlphabet, round % 5), weight: operandOf(upTo(most), weightAlphabet, upTo(5) - 1) };
      const length = large ? 1025 - upTo(30) : upTo(70);
      const pipeline = (['full', 'output', 1, 3, 'none'] as const)[Math.floor(round / 4) % 5] ?? 'none';
      const mask = random() < 0.5;
      const design = elaborate(xnorDot, { length, ...parametersOf(operands), mask, flow: 'none', pipeline });
      const unit = evaluate(design, { powerUp: 'random' });
      for (let beat = 0; beat < 4; beat++) {
        const density = random();
        const codes = (planes: number): readonly number[] => Array.from({ length }, () => Array.from({ length: planes }, (_, i) => random() < density ? 2 ** i : 0).reduce((x, y) => x + y, 0));
        const [a, w, present] = [codes(operands.activation.planes), codes(operands.weight.planes), Array.from({ length }, () => random() < 0.7)];
        unit.set('in_activation', planesOf(a, operands.activation.planes)).set('in_weight', planesOf(w, operands.weight.planes));
        if (mask) unit.set('in_mask', maskBits(present));
        for (let clocks = 0; clocks < (design.top.timing?.latency ?? 0); clocks++) unit.step();
        expect(unit.getNumber('out_sum'), `round ${round}: ${JSON.stringify(design.top.parameters)}`).toBe(dot(operands, a, w, mask ? present : undefined));
      }
    }
  });
});

describe('out_sum', () => {
  const widthOf = (parameters: Parameters): number | undefined => elaborate(xnorDot, parameters).top.ports.find(port => port.signal.name === 'out_sum')?.signal.width;

  it('is as wide as its extremes', () => {
    for (const [index, [activationAlphabet, weightAlphabet]] of alphabetPairs.entries()) {
      for (let list = 0; list < distanceLists.length; list++) {
        const operands = { activation: operandOf(1 + index % 3, activationAlphabet, list), weight: operandOf(1 + list % 3, weightAlphabet, (list + 2) % 5) };
        for (const length of [1, 3, 64]) {
          const levels = (operand: Operand): readonly bigint[] => Array.from({ length: 2 ** operand.planes }, (_, code) => BigInt(levelOf(code, operand)));
          const sums = levels(operands.activation).flatMap(a => levels(operands.weight).map(w => a * w * BigInt(length)));
          const width = widthOf({ length, ...parametersOf(operands) }) ?? 0;
          const fits = (bits: number): boolean => sums.every(sum => BigInt.asIntN(bits, sum) === sum);
          expect([fits(width), width > 1 && fits(width - 1)]).toEqual([true, false]);
        }
      }
    }
  });
});

describe('time', () => {
  it.each([
    [{}, 6],
    [{ length: 3 }, 2],
    [{ length: 1024 }, 10],
    [{ activationPlanes: 2, weightPlanes: 2 }, 8],
    [{ pipeline: 'output' }, 1],
    [{ activationAlphabet: '01', weightAlphabet: '01' }, 5],
    [{ activationDistances: [3] }, 7],
  ] satisfies readonly (readonly [Parameters, number])[])('%j: latency %i', (parameters, latency) => {
    expect(elaborate(xnorDot, parameters).top.timing?.latency).toBe(latency);
  });

  it.each([['full', 'off'], ['full', 3], ['output', 3], [4, 'off'], [2, 0]] as const)('pipeline %s, accumulate %s: a stream under stalls', (pipeline, accumulate) => {
    const random = seeded(5);
    const length = 19;
    const operands = { activation: operandOf(2, '01'), weight: operandOf(1, 'pm1') };
    const design = elaborate(xnorDot, { length, ...parametersOf(operands), mask: true, pipeline, accumulate });
    const beats: Beat[] = [];
    const sums: bigint[] = [];
    let running = 0n;
    for (let beat = 0; beat < 40; beat++) {
      const [a, w, present] = [Array.from({ length }, () => Math.floor(4 * random())), Array.from({ length }, () => Math.floor(2 * random())), Array.from({ length }, () => random() < 0.8)];
      const last = accumulate === 'off' || accumulate === 0 || random() < 0.4 || beat === 39;
      running += dot(operands, a, w, present);
      beats.push({ in_activation: planesOf(a, 2), in_weight: planesOf(w, 1), in_mask: maskBits(present), ...(accumulate === 'off' ? {} : { in_last: last }) });
      if (!last) continue;
      sums.push(running);
      running = 0n;
    }
    for (const [bubbles, stalls] of [[0, 0], [0, 0.5], [0.5, 0], [0.3, 0.3]] as const) {
      const run = stream(evaluate(design, { powerUp: 'random' }), beats, { output: 'out_sum', results: sums.length, random, bubbles, stalls });
      expect(run.results).toEqual(sums);
      if (bubbles + stalls === 0) expect(run.accepted).toEqual(beats.map((_, i) => i));
    }
  });

  it('beyond its guard bits the sum wraps', () => {
    const unit = evaluate(elaborate(xnorDot, { length: 4, accumulate: 0, flow: 'none', pipeline: 'output' }));
    unit.set('rst', true).step().set('rst', false).set('in_activation', [15]).set('in_weight', [15]).set('in_last', false);
    for (let beat = 1; beat <= 9; beat++) expect(unit.step().getNumber('out_sum')).toBe(BigInt.asIntN(4, 4n * BigInt(beat)));
  });
});

describe('contradictions are one sentence', () => {
  it.each([
    [{ activationPlanes: 2, activationDistances: [1, 2, 3] }, 'HDL403: \'activationDistances\' has 3 distances for 2 planes\n  hint: give one for each of \'activationPlanes\', or none for 1, 2, 4, …'],
    [{ weightDistances: [4, 5] }, 'HDL403: \'weightDistances\' has 2 distances for 1 plane\n  hint: give one for each of \'weightPlanes\', or none for 1, 2, 4, …'],
    [{ flow: 'none', pipeline: 'none', accumulate: 1 }, 'HDL403: pipeline \'none\' has no registers, and accumulate needs one\n  hint: use pipeline \'output\', \'full\' or a number'],
  ] satisfies readonly (readonly [Parameters, string])[])('%j', (parameters, message) => {
    try {
      elaborateAny(xnorDot, parameters);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof HdlError)) throw error;
      expect(error.message).toBe(message);
    }
  });
});

describe('what the unit is made of', () => {
  it.each([
    [{}, 'multipliers 0 (0), adders 17 (87), selections 15 (15), registers 31 (106)'],
    [{ length: 256, ...combinational }, 'multipliers 0 (0), adders 65 (329), selections 63 (63), registers 0 (0)'],
    [{ activationPlanes: 4, activationAlphabet: '01', ...combinational }, 'multipliers 0 (0), adders 86 (461), selections 75 (75), registers 0 (0)'],
    [
      { activationPlanes: 2, weightPlanes: 2, activationDistances: [3, 5], weightDistances: [2, 7], mask: true, accumulate: 4 },
      'multipliers 0 (0), adders 92 (556), selections 76 (93), registers 152 (629)',
    ],
  ] satisfies readonly (readonly [Parameters, string])[])('%j', (parameters, made) => {
    expect(inventory(elaborate(xnorDot, parameters))).toBe(made);
  });
});
