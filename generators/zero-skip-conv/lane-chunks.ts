import { bits, bool, cat, literalBits, literalBool, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { counter } from '../arithmetic/counter.js';
import { bitsFor, flagTable, indexType, joined, numberTable, parted, patternTable, wordsOf, type Field } from '../arithmetic/fields.js';
import type { ChunkEntry } from './chunk-queue.js';
import type { OperandsIo, LaneParameters } from './lane-operands.js';
import type { Task } from './lane-claims.js';
import { loadAddress, loads } from './lane-weights.js';
import { listEntryType, wordBits, type CoreParameters, type Shape } from './shape.js';

/** A task whose last chunk is in B. */
export interface EndedTask {
  readonly valid: Bool;
  readonly hadPairs: Bool;
  /** Its place among the sums; absent where there is only one. */
  readonly place: Bits | undefined;
}

/** The chunk in B. */
interface Chunk {
  readonly valid: Bool;
  readonly entry: ChunkEntry;
  readonly ended: EndedTask;
  readonly taskLeaves: Bool;
  /** Says whether a chunk may be issued, and whether the one in B has pairs. */
  readonly complete: (hasRoom: Bool, hasPairs: Bool) => void;
}

/** Issues the chunks of a task, reads their bits and finds their pairs. A chunk stays in B for one clock. */
export function issues(m: ModuleBuilder, sync: Domain, io: OperandsIo, P: LaneParameters, shape: Shape, task: Task): Chunk {
  const { chunks, tapsInChunk, chunksOfTap, chunkBits, taps } = shape;
  const [valid, isLast] = [sync.reg('chunk_valid', bool, { reset: false }), sync.reg('chunk_is_last', bool)];
  const hadPairs = sync.reg('task_had_pairs', bool, { reset: false });
  const [room, hasPairs] = [m.wire('has_room', bool), m.wire('finds_pairs', bool)];
  const issue = m.named('issues', task.valid.and(task.masked.not()).and(room.q));
  const next = nextChunk(m, sync, io, shape, P, task, issue);

  const tapOf = (chunk: number, place: number): number => chunksOfTap > 1 ? Math.floor(chunk / chunksOfTap) : chunk * tapsInChunk + place;
  const needsInside = P.padding > 0 || (taps % tapsInChunk > 0 && !shape.skipsWeights);
  const inside = (place: number): Bool => flagTable(next.index, chunks, chunk => {
    const tap = tapOf(chunk, place);
    if (tap >= taps) return literalBool(false);
    if (task.rows === undefined || task.columns === undefined) return literalBool(true);
    return task.rows.bit(Math.floor(tap / P.kernelWidth)).and(task.columns.bit(tap % P.kernelWidth));
  });
  const places = Array.from({ length: tapsInChunk }, (_, place) => place);
  const insides = needsInside ? places.map(place => sync.delay(`tap_${place}_inside`, inside(place))) : undefined;

  const pixels = places.map(place => task.base.add(numberTable(next.index, chunks, chunk => tapOffset(tapOf(chunk, place), P, shape))).wrap(Math.max(1, bitsFor(shape.pixels))).asU());
  const weights = weightChunks(m, sync, io, shape, task, next.index);
  const inputs = inputChunks(m, sync, io, shape, pixels, next.index);
  const held = (name: string, value: Int, count: number): Field => ({ value: count === 1 ? joined() : sync.delay(`chunk_${name}`, joined({ value, count })), count });
  const chunk = held('index', next.index, chunks);
  const all = literalOfChannels(P, shape, chunk.value ?? joined());
  const widened = (flag: Bool): Bits => flag.mux(literalBits((1n << BigInt(chunkBits / tapsInChunk)) - 1n, chunkBits / tapsInChunk), literalBits(0, chunkBits / tapsInChunk));
  const terms = [
    ...(weights === undefined ? [] : [weights]), ...(inputs === undefined ? [] : [cat(...inputs.toReversed())]),
    ...(weights === undefined && inputs === undefined ? [all] : []), ...(insides === undefined ? [] : [cat(...insides.map(widened).toReversed())]),
  ];
  const pairs = m.named('chunk_pairs', terms.reduce((a, b) => a.and(b)));

  valid.drive(issue);
  isLast.drive(next.isLast);
  m.when(valid.q, () => hadPairs.set(isLast.q.not().and(hadPairs.q.or(hasPairs.q))));
  const [area, slot, position] = [held('area', task.area, shape.areas), held('slot', task.slot, shape.slots), held('position', task.position, shape.positions)];
  const context = joined(area, slot, held('pixel', tapsInChunk === 1 ? pixels[0] ?? joined() : task.base, shape.pixels), chunk);
  const place = shape.areas * shape.slots * shape.positions === 1 ? undefined : joined(area, slot, position).bits();
  return {
    valid: valid.q, entry: { pairs, first: hadPairs.q.not(), context: context.bits(), place },
    ended: { valid: m.named('task_ends', valid.q.and(isLast.q)), hadPairs: m.named('task_has_sum', hadPairs.q.or(hasPairs.q)), place },
    taskLeaves: m.named('task_leaves', task.valid.and(task.masked.or(issue.and(next.isLast)))),
    complete: (hasRoom, found) => {
      room.drive(hasRoom);
      hasPairs.drive(found);
    },
  };
}

/** The chunk that the task in A has next. */
interface NextChunk {
  readonly index: Int;
  readonly isLast: Bool;
}

/** Finds the chunks of a task that may have work: in the list of those with weights, or by counting. */
function nextChunk(m: ModuleBuilder, sync: Domain, io: OperandsIo, shape: Shape, P: LaneParameters, task: Task, issue: Bool): NextChunk {
  const { chunks, chunksOfTap, areas, slots } = shape;
  if (chunks === 1) return { index: joined(), isLast: literalBool(true) };
  if (io.load_list !== undefined && io.load_list_place !== undefined && io.load_list_entry !== undefined) {
    const memory = m.mem('chunk_list', { type: listEntryType(shape), depth: wordsOf(2, areas, slots, chunks), collisions: 'unused' });
    sync.write(memory, loadAddress(io, shape, { value: io.load_list_place, count: chunks }), io.load_list_entry, { enable: io.load_list.and(loads(io)) });
    // The last chunk of a task leads to the first place of a list; so does all that is no chunk.
    const following = m.wire('next_place', indexType(chunks));
    const entry = sync.read('next_chunk', memory, joined(
      { value: io.weight_bank.asU(), count: 2 }, { value: task.nextArea, count: areas }, { value: task.nextSlot, count: slots }, { value: following.q, count: chunks },
    ), { enable: task.claim.or(issue) });
    const [isLast, place, index] = parted(entry, 2, chunks, chunks);
    if (isLast === undefined || place === undefined || index === undefined) throw new TypeError('an entry of three fields');
    following.drive(task.valid.and(task.masked.not()).mux(place, 0));
    return { index, isLast: isLast.bits().bit(0) };
  }
  // Chunks of a tap beyond its channels do not exist.
  const word = counter(sync, 'following_word', Math.ceil(P.inputChannels / P.lookahead));
  const row = counter(sync, 'following_row', chunks / chunksOfTap);
  m.when(task.claim, () => {
    word.set(0);
    row.set(0);
  }).elseWhen(issue, () => {
    word.step();
    m.when(word.last, () => row.step());
  });
  return { index: joined({ value: row.q, count: chunks / chunksOfTap }, { value: word.q, count: chunksOfTap }), isLast: word.last.and(row.last) };
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

function weightChunks(m: ModuleBuilder, sync: Domain, io: OperandsIo, shape: Shape, task: Task, index: Int): Bits | undefined {
  if (io.load_chunk === undefined || io.load_chunk_bits === undefined) return undefined;
  const memory = m.mem('weight_bits', { type: bits(shape.chunkBits), depth: wordsOf(2, shape.areas, shape.slots, shape.chunks), collisions: 'unused' });
  sync.write(memory, loadAddress(io, shape, { value: io.load_chunk_index, count: shape.chunks }), io.load_chunk_bits, { enable: io.load_chunk.and(loads(io)) });
  const address = joined(
    { value: io.weight_bank.asU(), count: 2 }, { value: task.area, count: shape.areas }, { value: task.slot, count: shape.slots }, { value: index, count: shape.chunks },
  );
  return sync.read('chunk_weight_bits', memory, address);
}

/** The bits of the inputs under each tap of a chunk, which has one or more. */
function inputChunks(m: ModuleBuilder, sync: Domain, io: OperandsIo, shape: Shape, pixels: readonly Int[], index: Int): readonly Bits[] | undefined {
  if (io.load_word === undefined || io.load_word_bits === undefined) return undefined;
  const { chunksOfTap } = shape;
  const memory = m.mem('input_bits', { type: bits(wordBits(shape)), depth: wordsOf(2, shape.pixels, chunksOfTap), collisions: 'unused' });
  const address = (bank: Bool, pixel: Int, word: Int | undefined): Int =>
    joined({ value: bank.asU(), count: 2 }, { value: pixel, count: shape.pixels }, { value: word, count: chunksOfTap });
  sync.write(memory, address(io.load_tile_bank, io.load_pixel, io.load_word_index), io.load_word_bits, { enable: io.load_word });
  const word = chunksOfTap === 1 ? undefined : index.wrap(bitsFor(chunksOfTap));
  return pixels.map((pixel, place) => sync.read(`chunk_input_bits_${place}`, memory, address(io.tile_bank, pixel, word)));
}
