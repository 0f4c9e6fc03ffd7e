import {
  bits, cat, intType, literalBool, narrowTo, s, select, type Bits, type Bool, type Int, type IntType, type Interval, type ModuleBuilder,
} from '../../hdl/index.js';
import { planeFormats, productInterval, signedWidth } from '../arithmetic/bit-planes.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import type { TargetName } from '../arithmetic/strategy.js';
import type { Pipeline } from '../arithmetic/stream.js';
import type { Counter } from './counting.js';
import type { Shape, ShapeParameters } from './shape.js';
import type { Window } from './window.js';

/** What comes out: sums, one bit by a threshold, or a code of several bits by several. */
export type OutputKind = 'integer' | 'sign' | 'levels';

/** What decides the arithmetic of the output channels. */
export interface ChannelParameters extends ShapeParameters {
  readonly pad: 'mask' | 'minus-one' | 'plus-one';
  readonly output: OutputKind;
  readonly levelBits: number;
  readonly target: TargetName;
}

/** The interval of the sums of all elements of a window. */
export function sumInterval(P: ShapeParameters, { elements }: Pick<Shape, 'elements'>): Interval {
  return productInterval(planeFormats(P), elements);
}

export function sumType(P: ShapeParameters, shape: Pick<Shape, 'elements'>): IntType {
  return s(signedWidth(sumInterval(P, shape)));
}

/** Thresholds hold every sum and one beyond at both ends, so that a channel may be constant. */
export function thresholdType(P: ShapeParameters, shape: Pick<Shape, 'elements'>): IntType {
  const { min, max } = sumInterval(P, shape);
  return s(signedWidth({ min: min - 1n, max: max + 1n }));
}

/** Bits of an output code, and thresholds that make it. */
export function codeBits({ output, levelBits }: Pick<ChannelParameters, 'output' | 'levelBits'>): number {
  return output === 'levels' ? levelBits : 1;
}

export function thresholdCount(P: Pick<ChannelParameters, 'output' | 'levelBits'>): number {
  return P.output === 'integer' ? 0 : 2 ** codeBits(P) - 1;
}

/** A chunk of the window's activations. */
export interface Chunk {
  readonly planes: readonly Bits[];
  /** Elements that count; absent where all do, or where those that do not are zeros. */
  readonly mask: Bits | undefined;
}

/** The chunk of the window with this number. */
export function windowChunk(m: ModuleBuilder, window: Window, chunk: Int, P: ChannelParameters, shape: Shape): Chunk {
  const channels = P.inputChannels;
  const isZeroOne = P.activationAlphabet === '01';
  // In the alphabet 01 the element of zeros is the number 0, which is the same as an absent one.
  const pad = P.pad === 'mask' && isZeroOne ? 'minus-one' : P.pad;
  const taps = window.words.flatMap((row, r) => row.map((word, c) => ({ word, inside: window.inside[r]?.[c] })));
  const padded = (plane: Bits, inside: Bool | undefined): Bits => {
    if (inside === undefined || pad === 'mask') return plane;
    return pad === 'minus-one' ? plane.and(repeated(inside, channels)) : plane.or(repeated(inside.not(), channels));
  };
  const planes = Array.from({ length: P.activationPlanes }, (_, i) => {
    const parts = taps.map(({ word, inside }) => padded(word.slice(i * channels, channels), inside));
    return chunkOf(m, `window_plane_${i}`, parts, chunk, P, shape, false);
  });
  const hasRest = shape.elements % P.simd !== 0;
  const isMasked = !isZeroOne && (hasRest || (pad === 'mask' && taps.some(({ inside }) => inside !== undefined)));
  if (!isMasked) return { planes, mask: undefined };
  const present = taps.map(({ inside }) => repeated(pad === 'mask' && inside !== undefined ? inside : literalBool(true), channels));
  return { planes, mask: chunkOf(m, 'window_present', present, chunk, P, shape, false) };
}

/** `simd` bits of the window; beyond its end `filling`. */
function chunkOf(m: ModuleBuilder, name: string, parts: readonly Bits[], chunk: Int, { simd }: ShapeParameters, { chunks, elements }: Shape, filling: boolean): Bits {
  const rest = chunks * simd - elements;
  const whole = cat(...(rest === 0 ? [] : [repeated(literalBool(filling), rest)]), ...parts.toReversed());
  const named = whole.constant === undefined ? m.named(name, whole) : whole;
  return select(chunk, Array.from({ length: chunks }, (_, q) => named.slice(q * simd, simd)));
}

function repeated(flag: Bool, times: number): Bits {
  return cat(...Array.from({ length: times }, () => flag));
}

/** One clock's work as it enters the arithmetic. */
export interface Work {
  readonly chunk: Chunk;
  /** Of each channel of the group its weight planes. */
  readonly weights: readonly (readonly Bits[])[];
}

/** A flag or number of the work that a clock of the arithmetic does. */
export type At = <V extends Bool | Int>(name: string, value: V, clocks: number) => V;

/** What else is known of the work, at the clock before it is fetched. */
export interface WorkPlace {
  readonly chunk: Counter;
  readonly group: Counter;
  /** Gives it some clocks later. */
  readonly later: At;
}

/** The numbers of all output channels, as registers that are written group by group. */
export interface Channels {
  /** Sums, or codes as patterns. */
  readonly sums: readonly Int[];
  readonly codes: readonly Bits[];
  /** Whether a pixel is on the output. */
  readonly offered: Bool;
}

/**
 * The arithmetic of `pe` channels at a time: inner products of chunks, the sum of a window's chunks, thresholds, and the registers of the output.
 * @param thresholds the word with the thresholds of a group at a number of clocks after its work was known
 */
export function channelArithmetic(
  m: ModuleBuilder, pipe: Pipeline, work: Work, place: WorkPlace, thresholds: (clocks: number) => Bits, P: ChannelParameters, shape: Shape,
): Channels {
  const { add, planeProducts } = strategiesFor(m, P.target, false);
  const products = planeProducts(pipe, { formats: planeFormats(P), activation: work.chunk.planes, weights: work.weights, mask: work.chunk.mask });
  const interval = sumInterval(P, shape);
  const sums = shape.chunks === 1 ? products.map(({ name, value }) => ({ name, value: narrowTo(value, interval) })) : accumulated();
  const { codes, results } = P.output === 'integer' ? { codes: [], results: sums.map(({ value }) => value) } : coded();

  const clocks = pipe.latency + 1;
  const isLastChunk = place.later('last_chunk', place.chunk.isLast, clocks);
  const group = place.later('group', place.group.q, clocks);
  const ends = m.named('group_ends', pipe.valid.and(isLastChunk));
  const { domain } = pipe;
  if (domain === undefined) throw new TypeError('channels without a clock');
  const isLastGroup = place.later('last_group', place.group.isLast, clocks);
  const at = (channel: number): Bool => ends.and(group.eq(Math.floor(channel / P.pe)));
  const outputs = Array.from({ length: P.outputChannels }, (_, channel) => channel);
  const sumRegisters = P.output !== 'integer' ? [] : outputs.map(channel => {
    const register = domain.reg(`sum_of_${channel}`, sumType(P, shape), { enable: at(channel) });
    register.drive(results[channel % P.pe] ?? 0);
    return register.q;
  });
  const codeRegisters = P.output === 'integer' ? [] : outputs.map(channel => {
    const register = domain.reg(`code_of_${channel}`, bits(codeBits(P)), { enable: at(channel) });
    register.drive(codes[channel % P.pe] ?? 0);
    return register.q;
  });
  pipe.end(isLastChunk.and(isLastGroup));
  return { sums: sumRegisters, codes: codeRegisters, offered: pipe.valid };

  function accumulated(): readonly { readonly name: string; readonly value: Int }[] {
    const stage = pipe.stage(1);
    const entered = products.map(({ name, value }) => stage.enter(name, value));
    const isFirst = place.later('first_chunk', place.chunk.q.eq(0), pipe.latency + 1);
    const { domain: clocked, valid } = pipe;
    if (clocked === undefined) throw new TypeError('channels without a clock');
    return entered.map((product, p) => {
      const running = clocked.reg(`running_${p}`, intType(interval), { enable: valid });
      const total = m.named(`total_${p}`, narrowTo(add(isFirst.mux(0, running.q), product, stage.source), interval));
      running.drive(total);
      return { name: `window_sum_${p}`, value: total };
    });
  }

  function coded(): { readonly codes: readonly Bits[]; readonly results: readonly Int[] } {
    const stage = pipe.stage(2);
    const entered = sums.map(({ name, value }) => stage.enter(name, value));
    const word = thresholds(pipe.latency + 1);
    const type = thresholdType(P, shape);
    const count = thresholdCount(P);
    const passed = entered.map((sum, p) => {
      const atMost = word.bit(P.pe * count * type.width + p);
      // sum <= threshold where ~sum >= ~threshold.
      const turned = (value: Int): Int => atMost.mux(value.bits().not(), value.bits()).asS();
      const compared = turned(signed(sum));
      return cat(...Array.from({ length: count }, (_, k) => compared.ge(turned(word.slice((p * count + k) * type.width, type.width).asS()))).reverse());
    });
    if (count === 1) return { codes: passed, results: [] };
    const { countOnes } = strategiesFor(m, P.target, false);
    const counts = countOnes(pipe, passed.map((pattern, p) => ({ name: `passed_${p}`, pattern })));
    return { codes: counts.map(each => each.bits()), results: [] };
  }
}

/** The number in two's complement. */
function signed(value: Int): Int {
  return value.type.signed ? value : cat(literalBool(false), value.bits()).asS();
}
