import { decodeFloat, dotSumWidth, floatBias, FloatDotModel, resultFormat, type FloatDotParameters } from '../../golden/index.js';
import type { Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import type { RandomSource } from '../random.js';
import { createStimulus } from '../stimulus.js';
import type { CoverageModel, GoldenModel, Stimulus, Unit } from '../unit.js';
import { codeText, drawCode, edgeCodes } from './float-cases.js';
import { floatDotParameters } from './parameters.js';

/** Lanes that `explain` writes out. */
const shownLanes = 32;

function operands(streams: Streams, name: string): Uint32Array {
  const data = streams.in?.ports[name];
  if (data instanceof Uint32Array) return data;
  throw new TestbenchError('usage', `A floating inner product takes the stream in with ${name}; given are ${Object.keys(streams).join(', ') || 'none'}.`);
}

function golden(manifest: Manifest): GoldenModel {
  const model = new FloatDotModel(floatDotParameters(manifest));
  return {
    process: inputs => {
      const outputs = model.process(operands(inputs, 'in_a'), operands(inputs, 'in_b'));
      if (outputs.kind === 'code') return { out: { count: outputs.codes.length, ports: { out_value: outputs.codes } } };
      return { out: { count: outputs.exponents.length, ports: { out_sum: outputs.sums, out_exponent: outputs.exponents } } };
    },
  };
}

/** How the lanes of one beat are drawn. */
const moods = ['any', 'any', 'near', 'near', 'near', 'far', 'cancelling', 'sparse'] as const;

/** One beat: operands of any kind, of near exponents, of exponents that differ by about `maxShift`, of terms that cancel, or of many zeros. */
function drawBeat(random: RandomSource, parameters: FloatDotParameters, edges: readonly number[]): readonly (readonly [number, number])[] {
  const { lanes, exponentBits, mantissaBits, maxShift } = parameters;
  const mood = moods[random.below(moods.length)];
  const sign = 2 ** (exponentBits + mantissaBits);
  const hidden = 2 ** mantissaBits;
  const most = 2 ** exponentBits - 2;
  const centre = random.below(most + 1);
  const code = (field: number): number => random.below(2) * sign + Math.max(0, Math.min(most, field)) * hidden + random.below(hidden);
  const pair = (): readonly [number, number] => {
    switch (mood) {
      case 'near': return [code(centre + random.below(5) - 2), code(centre + random.below(5) - 2)];
      case 'far': return [code(centre - (random.below(2) === 0 ? 0 : maxShift + random.below(3) - 1)), code(centre)];
      case 'sparse': return random.below(4) === 0 ? [code(centre), code(random.below(most + 1))] : [random.below(2) * sign, drawCode(random, parameters, edges)];
      default: return [drawCode(random, parameters, edges), drawCode(random, parameters, edges)];
    }
  };
  if (mood !== 'cancelling') return Array.from({ length: lanes }, pair);
  const half = Array.from({ length: lanes / 2 }, () => [code(centre), code(centre)] as const);
  return [...half, ...half.map(([a, b]) => [(a + sign) % (2 * sign), b] as const)];
}

function stimulus(manifest: Manifest): Stimulus {
  const parameters = floatDotParameters(manifest);
  const edges = edgeCodes(parameters);
  const beats = (drawn: readonly (readonly (readonly [number, number])[])[]): Streams => ({
    in: { count: drawn.length, ports: { in_a: Uint32Array.from(drawn.flat(), ([a]) => a), in_b: Uint32Array.from(drawn.flat(), ([, b]) => b) } },
  });
  const { exhaustive, anyPattern } = createStimulus(manifest);
  return {
    anyPattern, ...(exhaustive === undefined ? {} : { exhaustive }),
    // Every pair of edges in one lane, beside another product, and in all lanes.
    corners: () => beats(edges.flatMap(a => edges.flatMap(b => [0, 1].map(all => Array.from({ length: parameters.lanes }, (_, lane) =>
      (lane === (a + b) % parameters.lanes || all === 1 ? [a, b] as const : lane === 0 ? [edges[12] ?? 0, edges[12] ?? 0] as const : [0, b] as const)))))),
    random: (random, count) => beats(Array.from({ length: count }, () => drawBeat(random, parameters, edges))),
  };
}

const bins = {
  lane: ['lane: zero product', 'lane: not shifted', 'lane: shifted, nothing lost', 'lane: shifted, bits lost', 'lane: too far'],
  sum: ['sum: zero', 'sum: positive', 'sum: negative', 'sum: infinity', 'sum: NaN'],
} as const;

/** The bins that can occur. */
function possibleBins({ guardBits, maxShift, specials, exponentBits }: FloatDotParameters): readonly string[] {
  const reach = 2 * (2 ** exponentBits - (specials === 'ieee' ? 2 : 1)) - 2;
  const shift = Math.min(maxShift, reach);
  const absent = [...(shift === 0 ? [bins.lane[2]] : []), ...(shift > guardBits ? [] : [bins.lane[3]]), ...(maxShift >= reach ? [bins.lane[4]] : []), ...(specials === 'ieee' ? [] : [bins.sum[3]]), ...(specials === 'none' ? [bins.sum[4]] : [])];
  return [...bins.lane, ...bins.sum].filter(bin => !absent.some(each => each === bin));
}

function coverage(manifest: Manifest): CoverageModel {
  const parameters = floatDotParameters(manifest);
  const possible = possibleBins(parameters);
  const counts = new Map(possible.map(bin => [bin, 0]));
  const model = new FloatDotModel(parameters);
  const { lanes, guardBits, maxShift } = parameters;
  const count = (bin: string): void => { counts.set(bin, (counts.get(bin) ?? 0) + 1); };
  return {
    bins: possible,
    add: inputs => {
      const [a, b] = [operands(inputs, 'in_a'), operands(inputs, 'in_b')];
      for (let first = 0; first < a.length; first += lanes) {
        const { special, exponent, sum } = model.aligned(a, b, first / lanes);
        count(special === 'nan' ? bins.sum[4] : special !== 'no' ? bins.sum[3] : sum === 0n ? bins.sum[0] : sum > 0n ? bins.sum[1] : bins.sum[2]);
        if (special !== 'no') continue;
        for (let lane = first; lane < first + lanes; lane++) {
          const { significand, field } = model.product(a[lane] ?? 0, b[lane] ?? 0);
          const distance = exponent - field;
          const lost = distance > guardBits && significand % 2 ** Math.min(40, distance - guardBits) !== 0;
          count(significand === 0 ? bins.lane[0] : distance === 0 ? bins.lane[1] : distance > maxShift ? bins.lane[4] : lost ? bins.lane[3] : bins.lane[2]);
        }
      }
    },
    counts: () => Object.fromEntries(counts),
  };
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number): readonly string[] {
  const parameters = floatDotParameters(manifest);
  const { lanes, guardBits, maxShift, result } = parameters;
  const [a, b] = [operands(inputs, 'in_a'), operands(inputs, 'in_b')];
  const first = outputIndex * lanes;
  if (first + lanes > a.length) return [`Output beat ${outputIndex} belongs to no input that was given.`];
  const model = new FloatDotModel(parameters);
  const { special, exponent, sum } = model.aligned(a, b, outputIndex);
  const lines = Array.from({ length: Math.min(lanes, shownLanes) }, (_, lane) => {
    const [x, y] = [a[first + lane] ?? 0, b[first + lane] ?? 0];
    const { significand, field } = model.product(x, y);
    const distance = exponent - field;
    const term = significand === 0 ? 'zero' : distance > maxShift ? `${distance} down: too far` : `${significand} * 2^${guardBits} >> ${distance}`;
    return `lane ${lane}: ${codeText(x, parameters)} times ${codeText(y, parameters)}: ${special === 'no' ? term : decodeFloat(x, parameters).class}`;
  });
  const rest = lanes > shownLanes ? [`and ${lanes - shownLanes} more lanes`] : [];
  if (special !== 'no') return [...lines, ...rest, `sum ${special === 'nan' ? 'NaN' : special}`];
  const scale = exponent - 2 * (floatBias(parameters) + parameters.mantissaBits) - guardBits;
  const outputs = model.process(a.subarray(first, first + lanes), b.subarray(first, first + lanes));
  const rounded = outputs.kind === 'code' && result !== 'sum' ? [`rounded ${codeText(outputs.codes[0] ?? 0, resultFormat(parameters, result))}`] : [];
  return [...lines, ...rest, `sum ${sum} in ${dotSumWidth(parameters)} bits, times 2^${scale}, exponent ${exponent}`, ...rounded];
}

/** The floating inner product: `lanes` codes `in_a` and `in_b`; the sum and its exponent, or one code. */
export const floatDot: Unit = { name: 'float-dot', summary: 'inner product of small floats, aligned and summed', golden, stimulus, coverage, explain };
