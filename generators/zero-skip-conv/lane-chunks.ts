import { bits, bool, cat, literalBits, literalBool, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { bitsFor, flagTable, joined, numberTable, patternTable, wordsOf, type Field } from '../arithmetic/fields.js';
import { lowestOne } from '../arithmetic/lowest-one.js';
import type { ChunkEntry } from './chunk-queue.js';
import type { LaneIo, LaneParameters } from './lane.js';
import type { Task } from './lane-claims.js';
import { loadAddress, loads } from './lane-weights.js';
import { wordBits, type CoreParameters, type Shape } from './shape.js';

/** A task whose last chunk leaves B. */
export interface EndedTask {
  readonly valid: Bool;
  readonly hadPairs: Bool;
  readonly area: Int;
  readonly slot: Int;
  readonly position: Int;
}

/** The chunk in B. */
interface Chunk {
  readonly valid: Bool;
  readonly entry: ChunkEntry;
  readonly push: Bool;
  readonly ended: EndedTask;
  readonly taskLeaves: Bool;
  /** Says whether the queue has room. */
  readonly complete: (hasRoom: Bool) => void;
}

/** Issues the chunks of a task, reads their bits and finds their pairs. */
export function issues(m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape, task: Task): Chunk {
  const { chunks, tapsInChunk, chunksOfTap, chunkBits, taps } = shape;
  const [valid, isLast] = [sync.reg('chunk_valid', bool, { reset: false }), sync.reg('chunk_is_last', bool)];
  const hadPairs = sync.reg('task_had_pairs', bool, { reset: false });
  const [issue, room] = [m.wire('issues', bool), m.wire('has_room', bool)];

  const existing = cat(...Array.from({ length: chunks }, (_, i) => literalBool((i % chunksOfTap) * P.lookahead < P.inputChannels)).toReversed());
  const leftover = chunks === 1 ? undefined : sync.reg('chunks_left', bits(chunks));
  const pending = leftover === undefined ? literalBits(1, 1) : m.named('chunks_pending', task.fresh.mux(task.summary ?? existing, leftover.q));
  const next = lowestOne(pending);
  const after = leftover === undefined ? undefined : m.named('chunks_after', next.rest);
  const ends = after === undefined ? literalBool(true) : after.reduceOr().not();
  const index = m.named('next_chunk', next.index);

  const tapOf = (chunk: number, place: number): number => chunksOfTap > 1 ? Math.floor(chunk / chunksOfTap) : chunk * tapsInChunk + place;
  const needsInside = P.padding > 0 || (taps % tapsInChunk > 0 && !shape.skipsWeights);
  const inside = (place: number): Bool => flagTable(index, chunks, chunk => {
    const tap = tapOf(chunk, place);
    if (tap >= taps) return literalBool(false);
    if (task.rows === undefined || task.columns === undefined) return literalBool(true);
    return task.rows.bit(Math.floor(tap / P.kernelWidth)).and(task.columns.bit(tap % P.kernelWidth));
  });
  const places = Array.from({ length: tapsInChunk }, (_, place) => place);
  const insides = needsInside ? places.map(place => sync.delay(`tap_${place}_inside`, inside(place), { enable: issue.q })) : undefined;

  const weights = weightChunks(m, sync, io, shape, task, index, issue.q);
  const inputs = inputChunks(m, sync, io, shape, places.map(place =>
    task.base.add(numberTable(index, chunks, chunk => tapOffset(tapOf(chunk, place), P, shape)))), index, issue.q);
  const chunk = chunks === 1 ? index : sync.delay('chunk_index', index, { enable: issue.q });
  const all = literalOfChannels(P, shape, chunk);
  const widened = (flag: Bool): Bits => flag.mux(literalBits((1n << BigInt(chunkBits / tapsInChunk)) - 1n, chunkBits / tapsInChunk), literalBits(0, chunkBits / tapsInChunk));
  const terms = [
    ...(weights === undefined ? [] : [weights]), ...(inputs === undefined ? [] : [cat(...inputs.toReversed())]),
    ...(weights === undefined && inputs === undefined ? [all] : []), ...(insides === undefined ? [] : [cat(...insides.map(widened).toReversed())]),
  ];
  const pairs = m.named('chunk_pairs', terms.reduce((a, b) => a.and(b)));

  const hasPairs = m.named('chunk_has_pairs', pairs.reduceOr());
  const leaves = m.named('chunk_leaves', valid.q.and(hasPairs.not().or(room.q)));
  const issues = m.named('chunk_is_free', valid.q.not().or(leaves)).and(task.valid).and(task.masked.not());
  issue.drive(issues);
  valid.drive(issue.q.or(valid.q.and(leaves.not())));
  m.when(issue.q, () => {
    isLast.set(ends);
    if (leftover !== undefined && after !== undefined) leftover.set(after);
    task.notFresh();
  });
  m.when(leaves, () => hadPairs.set(isLast.q.not().and(hadPairs.q.or(hasPairs))));
  const held = (name: string, value: Int, count: number): Field & { readonly value: Int } => ({ value: count === 1 ? joined() : sync.delay(`chunk_${name}`, value, { enable: issue.q }), count });
  const [area, slot, position] = [held('area', task.area, shape.areas), held('slot', task.slot, shape.slots), held('position', task.position, shape.positions)];
  const context = joined(area, slot, position, held('base', task.base, shape.pixels), { value: chunk, count: chunks });
  return {
    valid: valid.q, push: m.named('push', leaves.and(hasPairs)), entry: { pairs, first: hadPairs.q.not(), context: context.bits() },
    ended: { valid: m.named('task_ends', leaves.and(isLast.q)), hadPairs: m.named('task_has_sum', hadPairs.q.or(hasPairs)), area: area.value, slot: slot.value, position: position.value },
    taskLeaves: m.named('task_leaves', task.valid.and(task.masked.or(issue.q.and(ends)))),
    complete: hasRoom => room.drive(hasRoom),
  };
}

/** Distance of a tap's pixel from that of the first tap, modulo the power of two that holds all pixels. */
export function tapOffset(tap: number, { kernelWidth, width }: CoreParameters, { pixels, taps }: Shape): number {
  return tap >= taps ? 0 : (Math.floor(tap / kernelWidth) * width + tap % kernelWidth) % 2 ** bitsFor(pixels);
}

/** Ones for the channels of a chunk that there are. */
function literalOfChannels({ inputChannels, lookahead }: CoreParameters, { chunks, chunksOfTap, chunkBits, channels, tapsInChunk }: Shape, chunk: Int): Bits {
  const ones = (count: number): bigint => (1n << BigInt(count)) - 1n;
  if (chunksOfTap === 1) return cat(...Array.from({ length: tapsInChunk }, () => literalBits(ones(inputChannels), channels)));
  return patternTable(chunk, chunks, i => literalBits(ones(Math.max(0, Math.min(lookahead, inputChannels - (i % chunksOfTap) * lookahead))), chunkBits));
}

function weightChunks(m: ModuleBuilder, sync: Domain, io: LaneIo, shape: Shape, task: Task, index: Int, issue: Bool): Bits | undefined {
  if (io.load_chunk === undefined || io.load_chunk_bits === undefined) return undefined;
  const memory = m.mem('weight_bits', { type: bits(shape.chunkBits), depth: wordsOf(2, shape.areas, shape.slots, shape.chunks) });
  sync.write(memory, loadAddress(io, shape, { value: io.load_chunk_index, count: shape.chunks }), io.load_chunk_bits, { enable: io.load_chunk.and(loads(io)) });
  const address = joined(
    { value: io.weight_bank.asU(), count: 2 }, { value: task.area, count: shape.areas }, { value: task.slot, count: shape.slots }, { value: index, count: shape.chunks },
  );
  return sync.read('chunk_weight_bits', memory, address, { enable: issue });
}

/** The bits of the inputs under each tap of a chunk, which has one or more. */
function inputChunks(m: ModuleBuilder, sync: Domain, io: LaneIo, shape: Shape, pixels: readonly Int[], index: Int, issue: Bool): readonly Bits[] | undefined {
  if (io.load_word === undefined || io.load_word_bits === undefined) return undefined;
  const { chunksOfTap } = shape;
  const memory = m.mem('input_bits', { type: bits(wordBits(shape)), depth: wordsOf(2, shape.pixels, chunksOfTap) });
  const address = (bank: Bool, pixel: Int, word: Int | undefined): Int =>
    joined({ value: bank.asU(), count: 2 }, { value: pixel, count: shape.pixels }, { value: word, count: chunksOfTap });
  sync.write(memory, address(io.load_tile_bank, io.load_pixel, io.load_word_index), io.load_word_bits, { enable: io.load_word });
  const word = chunksOfTap === 1 ? undefined : index.wrap(bitsFor(chunksOfTap));
  return pixels.map((pixel, place) => sync.read(`chunk_input_bits_${place}`, memory, address(io.tile_bank, pixel.wrap(Math.max(1, bitsFor(shape.pixels))), word), { enable: issue }));
}
