import {
  bits, bool, cat, clock, generator, input, literalBits, literalBool, output, s, u, vec,
  type Bits, type Bool, type Domain, type Int, type IntType, type ModuleBuilder,
} from '../../hdl/index.js';
import { lowestOne } from '../arithmetic/lowest-one.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { chunkQueue, type Popped } from './chunk-queue.js';
import { coreParameters } from './core-parameters.js';
import { bitsFor, flagTable, indexType, joined, numberTable, parted, patternTable, wordsOf, type Field } from '../arithmetic/fields.js';
import { shapeOf, type CoreParameters, type Shape } from './shape.js';
import { walker, type TaskPlace } from './walker.js';

/** Tasks of a lane. */
export function tasksType({ slots, positions }: Shape): IntType {
  return indexType(slots * positions + 1);
}

/** Bits of the mask that a lane reads for a position: those of its slots, or with `permute` those of all output channels. */
export function maskBits({ slots, areas, permutes }: Shape, lanes: number): number {
  return permutes ? slots * lanes : slots * areas;
}

/**
 * One multiplier of the core with all that it reads: it walks through its tasks, finds the pairs of each chunk, and sums their products. Its memories
 * have two banks, one to be filled and one to be used.
 */
export const lane = generator({
  name: 'zero-skip-lane',
  doc: 'One lane of the zero-skip convolution: finds pairs of operands that are not zero, multiplies them, one a clock, and sums.',
  params: coreParameters,
  ports: P => {
    const shape = shapeOf(P);
    return {
      clk: clock(),
      rst: input(bool, 'reset, synchronous, active high'),
      start: input(bool, 'a tile begins'),
      tasks: input(tasksType(shape), 'tasks of this lane'),
      weight_bank: input(bool, 'bank of the weights of this tile'),
      tile_bank: input(bool, 'bank of its inputs and its mask'),
      sum_bank: input(bool, 'bank of its sums'),
      active: output(bool, 'there is something left to do'),
      multiplies: output(bool, 'a pair is popped'),

      stolen: shape.steals ? input(bool, 'the lane before takes the last task') : undefined,
      can_steal: shape.steals ? input(bool, 'the next lane has tasks to take') : undefined,
      next_last_slot: shape.steals ? input(indexType(shape.slots), 'last slot of the next lane') : undefined,
      can_be_robbed: shape.steals ? output(bool, 'two tasks or more are not claimed') : undefined,
      steals: shape.steals ? output(bool, 'the last task of the next lane is taken') : undefined,
      unstolen: shape.steals ? output(u(Math.max(1, bitsFor(shape.slots) + bitsFor(shape.positions))), 'place of the last task of the next lane that is not taken') : undefined,

      load_own: input(bool, 'the weights that come are of this lane'),
      load_next: shape.steals ? input(bool, 'the weights that come are of the next lane') : undefined,
      load_weight_bank: input(bool, 'bank that weights go to'),
      load_slot: input(indexType(shape.slots), 'slot of the weights that come'),
      load_tap: input(indexType(shape.taps), 'tap of the weight'),
      load_channel: input(indexType(P.inputChannels), 'channel of the weight'),
      load_weight: input(bool, 'a weight comes'),
      load_weight_value: input(bits(P.weightBits), 'the weight'),
      load_chunk: shape.skipsWeights ? input(bool, 'the bits of a chunk come') : undefined,
      load_chunk_index: shape.skipsWeights ? input(indexType(shape.chunks), 'number of the chunk') : undefined,
      load_chunk_bits: shape.skipsWeights ? input(bits(shape.chunkBits), 'the bits of the chunk') : undefined,
      load_summary: hasSummary(shape) ? input(bool, 'the summary of a slot comes') : undefined,
      load_summary_bits: hasSummary(shape) ? input(bits(shape.chunks), 'a bit for each chunk that has weights') : undefined,
      load_order: ordersMask(shape) ? input(bool, 'the output channel of a slot is known') : undefined,
      load_order_place: ordersMask(shape) ? input(indexType(P.lanes), 'its place in its round') : undefined,

      load_tile_bank: input(bool, 'bank that inputs go to'),
      load_pixel: input(indexType(shape.pixels), 'pixel of the input'),
      load_input_channel: input(indexType(P.inputChannels), 'channel of the input'),
      load_input: input(bool, 'an input comes'),
      load_input_value: input(bits(P.activationBits), 'the input'),
      load_word: shape.skipsInputs ? input(bool, 'bits of inputs come') : undefined,
      load_word_index: shape.skipsInputs ? input(indexType(shape.chunksOfTap), 'their number in the pixel') : undefined,
      load_word_bits: shape.skipsInputs ? input(bits(wordBits(shape)), 'the bits of inputs') : undefined,
      load_mask: shape.skipsOutputs ? input(bool, 'mask bits of a position come') : undefined,
      load_mask_bank: shape.skipsOutputs ? input(bool, 'bank that masks go to') : undefined,
      load_mask_position: shape.skipsOutputs ? input(indexType(shape.positions), 'the position') : undefined,
      load_mask_bits: shape.skipsOutputs ? input(bits(maskBits(shape, P.lanes)), 'the mask bits') : undefined,

      read: input(bool, 'a sum is read'),
      read_bank: input(bool, 'bank of the sum'),
      read_slot: input(indexType(shape.slots), 'its slot'),
      read_position: input(indexType(shape.positions), 'its position'),
      sums: output(vec(shape.areas, s(P.accumulatorBits)), 'the sum, one clock later: of the lane\'s own, and what it has of the next lane'),
    };
  },
  build(m, io, P) {
    const shape = shapeOf(P);
    const sync = m.domain(io.clk, { reset: io.rst });
    m.unused(io.load_slot, io.load_tap, io.load_channel, io.load_pixel, io.load_input_channel, io.read_slot, io.read_position,
      io.load_chunk_index, io.load_word_index, io.load_mask_position, io.next_last_slot);
    const claimed = claims(m, sync, io, P, shape);
    const chunk = issues(m, sync, io, P, shape, claimed);
    const { popped, hasRoom, isEmpty } = chunkQueue(m, sync, P.runAhead, chunk.entry, chunk.push);
    claimed.complete(chunk.taskLeaves);
    chunk.complete(hasRoom);
    io.active.drive(claimed.left.or(claimed.valid).or(chunk.valid).or(isEmpty.not()));
    io.multiplies.drive(m.named('pops_pair', popped.valid.and(popped.empty.not())));
    multiplyAndSum(m, sync, io, P, shape, popped);
  },
});

type LaneIo = Parameters<typeof lane.spec.build>[1];
type LaneParameters = Parameters<typeof lane.spec.build>[2];

/** Whether chunks without weights are known in advance. */
export function hasSummary({ skipsWeights, chunks }: Shape): boolean {
  return skipsWeights && chunks > 1;
}

/** Whether a lane must know the output channels of its slots. */
export function ordersMask({ permutes, skipsOutputs }: Shape): boolean {
  return permutes && skipsOutputs;
}

/** Bits of a word of the bitmap of inputs. */
export function wordBits({ chunksOfTap, chunkBits, channels }: Shape): number {
  return chunksOfTap > 1 ? chunkBits : channels;
}

/** The task in A. */
interface Task {
  readonly valid: Bool;
  readonly masked: Bool;
  /** The first of its chunks is still to be issued. */
  readonly fresh: Bool;
  readonly summary: Bits | undefined;
  /** A flag for each row and each column of the kernel that lies in the tile; absent without padding. */
  readonly rows: Bits | undefined;
  readonly columns: Bits | undefined;
  readonly area: Int;
  readonly slot: Int;
  readonly position: Int;
  readonly base: Int;
  /** Whether tasks are left to claim. */
  readonly left: Bool;
  readonly notFresh: () => void;
  /** Says when A becomes free. */
  readonly complete: (leaves: Bool) => void;
}

/** Claims tasks: the lane's own from the first one on, then the next lane's from the last one down. */
function claims(m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape): Task {
  const left = sync.reg('left', tasksType(shape), { reset: 0 });
  const valid = sync.reg('task_valid', bool, { reset: false });
  const [claimsOwn, steals] = [m.wire('claims_own', bool), shape.steals ? m.wire('claims_next', bool) : undefined];
  const own = walker(m, sync, 'own', shape, P, { start: io.start, step: claimsOwn.q, direction: 'up', lastSlot: joined() });
  const robbed = steals === undefined || io.next_last_slot === undefined ? undefined
    : walker(m, sync, 'next', shape, P, { start: io.start, step: steals.q, direction: 'down', lastSlot: io.next_last_slot });
  const hasLeft = m.named('has_left', left.q.ne(0));
  const either = (of: (place: TaskPlace) => Int): Int => robbed === undefined ? of(own) : hasLeft.mux(of(own), of(robbed));
  const place = { slot: either(each => each.slot), position: either(each => each.position), row: either(each => each.row), column: either(each => each.column), base: either(each => each.base) };
  const claim = m.named('claims', steals === undefined ? claimsOwn.q : claimsOwn.q.or(steals.q));
  const area = shape.steals ? hasLeft.not().asU() : joined();
  const hold = (name: string, value: Int, count: number): Int => count === 1 ? value : sync.delay(name, value, { enable: claim });
  const fresh = shape.chunks === 1 ? undefined : sync.reg('task_fresh', bool);
  m.when(claim, () => fresh?.set(true));
  const taken = claimsOwn.q.asU().add(io.stolen?.asU() ?? 0);
  m.when(io.start, () => left.set(io.tasks)).otherwise(() => left.set(left.q.sub(taken).wrap(left.q.width).asU()));
  io.can_be_robbed?.drive(left.q.ge(2));
  if (steals !== undefined) io.steals?.drive(steals.q);
  if (robbed !== undefined) io.unstolen?.drive(joined({ value: robbed.slot, count: shape.slots }, { value: robbed.position, count: shape.positions }));
  const held = {
    area: hold('task_area', area, shape.areas), slot: hold('task_slot', place.slot, shape.slots),
    position: hold('task_position', place.position, shape.positions), base: hold('task_base', place.base, shape.pixels),
  };
  const inside = (count: number, size: number, kernel: number, name: string, index: Int): Bits | undefined => P.padding === 0 ? undefined
    : sync.delay(name, patternTable(index, count, at => insideBits(at * P.stride - P.padding, size, kernel)), { enable: claim });
  return {
    valid: valid.q, fresh: fresh?.q ?? literalBool(true), left: hasLeft, ...held,
    rows: inside(shape.rows, P.height, P.kernelHeight, 'rows_inside', place.row),
    columns: inside(shape.columns, P.width, P.kernelWidth, 'columns_inside', place.column),
    masked: masks(m, sync, io, P, shape, { ...place, area }, held, claim),
    summary: summaries(m, sync, io, shape, { slot: place.slot, area }, claim),
    notFresh: () => m.when(claim.not(), () => fresh?.set(false)),
    complete: leaves => {
      const isFree = m.named('task_is_free', valid.q.not().or(leaves));
      claimsOwn.drive(isFree.and(hasLeft));
      if (steals !== undefined) steals.drive(isFree.and(hasLeft.not()).and(io.can_steal ?? false));
      valid.drive(claim.or(isFree.not()));
    },
  };
}

function insideBits(first: number, size: number, kernel: number): Bits {
  return cat(...Array.from({ length: kernel }, (_, i) => first + i >= 0 && first + i < size).toReversed().map(inside => literalBool(inside)));
}

/** The chunks of a slot that have weights. */
function summaries(m: ModuleBuilder, sync: Domain, io: LaneIo, shape: Shape, { slot, area }: Pick<Task, 'slot' | 'area'>, claim: Bool): Bits | undefined {
  if (io.load_summary === undefined || io.load_summary_bits === undefined) return undefined;
  const counts = [2, shape.areas, shape.slots] as const;
  const memory = m.mem('summaries', { type: bits(shape.chunks), depth: wordsOf(...counts) });
  sync.write(memory, loadAddress(io, shape), io.load_summary_bits, { enable: io.load_summary.and(loads(io)) });
  return sync.read('task_summary', memory, joined({ value: io.weight_bank.asU(), count: 2 }, { value: area, count: shape.areas }, { value: slot, count: shape.slots }), { enable: claim });
}

/** Whether weights that come are for this lane. */
function loads(io: LaneIo): Bool {
  return io.load_next === undefined ? io.load_own : io.load_own.or(io.load_next);
}

function loadAddress(io: LaneIo, shape: Shape, ...within: readonly Field[]): Int {
  return joined({ value: io.load_weight_bank.asU(), count: 2 }, { value: io.load_next?.asU(), count: shape.areas }, { value: io.load_slot, count: shape.slots }, ...within);
}

/** Whether the task claimed is masked. */
function masks(
  m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape, claimed: Pick<Task, 'slot' | 'area' | 'position'>,
  task: Pick<Task, 'slot' | 'area'>, claim: Bool,
): Bool {
  if (io.load_mask === undefined || io.load_mask_bits === undefined || io.load_mask_position === undefined || io.load_mask_bank === undefined) return literalBool(false);
  const width = maskBits(shape, P.lanes);
  const memory = m.mem('masks', { type: bits(width), depth: wordsOf(2, shape.positions) });
  const address = (bank: Bool, position: Int): Int => joined({ value: bank.asU(), count: 2 }, { value: position, count: shape.positions });
  sync.write(memory, address(io.load_mask_bank, io.load_mask_position), io.load_mask_bits, { enable: io.load_mask });
  const word = m.named('task_mask', sync.read('task_mask_word', memory, address(io.tile_bank, claimed.position), { enable: claim }));
  if (io.load_order === undefined || io.load_order_place === undefined) {
    const index = joined({ value: task.area, count: shape.areas }, { value: task.slot, count: shape.slots });
    return flagTable(index, 2 ** (bitsFor(shape.areas) + bitsFor(shape.slots)), i => word.bit(Math.min(width - 1, placeOf(i, shape)))).not();
  }
  const orders = m.mem('orders', { type: indexType(P.lanes), depth: wordsOf(2, shape.slots) });
  sync.write(orders, loadAddress(io, shape), io.load_order_place, { enable: io.load_order.and(loads(io)) });
  const order = sync.read('task_order', orders, joined({ value: io.weight_bank.asU(), count: 2 }, { value: claimed.slot, count: shape.slots }), { enable: claim });
  const round = patternTable(task.slot, shape.slots, slot => word.slice(slot * P.lanes, P.lanes));
  return flagTable(order, P.lanes, i => round.bit(i)).not();
}

/** Bit of the mask of area and slot joined to `index`. */
function placeOf(index: number, { slots }: Shape): number {
  const slotNumbers = 2 ** bitsFor(slots);
  return Math.floor(index / slotNumbers) * slots + Math.min(index % slotNumbers, slots - 1);
}

/** The chunk in B. */
interface Chunk {
  readonly valid: Bool;
  readonly entry: Parameters<typeof chunkQueue>[3];
  readonly push: Bool;
  readonly taskLeaves: Bool;
  /** Says whether the queue has room. */
  readonly complete: (hasRoom: Bool) => void;
}

/** Issues the chunks of a task, reads their bits and finds their pairs. */
function issues(m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape, task: Task): Chunk {
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
  const hasEntry = m.named('chunk_has_entry', hasPairs.or(isLast.q.and(hadPairs.q.not())));
  const leaves = m.named('chunk_leaves', valid.q.and(hasEntry.not().or(room.q)));
  const issues = m.named('chunk_is_free', valid.q.not().or(leaves)).and(task.valid).and(task.masked.not());
  issue.drive(issues);
  valid.drive(issue.q.or(valid.q.and(leaves.not())));
  m.when(issue.q, () => {
    isLast.set(ends);
    if (leftover !== undefined && after !== undefined) leftover.set(after);
    task.notFresh();
  });
  m.when(leaves, () => hadPairs.set(isLast.q.not().and(hadPairs.q.or(hasPairs))));
  const held = (name: string, value: Int, count: number): Field => ({ value: count === 1 ? undefined : sync.delay(`chunk_${name}`, value, { enable: issue.q }), count });
  const context = joined(
    held('area', task.area, shape.areas), held('slot', task.slot, shape.slots), held('position', task.position, shape.positions),
    held('base', task.base, shape.pixels), { value: chunk, count: chunks },
  );
  return {
    valid: valid.q, push: m.named('push', leaves.and(hasEntry)), entry: { pairs, first: hadPairs.q.not(), context: context.bits() },
    taskLeaves: m.named('task_leaves', task.valid.and(task.masked.or(issue.q.and(ends)))),
    complete: hasRoom => room.drive(hasRoom),
  };
}

/** Distance of a tap's pixel from that of the first tap, modulo the power of two that holds all pixels. */
function tapOffset(tap: number, { kernelWidth, width }: CoreParameters, { pixels, taps }: Shape): number {
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

/** Reads the operands of a pair, multiplies them and adds them to the sum of their task. Nothing in it ever waits. */
function multiplyAndSum(m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape, popped: Popped): void {
  const { areas, slots, positions, pixels, chunks, chunksOfTap, channels, taps, tapsInChunk } = shape;
  const { multiply, add } = strategiesFor(P.target, P.dsp);
  const valid = sync.delay('pair_valid', popped.valid, { reset: false });
  const context = sync.delay('pair_context', popped.context);
  m.unused(context);
  const [empty, first] = [sync.delay('pair_is_none', popped.empty), sync.delay('pair_is_first', popped.first)];
  const [area, slot, position, base, chunk] = parted(context, areas, slots, positions, pixels, chunks);
  const bit = popped.pair.constant === undefined ? sync.delay('pair_index', popped.pair) : popped.pair;
  if (area === undefined || slot === undefined || position === undefined || base === undefined || chunk === undefined) throw new TypeError('a context of five fields');

  const place = tapsInChunk === 1 ? undefined : bit.shr(bitsFor(channels));
  const tap = m.named('pair_tap', chunksOfTap > 1 ? chunk.shr(bitsFor(chunksOfTap)) : joined({ value: chunk, count: chunks }, { value: place, count: tapsInChunk }));
  const channel = m.named('pair_channel', chunksOfTap > 1
    ? joined({ value: chunk.wrap(bitsFor(chunksOfTap)), count: chunksOfTap }, { value: bit, count: P.lookahead })
    : channels === 1 ? joined() : joined({ value: bit.wrap(bitsFor(channels)), count: channels }));
  const pixel = base.add(numberTable(tap.wrap(Math.max(1, bitsFor(taps))), taps, each => tapOffset(each, P, shape))).wrap(Math.max(1, bitsFor(pixels)));

  const weights = m.mem('weights', { type: s(P.weightBits), depth: wordsOf(2, areas, slots, taps, channels) });
  sync.write(weights, loadAddress(io, shape, { value: io.load_tap, count: taps }, { value: io.load_channel, count: channels }), io.load_weight_value.asS(), { enable: io.load_weight.and(loads(io)) });
  const weight = sync.read('weight', weights, joined(
    { value: io.weight_bank.asU(), count: 2 }, { value: area, count: areas }, { value: slot, count: slots }, { value: tap, count: taps }, { value: channel, count: channels },
  ));
  const inputs = m.mem('inputs', { type: bits(P.activationBits), depth: wordsOf(2, pixels, channels) });
  sync.write(inputs, joined({ value: io.load_tile_bank.asU(), count: 2 }, { value: io.load_pixel, count: pixels }, { value: io.load_input_channel, count: channels }), io.load_input_value, { enable: io.load_input });
  const word = sync.read('input_pattern', inputs, joined({ value: io.tile_bank.asU(), count: 2 }, { value: pixel, count: pixels }, { value: channel, count: channels }));
  const operand = P.activationSigned ? word.asS() : word.asU();

  const through = (name: string, value: Int, count: number): Int => count === 1 ? value : sync.delay(`product_${name}`, sync.delay(`operand_${name}`, value));
  const operandEmpty = sync.delay('operand_is_none', empty);
  const product = sync.delay('product', operandEmpty.mux(0, multiply(operand, weight)));
  const productValid = sync.delay('product_valid', sync.delay('operand_valid', valid, { reset: false }), { reset: false });
  const productFirst = sync.delay('product_is_first', sync.delay('operand_is_first', first));
  const running = sync.reg('running_sum', s(P.accumulatorBits), { enable: productValid });
  const total = m.named('total', add(productFirst.mux(0, running.q), product, 'other').wrap(P.accumulatorBits));
  running.drive(total);

  const [sumArea, sumSlot, sumPosition] = [through('area', area, areas), through('slot', slot, slots), through('position', position, positions)];
  const address = (bank: Bool, atSlot: Int, atPosition: Int): Int => joined({ value: bank.asU(), count: 2 }, { value: atSlot, count: slots }, { value: atPosition, count: positions });
  io.sums.drive(Array.from({ length: areas }, (_, i) => {
    const memory = m.mem(i === 0 ? 'sums_own' : 'sums_next', { type: s(P.accumulatorBits), depth: wordsOf(2, slots, positions) });
    sync.write(memory, address(io.sum_bank, sumSlot, sumPosition), total, { enable: areas === 1 ? productValid : productValid.and(sumArea.eq(i)) });
    return sync.read(i === 0 ? 'sum_own' : 'sum_next', memory, address(io.read_bank, io.read_slot, io.read_position), { enable: io.read });
  }));
}
