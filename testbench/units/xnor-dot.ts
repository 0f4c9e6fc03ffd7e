import { codesOfPlanes, dotOfCodes, dotRange, dotWidth, fullMask, levelOfCode, levelTable, operandFormats, wordsOf, XnorDotModel, type PlaneFormat, type XnorDotParameters } from '../../golden/index.js';
import type { Beats, PortData, Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import type { RandomSource } from '../random.js';
import { createStimulus } from '../stimulus.js';
import type { CoverageModel, GoldenModel, Stimulus, Unit } from '../unit.js';
import { beatsOfDotProduct, LengthCounter } from './dot-product-length.js';
import { xnorDotParameters } from './parameters.js';
import { fromWords, toWords } from './plane-words.js';

/** Elements that `explain` writes out. */
const shownElements = 16;

/** The operands of beats, as the golden model takes them. */
interface Operands {
  readonly beats: number;
  readonly activations: Uint32Array;
  readonly weights: Uint32Array;
  readonly mask?: Uint32Array;
  readonly last?: Uint32Array;
}

function portOf(beats: Beats, name: string): PortData {
  const data = beats.ports[name];
  if (data === undefined) throw new TestbenchError('usage', `An xnor-dot of these parameters takes ${name}; given are ${Object.keys(beats.ports).join(', ')}.`);
  return data;
}

function operandsOf(streams: Streams, { length, mask, accumulate }: XnorDotParameters): Operands {
  const beats = streams.in;
  if (beats === undefined) throw new TestbenchError('usage', `An xnor-dot takes the stream in; given are ${Object.keys(streams).join(', ') || 'none'}.`);
  const plane = (name: string): Uint32Array => toWords(portOf(beats, name), length);
  return {
    beats: beats.count, activations: plane('in_activation'), weights: plane('in_weight'),
    ...(mask ? { mask: plane('in_mask') } : {}), ...(accumulate === 'off' ? {} : { last: toWords(portOf(beats, 'in_last'), 1) }),
  };
}

function streamsOf({ beats, activations, weights, mask, last }: Operands, { length }: XnorDotParameters): Streams {
  return {
    in: {
      count: beats,
      ports: {
        in_activation: fromWords(activations, length), in_weight: fromWords(weights, length),
        ...(mask === undefined ? {} : { in_mask: fromWords(mask, length) }), ...(last === undefined ? {} : { in_last: last }),
      },
    },
  };
}

function golden(manifest: Manifest): GoldenModel {
  const parameters = xnorDotParameters(manifest);
  const model = new XnorDotModel(parameters);
  return {
    process: streams => {
      const { activations, weights, mask, last } = operandsOf(streams, parameters);
      const sums = model.process(activations, weights, { ...(mask === undefined ? {} : { mask }), ...(last === undefined ? {} : { last }) });
      return { out: { count: sums.length, ports: { out_sum: sums } } };
    },
  };
}

/** One beat that is written down: a code for every activation and weight, and the elements that are present. */
interface Corner {
  readonly activation: (element: number) => number;
  readonly weight: (element: number) => number;
  readonly present: (element: number) => boolean;
}

/** The codes of the extreme levels, all zeros, all ones, and each plane alone. */
function specialCodes(format: PlaneFormat): readonly number[] {
  const levels = Array.from(levelTable(format));
  const planes = format.distances.map((_, plane) => 2 ** plane);
  return [...new Set([0, levels.length - 1, levels.indexOf(Math.min(...levels)), levels.indexOf(Math.max(...levels)), ...planes])];
}

/** Elements that a one-hot pattern visits: all of few, of many those around powers of two and the ends of words. */
function visited(length: number): readonly number[] {
  if (length <= 16) return Array.from({ length }, (_, element) => element);
  const near = new Set([0, length - 1]);
  for (let power = 1; power < length; power *= 2) near.add(power - 1).add(power);
  return [...near].sort((a, b) => a - b);
}

function cornerList(parameters: XnorDotParameters): readonly Corner[] {
  const { activation, weight } = operandFormats(parameters);
  const [codesA, codesW] = [specialCodes(activation), specialCodes(weight)];
  const [onesA, onesW] = [2 ** parameters.activationPlanes - 1, 2 ** parameters.weightPlanes - 1];
  const all = (): boolean => true;
  const list: Corner[] = codesA.flatMap(a => codesW.map(w => ({ activation: () => a, weight: () => w, present: all })));
  for (const hot of visited(parameters.length)) {
    const oneHot = (ones: number) => (element: number): number => (element === hot ? ones : 0);
    list.push({ activation: oneHot(onesA), weight: () => onesW, present: all }, { activation: () => onesA, weight: oneHot(onesW), present: all });
    if (parameters.mask) list.push({ activation: () => onesA, weight: () => onesW, present: element => element === hot }, { activation: () => onesA, weight: () => 0, present: element => element !== hot });
  }
  for (const phase of [0, 1]) {
    const alternating = (ones: number) => (element: number): number => ((element + phase) % 2 === 0 ? ones : 0);
    list.push({ activation: alternating(onesA), weight: alternating(onesW), present: all });
    list.push({ activation: alternating(onesA), weight: () => onesW, present: element => (element + phase) % 2 === 0 });
  }
  // A ramp of codes tells the elements apart; nothing present adds nothing.
  list.push({ activation: element => (element * 5 + 1) % (onesA + 1), weight: element => (element * 3 + 2) % (onesW + 1), present: all });
  if (parameters.mask) list.push({ activation: () => onesA, weight: () => onesW, present: () => false });
  return list;
}

function corners(parameters: XnorDotParameters): Streams {
  const { length, activationPlanes, weightPlanes, mask, accumulate } = parameters;
  const list = cornerList(parameters);
  const rounds = accumulate === 'off' ? [1] : [1, 2, list.length];
  const beats = rounds.length * list.length;
  const words = wordsOf(length);
  const operands = {
    beats, activations: new Uint32Array(beats * activationPlanes * words), weights: new Uint32Array(beats * weightPlanes * words),
    ...(mask ? { mask: new Uint32Array(beats * words) } : {}),
    ...(accumulate === 'off' ? {} : { last: Uint32Array.from({ length: beats }, (_, beat) => lastOfRound(beat % list.length, list.length, rounds[Math.floor(beat / list.length)] ?? 1)) }),
  };
  const put = (data: Uint32Array, planes: number, beat: number, element: number, code: number): void => {
    for (let plane = 0; plane < planes; plane++) {
      const at = (beat * planes + plane) * words + (element >>> 5);
      data[at] = (data[at] ?? 0) | (((code >>> plane) & 1) << (element & 31));
    }
  };
  for (let beat = 0; beat < beats; beat++) {
    const corner = list[beat % list.length];
    for (let element = 0; corner !== undefined && element < length; element++) {
      put(operands.activations, activationPlanes, beat, element, corner.activation(element));
      put(operands.weights, weightPlanes, beat, element, corner.weight(element));
      if (operands.mask !== undefined) put(operands.mask, 1, beat, element, corner.present(element) ? 1 : 0);
    }
  }
  return streamsOf(operands, parameters);
}

function lastOfRound(beat: number, count: number, group: number): number {
  return beat % group === group - 1 || beat === count - 1 ? 1 : 0;
}

/** How the bits of one plane are drawn: uniform, few or many ones, none, all, or as the plane of the weights before them but for a few bits. */
type Mood = 'uniform' | 'sparse' | 'dense' | 'zeros' | 'ones' | 'equal' | 'opposite';
const moods: readonly Mood[] = ['uniform', 'uniform', 'uniform', 'sparse', 'dense', 'zeros', 'ones', 'equal', 'opposite'];

function drawWord(mood: Mood, random: RandomSource, other: number): number {
  const few = (): number => random.uint32() & random.uint32() & random.uint32();
  switch (mood) {
    case 'uniform': return random.uint32();
    case 'sparse': return few();
    case 'dense': return ~few();
    case 'zeros': return 0;
    case 'ones': return 0xffffffff;
    case 'equal': return other ^ few();
    case 'opposite': return ~(other ^ few());
  }
}

/** Planes of `beats` beats, each plane in a mood of its own. */
function randomPlanes(random: RandomSource, length: number, planes: number, beats: number, others?: Uint32Array, otherPlanes = 1): Uint32Array {
  const full = fullMask(length);
  const words = full.length;
  const data = new Uint32Array(beats * planes * words);
  for (let beat = 0, at = 0; beat < beats; beat++) {
    for (let plane = 0; plane < planes; plane++) {
      const mood = moods[random.below(moods.length)] ?? 'uniform';
      for (let word = 0; word < words; word++, at++) {
        const other = others?.[(beat * otherPlanes + Math.min(plane, otherPlanes - 1)) * words + word] ?? 0;
        data[at] = drawWord(mood, random, other) & (full[word] ?? 0);
      }
    }
  }
  return data;
}

/** Last flags for dot products of one beat, of a few and of many. */
function randomLast(random: RandomSource, beats: number): Uint32Array {
  let chance = 0.5;
  return Uint32Array.from({ length: beats }, () => {
    if (random.chance(1 / 32)) chance = [1, 0.5, 0.25, 1 / 16, 1 / 40][random.below(5)] ?? 0.5;
    return random.chance(chance) ? 1 : 0;
  });
}

function stimulus(manifest: Manifest): Stimulus {
  const parameters = xnorDotParameters(manifest);
  const { length, activationPlanes, weightPlanes, mask, accumulate } = parameters;
  // Wide beats cannot be counted, and a list of their special values would be long.
  const counted = (activationPlanes + weightPlanes + (mask ? 1 : 0)) * length <= 48 ? createStimulus(manifest).exhaustive : undefined;
  return {
    anyPattern: true,
    corners: () => corners(parameters),
    random: (random, beats) => {
      const weights = randomPlanes(random, length, weightPlanes, beats);
      return streamsOf({
        beats, weights, activations: randomPlanes(random, length, activationPlanes, beats, weights, weightPlanes),
        ...(mask ? { mask: randomPlanes(random, length, 1, beats) } : {}), ...(accumulate === 'off' ? {} : { last: randomLast(random, beats) }),
      }, parameters);
    },
    ...(counted === undefined ? {} : { exhaustive: counted }),
  };
}

/** How often each plane of an operand was all zeros, all ones, and neither. */
class PlaneCounter {
  private readonly full: Uint32Array;
  private readonly kinds: readonly string[];
  /** Counts of plane p and kind k at p · 3 + k. */
  private readonly tally: Float64Array;

  constructor(private readonly name: string, length: number, private readonly planes: number) {
    this.full = fullMask(length);
    this.kinds = length === 1 ? ['zeros', 'ones'] : ['zeros', 'ones', 'mixed'];
    this.tally = new Float64Array(3 * planes);
  }

  add(data: Uint32Array): void {
    const { full, planes, tally } = this;
    const words = full.length;
    for (let at = 0, plane = 0; at < data.length; plane = plane + 1 === planes ? 0 : plane + 1) {
      let [zeros, ones] = [true, true];
      for (let word = 0; word < words; word++, at++) {
        if (data[at] !== 0) zeros = false;
        if (data[at] !== full[word]) ones = false;
      }
      const place = 3 * plane + (zeros ? 0 : ones ? 1 : 2);
      tally[place] = (tally[place] ?? 0) + 1;
    }
  }

  get counts(): ReadonlyMap<string, number> {
    return new Map(Array.from({ length: this.planes }, (_, plane) =>
      this.kinds.map((kind, k) => [`${this.name}${this.planes > 1 ? ` plane ${plane}` : ''}: ${kind}`, this.tally[3 * plane + k] ?? 0] as const)).flat());
  }
}

/** The sums at the ends of what one beat can give, and their signs. */
class SumCounter {
  readonly counts: Map<string, number>;
  private readonly least: bigint;
  private readonly most: bigint;

  constructor(parameters: XnorDotParameters) {
    const { min, max } = dotRange(parameters);
    [this.least, this.most] = [BigInt(min), BigInt(max)];
    this.counts = new Map([...(min < 0 ? ['sum: negative'] : []), ...(max > 0 ? ['sum: positive'] : []), 'sum: smallest of a beat', 'sum: largest of a beat'].map(bin => [bin, 0]));
  }

  add(sums: PortData): void {
    const [least, most] = [Number(this.least), Number(this.most)];
    const count = { negative: 0, positive: 0, smallest: 0, largest: 0 };
    for (const value of sums) {
      // Sums are compared as plain numbers: the ends of a beat are exact there, and no other sum rounds to them below 2^53.
      const sum = Number(value);
      if (sum < 0) count.negative++;
      else if (sum > 0) count.positive++;
      if (sum === least) count.smallest++;
      if (sum === most) count.largest++;
    }
    const add = (bin: string, added: number): void => {
      const before = this.counts.get(bin);
      if (before !== undefined) this.counts.set(bin, before + added);
    };
    add('sum: negative', count.negative);
    add('sum: positive', count.positive);
    add('sum: smallest of a beat', count.smallest);
    add('sum: largest of a beat', count.largest);
  }
}

function coverage(manifest: Manifest): CoverageModel {
  const parameters = xnorDotParameters(manifest);
  const { length, activationPlanes, weightPlanes, mask, accumulate } = parameters;
  const activations = new PlaneCounter('activation', length, activationPlanes);
  const weights = new PlaneCounter('weight', length, weightPlanes);
  const masks = mask ? new PlaneCounter('mask', length, 1) : undefined;
  const sums = new SumCounter(parameters);
  const lengths = accumulate === 'off' ? undefined : new LengthCounter();
  const maps = (): readonly ReadonlyMap<string, number>[] => [activations, weights, masks, sums, lengths].flatMap(counter => (counter === undefined ? [] : [counter.counts]));
  return {
    bins: maps().flatMap(map => [...map.keys()]),
    add: (inputs, outputs) => {
      const operands = operandsOf(inputs, parameters);
      activations.add(operands.activations);
      weights.add(operands.weights);
      if (operands.mask !== undefined) masks?.add(operands.mask);
      if (operands.last !== undefined) lengths?.add(operands.last);
      if (outputs.out?.ports.out_sum !== undefined) sums.add(outputs.out.ports.out_sum);
    },
    counts: () => Object.fromEntries(maps().flatMap(map => [...map])),
  };
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number): readonly string[] {
  const parameters = xnorDotParameters(manifest);
  const { length, activationPlanes, weightPlanes } = parameters;
  const { activation, weight } = operandFormats(parameters);
  const operands = operandsOf(inputs, parameters);
  const found = beatsOfDotProduct(operands.last, outputIndex);
  if (found === undefined || found[1] >= operands.beats) return [`Output beat ${outputIndex} belongs to no input that was given.`];
  const [first, end] = found;
  const words = wordsOf(length);
  const codes = (data: Uint32Array, planes: number, beat: number): Uint8Array => codesOfPlanes(data.subarray(beat * planes * words, (beat + 1) * planes * words), length, planes);
  const lines: string[] = [];
  let total = 0n;
  for (let beat = first; beat <= end; beat++) {
    const [a, w] = [codes(operands.activations, activationPlanes, beat), codes(operands.weights, weightPlanes, beat)];
    const present = operands.mask === undefined ? undefined : codes(operands.mask, 1, beat);
    const sum = dotOfCodes(a, w, parameters, present);
    total += BigInt(sum);
    if (first !== end) {
      if (beat - first < shownElements) lines.push(`input beat ${beat}: sum ${sum}`);
      continue;
    }
    for (let element = 0; element < Math.min(length, shownElements); element++) {
      const [levelA, levelW] = [levelOfCode(a[element] ?? 0, activation), levelOfCode(w[element] ?? 0, weight)];
      lines.push(`element ${element}: activation ${levelA} times weight ${levelW}${present?.[element] === 0 ? ' is masked' : ` = ${levelA * levelW + 0}`}`);
    }
  }
  const hidden = (first === end ? length : end - first + 1) - shownElements;
  if (hidden > 0) lines.push(`and ${hidden} more ${first === end ? 'elements' : 'beats'}`);
  lines.push(`sum ${total} in ${dotWidth(parameters)} bits`);
  return lines;
}

/** The inner product over bit-planes: the ports of `in` are planes of activations and weights, a mask where there is one, the last flag with accumulate; `out` carries the sums. */
export const xnorDot: Unit = {
  name: 'xnor-dot',
  summary: 'inner product of activations and weights kept as bit-planes, by logic and popcounts',
  golden, stimulus, coverage, explain,
};
