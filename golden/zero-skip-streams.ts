/**
 * The streams of the zero-skip convolution core: two-level bitmaps with the weights of their ones, inputs dense or with their bitmap, and the model that takes sets of weights,
 * tiles and masks and gives sums with counters (`docs/zero-skip-conv.md`). A word of a stream is `wordsOf(width)` words of 32 bits here, the lowest first.
 */
import { wordsOf } from './bit-planes.js';
import {
  checkInputs, checkWeights, checkZeroSkipParameters, convolveDense, kernelSize, skipsZerosOf, sparseOperand, type KernelParameters, type SparseOperand, type ZeroSkipParameters,
} from './zero-skip-conv.js';
import { zeroSkipSchedule, type ScheduleEvents, type ZeroSkipCounters } from './zero-skip-schedule.js';

/** Bits of a word of the weight stream. */
export function weightWordBits({ group, weightBits }: Pick<KernelParameters, 'group' | 'weightBits'>): number {
  return Math.max(group, weightBits);
}

/** Bits of a word of the compressed input stream. */
export function inputWordBits({ group, activationBits }: Pick<ZeroSkipParameters, 'group' | 'activationBits'>): number {
  return Math.max(group, activationBits);
}

/** What an encoder may choose. */
export interface EncoderFreedom {
  /** A bit that the unit ignores; 0 if not given. */
  readonly spareBit?: () => 0 | 1;
  /** Whether a group without ones gets a coarse bit of 1 and a fine word of zeros; no if not given. */
  readonly emptyGroup?: () => boolean;
  /** Whether weights are sign-extended to the width of the words, instead of having spare bits above them. */
  readonly signExtended?: boolean;
}

/** Writes words of `width` bits. */
class WordWriter {
  private readonly words: number[] = [];
  private readonly perWord: number;

  constructor(private readonly width: number, private readonly spareBit: (() => 0 | 1) | undefined) {
    this.perWord = wordsOf(width);
  }

  /** Bit i of the word is `bit(i)` for i below `count`; the rest are spare. */
  addBits(count: number, bit: (index: number) => number): void {
    const first = this.words.length;
    for (let word = 0; word < this.perWord; word++) this.words.push(0);
    for (let index = 0; index < this.width; index++) {
      const one = index < count ? bit(index) : this.spareBit?.() ?? 0;
      if (one !== 0) this.words[first + (index >>> 5)] = ((this.words[first + (index >>> 5)] ?? 0) | (1 << (index & 31))) >>> 0;
    }
  }

  addValue(value: number, bits: number): void {
    this.addBits(bits, index => (value >> Math.min(index, 31)) & 1);
  }

  finish(): Uint32Array {
    return Uint32Array.from(this.words);
  }
}

/** Reads words of `width` bits; knows when they end too early. */
class WordReader {
  private readonly perWord: number;
  private word = 0;

  constructor(private readonly data: Uint32Array, width: number, public at: number) {
    this.perWord = wordsOf(width);
  }

  /** Goes on to the next word; false where there is none. */
  next(): boolean {
    this.word = this.at;
    if (this.at + this.perWord > this.data.length) return false;
    this.at += this.perWord;
    return true;
  }

  bit(index: number): number {
    return ((this.data[this.word + (index >>> 5)] ?? 0) >>> (index & 31)) & 1;
  }

  value(bits: number, signed: boolean): number {
    const low = (this.data[this.word] ?? 0) & (2 ** bits - 1);
    return signed && low >= 2 ** (bits - 1) ? low - 2 ** bits : low;
  }
}

/** Values that a reader found, and where the next ones begin (in words of 32 bits). */
export interface DecodedOperand extends SparseOperand {
  readonly next: number;
}

/** The groups of one output channel, in the order of the stream: where their weights begin, and how many they are. */
function groupsOf({ inputChannels, kernelHeight, kernelWidth, group }: KernelParameters): readonly (readonly [first: number, count: number])[] {
  const groups: (readonly [number, number])[] = [];
  for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
    for (let channel = 0; channel < inputChannels; channel += group) groups.push([tap * inputChannels + channel, Math.min(group, inputChannels - channel)]);
  }
  return groups;
}

function hasOnes(bits: Uint8Array, first: number, count: number): boolean {
  for (let index = first; index < first + count; index++) if (bits[index] === 1) return true;
  return false;
}

/** The words of a set of weights. Throws a GoldenError for weights that do not fit. */
export function compressWeights(weights: SparseOperand, parameters: KernelParameters, { spareBit, emptyGroup, signExtended = false }: EncoderFreedom = {}): Uint32Array {
  checkWeights(weights.values, parameters);
  const { outputChannels, group, weightBits } = parameters;
  const { bits, values } = weights;
  const wordBits = weightWordBits(parameters);
  const valueBits = signExtended ? wordBits : weightBits;
  const writer = new WordWriter(wordBits, spareBit);
  const groups = groupsOf(parameters);
  const window = kernelSize(parameters) / outputChannels;
  for (let base = 0; base < outputChannels * window; base += window) {
    for (let coarse = 0; coarse < groups.length; coarse += group) {
      const covered = groups.slice(coarse, coarse + group).map(([first, count]) => ({ first: base + first, count, isThere: hasOnes(bits, base + first, count) || (emptyGroup?.() ?? false) }));
      writer.addBits(covered.length, index => Number(covered[index]?.isThere));
      for (const { first, count, isThere } of covered) {
        if (!isThere) continue;
        writer.addBits(count, index => bits[first + index] ?? 0);
        for (let index = first; index < first + count; index++) if (bits[index] === 1) writer.addValue(values[index] ?? 0, valueBits);
      }
    }
  }
  return writer.finish();
}

/** Reads the values of the ones of a fine word, which is the next one; false where words are missing. */
function readGroup(reader: WordReader, operand: SparseOperand, first: number, count: number, bits: number, signed: boolean): boolean {
  if (!reader.next()) return false;
  const ones = Array.from({ length: count }, (_, index) => reader.bit(index));
  for (let index = 0; index < count; index++) {
    if (ones[index] === 0) continue;
    if (!reader.next()) return false;
    operand.bits[first + index] = 1;
    operand.values[first + index] = reader.value(bits, signed);
  }
  return true;
}

/** The set of weights whose words begin at `at`; undefined where they are not all there. */
export function decompressWeights(data: Uint32Array, parameters: KernelParameters, at = 0): DecodedOperand | undefined {
  const { outputChannels, group, weightBits } = parameters;
  const size = kernelSize(parameters);
  const window = size / outputChannels;
  const groups = groupsOf(parameters);
  const operand: SparseOperand = { values: new Int32Array(size), bits: new Uint8Array(size) };
  const reader = new WordReader(data, weightWordBits(parameters), at);
  for (let base = 0; base < size; base += window) {
    for (let coarse = 0; coarse < groups.length; coarse += group) {
      if (!reader.next()) return undefined;
      const covered = groups.slice(coarse, coarse + group).filter((_, index) => reader.bit(index) === 1);
      for (const [first, count] of covered) if (!readGroup(reader, operand, base + first, count, weightBits, true)) return undefined;
    }
  }
  return { ...operand, next: reader.at };
}

/** The words of a tile of inputs, compressed. Throws a GoldenError for inputs that do not fit. */
export function compressInputs(inputs: SparseOperand, parameters: ZeroSkipParameters, { spareBit }: EncoderFreedom = {}): Uint32Array {
  checkInputs(inputs.values, parameters);
  const { inputChannels, group, activationBits } = parameters;
  const writer = new WordWriter(inputWordBits(parameters), spareBit);
  for (let pixel = 0; pixel < inputs.values.length; pixel += inputChannels) {
    for (let channel = 0; channel < inputChannels; channel += group) {
      const [first, count] = [pixel + channel, Math.min(group, inputChannels - channel)];
      writer.addBits(count, index => inputs.bits[first + index] ?? 0);
      for (let index = first; index < first + count; index++) if (inputs.bits[index] === 1) writer.addValue(inputs.values[index] ?? 0, activationBits);
    }
  }
  return writer.finish();
}

/** The tile whose words begin at `at`; undefined where they are not all there. */
export function decompressInputs(data: Uint32Array, parameters: ZeroSkipParameters, at = 0): DecodedOperand | undefined {
  const { height, width, inputChannels, group, activationBits, activationSigned } = parameters;
  const size = height * width * inputChannels;
  const operand: SparseOperand = { values: new Int32Array(size), bits: new Uint8Array(size) };
  const reader = new WordReader(data, inputWordBits(parameters), at);
  for (let pixel = 0; pixel < size; pixel += inputChannels) {
    for (let channel = 0; channel < inputChannels; channel += group) {
      if (!readGroup(reader, operand, pixel + channel, Math.min(group, inputChannels - channel), activationBits, activationSigned)) return undefined;
    }
  }
  return { ...operand, next: reader.at };
}

/** What comes out for a tile: sums, [position][outputChannels], and counters. */
export interface TileResult {
  readonly sums: Int32Array;
  readonly counters: ZeroSkipCounters;
  readonly events: ScheduleEvents;
}

/** Sets of weights, tiles and masks as they come, each stream for itself; a tile is computed when all that it needs is there. */
export class ZeroSkipModel {
  private readonly sets: SparseOperand[] = [];
  private readonly tiles: SparseOperand[] = [];
  private readonly masks: ArrayLike<number>[] = [];
  private tilesOfSet = 0;

  constructor(private readonly parameters: ZeroSkipParameters) {
    checkZeroSkipParameters(parameters);
  }

  addWeights(weights: SparseOperand): void {
    checkWeights(weights.values, this.parameters);
    this.sets.push(weights);
  }

  /** Inputs with their bits (compressed), or the values alone (dense). */
  addTile(inputs: SparseOperand | ArrayLike<number>): void {
    const operand = 'bits' in inputs ? inputs : sparseOperand(inputs);
    checkInputs(operand.values, this.parameters);
    this.tiles.push(operand);
  }

  /** Bits of all outputs, [position][outputChannels]. */
  addMask(mask: ArrayLike<number>): void {
    this.masks.push(mask);
  }

  /** The results of all tiles that can be computed and were not given before. */
  results(): readonly TileResult[] {
    const { parameters } = this;
    const takesMask = skipsZerosOf(parameters, 'output');
    const results: TileResult[] = [];
    for (;;) {
      const [weights, inputs, mask] = [this.sets[0], this.tiles[0], this.masks[0]];
      if (weights === undefined || inputs === undefined || (takesMask && mask === undefined)) return results;
      this.tiles.shift();
      if (takesMask) this.masks.shift();
      if (++this.tilesOfSet === parameters.weightTiles) {
        this.sets.shift();
        this.tilesOfSet = 0;
      }
      const needed = takesMask ? mask : undefined;
      const { events, ...counters } = zeroSkipSchedule({ weightBits: weights.bits, inputBits: inputs.bits, ...(needed === undefined ? {} : { mask: needed }) }, parameters);
      results.push({ sums: convolveDense(inputs.values, weights.values, parameters, needed), counters, events });
    }
  }
}
