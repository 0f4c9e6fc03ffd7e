import { bits, type BitsType, type IntType } from '../../hdl/index.js';
import { bitsFor, indexType, wordsOf } from '../arithmetic/fields.js';
import type { HdlIssueOf } from '../arithmetic/stream.js';

/** How output channels are dealt to lanes, and whether a lane that is done helps the one before. */
export type Balance = 'none' | 'permute' | 'steal';

/** Zeros of which operands are skipped. */
export const skips = ['none', 'weight', 'input', 'output', 'weight+input', 'weight+output', 'input+output'] as const;

/** The parameters that decide what a core looks like. */
export interface CoreParameters {
  readonly inputChannels: number;
  readonly height: number;
  readonly width: number;
  readonly outputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly activationBits: number;
  readonly activationSigned: boolean;
  readonly weightBits: number;
  readonly accumulatorBits: number;
  readonly group: number;
  readonly lanes: number;
  readonly lookahead: number;
  readonly runAhead: number;
  readonly balance: Balance;
  readonly skip: typeof skips[number];
  readonly inputFormat: 'dense' | 'compressed';
  readonly weightTiles: number;
}

/** What follows from the parameters. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
  /** Positions of an output channel. */
  readonly positions: number;
  readonly pixels: number;
  readonly taps: number;
  /** Channels of a tap in memory: a power of two. */
  readonly channels: number;
  /** Bits of a group in memory. */
  readonly groupBits: number;
  readonly tapsInChunk: number;
  /** Chunks of one tap, where a tap is longer than a chunk; among them may be some without channels. */
  readonly chunksOfTap: number;
  readonly chunks: number;
  readonly chunkBits: number;
  /** Rounds of `lanes` output channels: what a lane has of them. */
  readonly slots: number;
  /** Own weights, and with `steal` those of the next lane. */
  readonly areas: number;
  readonly skipsWeights: boolean;
  readonly skipsInputs: boolean;
  readonly skipsOutputs: boolean;
  readonly steals: boolean;
  readonly permutes: boolean;
  /** Products of the dense convolution. */
  readonly dense: number;
}

export function shapeOf(P: CoreParameters): Shape {
  const [rows, columns] = [outputs(P.height, P.kernelHeight, P), outputs(P.width, P.kernelWidth, P)];
  const taps = P.kernelHeight * P.kernelWidth;
  const channels = 2 ** bitsFor(P.inputChannels);
  const tapsInChunk = Math.max(1, Math.min(Math.floor(P.lookahead / channels), taps));
  const chunksOfTap = Math.max(1, channels / P.lookahead);
  const positions = rows * columns;
  return {
    rows, columns, positions, pixels: P.height * P.width, taps, channels, groupBits: Math.min(P.group, channels), tapsInChunk, chunksOfTap,
    chunks: Math.ceil(taps / tapsInChunk) * chunksOfTap, chunkBits: chunksOfTap > 1 ? P.lookahead : tapsInChunk * channels,
    slots: Math.ceil(P.outputChannels / P.lanes), areas: P.balance === 'steal' ? 2 : 1,
    skipsWeights: P.skip.includes('weight'), skipsInputs: P.skip.includes('input'), skipsOutputs: P.skip.includes('output'),
    steals: P.balance === 'steal', permutes: P.balance === 'permute', dense: positions * P.outputChannels * taps * P.inputChannels,
  };
}

function outputs(size: number, kernel: number, { stride, padding }: Pick<CoreParameters, 'stride' | 'padding'>): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

/** Tasks of a lane. */
export function tasksType({ slots, positions }: Shape): IntType {
  return indexType(slots * positions + 1);
}

/** Bits of the mask that a lane reads for a position: those of its slots, or with `permute` those of all output channels. */
export function maskBits({ slots, areas, permutes }: Shape, lanes: number): number {
  return permutes ? slots * lanes : slots * areas;
}

/** Whether chunks without weights are known in advance: each output channel has a list of the others. */
export function hasList({ skipsWeights, chunks }: Shape): boolean {
  return skipsWeights && chunks > 1;
}

/** An entry of the list of chunks: whether it is the last one, the place of the one behind it or else 0, and its chunk. */
export function listEntryType({ chunks }: Shape): BitsType {
  return bits(1 + 2 * bitsFor(chunks));
}

/** Bits of the place of a task among the sums of a lane: area, slot and position; at least one. */
export function placeBits({ areas, slots, positions }: Pick<Shape, 'areas' | 'slots' | 'positions'>): number {
  return Math.max(1, bitsFor(areas) + bitsFor(slots) + bitsFor(positions));
}

/** Whether a lane must know the output channels of its slots. */
export function ordersMask({ permutes, skipsOutputs }: Shape): boolean {
  return permutes && skipsOutputs;
}

/** Bits of a word of the bitmap of inputs. */
export function wordBits({ chunksOfTap, chunkBits, channels }: Shape): number {
  return chunksOfTap > 1 ? chunkBits : channels;
}

/** Words of the largest memory that is made. */
const mostWords = 65536;
/** A task's chunks that are still to be visited are a pattern of so many bits at most. */
const mostChunks = 256;

/** What of the parameters contradicts itself. */
export function coreContradictions(P: CoreParameters): readonly HdlIssueOf<keyof CoreParameters>[] {
  const issues: HdlIssueOf<keyof CoreParameters>[] = [];
  for (const parameter of ['group', 'lookahead'] as const) {
    if (!Number.isInteger(Math.log2(P[parameter]))) issues.push({ parameter, message: `'${parameter}' is ${P[parameter]}, not a power of two` });
  }
  if (P.group > P.lookahead) issues.push({ parameter: 'group', message: `a group of ${P.group} weights is larger than the lookahead of ${P.lookahead}` });
  if (P.balance !== 'none' && P.lanes === 1) issues.push({ parameter: 'balance', message: `balance '${P.balance}' has nothing to do with one lane`, hint: 'use balance \'none\' or more lanes' });
  for (const [parameter, size, kernel] of [['kernelHeight', P.height, P.kernelHeight], ['kernelWidth', P.width, P.kernelWidth]] as const) {
    if (kernel > size + 2 * P.padding) issues.push({ parameter, message: `'${parameter}' is ${kernel}, larger than the padded tile of ${size + 2 * P.padding}` });
  }
  return issues.length > 0 ? issues : sizeContradictions(P, shapeOf(P));
}

function sizeContradictions(P: CoreParameters, shape: Shape): readonly HdlIssueOf<keyof CoreParameters>[] {
  const { pixels, channels, slots, taps, positions, chunks, areas, dense } = shape;
  const issues: HdlIssueOf<keyof CoreParameters>[] = [];
  const memories = [
    ['height', 'inputs', wordsOf(2, pixels, channels)], ['outputChannels', 'weights of a lane', wordsOf(2, areas, slots, taps, channels)],
    ['outputChannels', 'sums of a lane', wordsOf(2, slots, positions)],
  ] as const;
  for (const [parameter, what, words] of memories) {
    if (words > mostWords) issues.push({ parameter, message: `the ${what} need a memory of ${words} words, and the most is ${mostWords}`, hint: 'use smaller tiles, fewer channels or more lanes' });
  }
  if (chunks > mostChunks) issues.push({ parameter: 'lookahead', message: `an output has ${chunks} chunks, and the most is ${mostChunks}`, hint: 'use a larger lookahead' });
  const clocks = dense + positions * P.outputChannels * (chunks + 2) + 4;
  if (clocks * P.lanes >= 2 ** 32) issues.push({ parameter: 'height', message: `a tile can take ${clocks} clocks, and on ${P.lanes} lanes the counters of 32 bits do not hold them`, hint: 'use smaller tiles' });
  return issues;
}
