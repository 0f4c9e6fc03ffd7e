import { bits, bool, clock, generator, input, output, s, u, type Domain, type ModuleBuilder } from '../../hdl/index.js';
import { bitsFor, indexType, joined, numberTable, parted, wordsOf } from '../arithmetic/fields.js';
import { chunkQueue, type Popped } from './chunk-queue.js';
import { coreParameters } from './core-parameters.js';
import { issues, tapOffset } from './lane-chunks.js';
import { claims } from './lane-claims.js';
import { loadAddress, loads } from './lane-weights.js';
import { hasList, listEntryType, maskBits, ordersMask, placeBits, shapeOf, tasksType, wordBits, type CoreParameters, type Shape } from './shape.js';

/** What a lane is told of tiles and of the next lane, and what comes into its memories of operands. */
export function operandPorts(P: CoreParameters) {
  const shape = shapeOf(P);
  return {
    clk: clock(),
    rst: input(bool, 'reset, synchronous, active high'),
    start: input(bool, 'a tile begins'),
    tasks: input(tasksType(shape), 'tasks of this lane as a tile begins, else 0'),
    weight_bank: input(bool, 'bank of the weights of this tile'),
    tile_bank: input(bool, 'bank of its inputs and its mask'),
    active: output(bool, 'there is something left to do'),
    multiplies: output(bool, 'a pair is popped'),

    stolen: shape.steals ? input(bool, 'the lane before takes the last task') : undefined,
    next_left: shape.steals ? input(tasksType(shape), 'tasks of the next lane that are not claimed') : undefined,
    next_last_slot: shape.steals ? input(indexType(shape.slots), 'last slot of the next lane') : undefined,
    own_left: shape.steals ? output(tasksType(shape), 'tasks that are not claimed') : undefined,
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
    load_list: hasList(shape) ? input(bool, 'an entry of the list of chunks with weights comes') : undefined,
    load_list_place: hasList(shape) ? input(indexType(shape.chunks), 'its place in the list') : undefined,
    load_list_entry: hasList(shape) ? input(listEntryType(shape), 'whether it is the last one, the place of the one behind it or else 0, and its chunk') : undefined,
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
  };
}

/**
 * A lane up to its multiplier: it walks through its tasks, finds the pairs of each chunk, and reads the operands of one pair in every clock in which a chunk waits. Its memories
 * have two banks, one to be filled and one to be used.
 */
export const laneOperands = generator({
  name: 'zero-skip-operands',
  doc: 'Finds pairs of operands that are not zero, and reads those of one pair a clock.',
  params: coreParameters,
  ports: P => ({
    ...operandPorts(P),
    operand_valid: output(bool, 'the operands of a pair are there'),
    operand_first: output(bool, 'they are the first of a task'),
    operand_weight: output(s(P.weightBits), 'the weight'),
    operand_input: output(bits(P.activationBits), 'the input'),
    operand_place: output(bits(placeBits(shapeOf(P))), 'the place of their sum, two clocks later'),
    ended: output(bool, 'all chunks of a task are through'),
    ended_has_sum: output(bool, 'and it had pairs'),
    ended_place: output(bits(placeBits(shapeOf(P))), 'the place of its sum'),
  }),
  build(m, io, P) {
    const shape = shapeOf(P);
    const sync = m.domain(io.clk, { reset: io.rst });
    m.unused(io.start, io.load_slot, io.load_tap, io.load_channel, io.load_pixel, io.load_input_channel,
      io.load_chunk_index, io.load_word_index, io.load_mask_position, io.next_last_slot, io.next_left);
    const task = claims(m, sync, io, P, shape);
    const chunk = issues(m, sync, io, P, shape, task);
    const { popped, hasPairs, hasRoom, isEmpty } = chunkQueue(m, sync, P, chunk.entry, chunk.valid);
    task.complete(chunk.taskLeaves);
    chunk.complete(hasRoom, hasPairs);
    io.active.drive(task.left.or(task.valid).or(chunk.valid).or(isEmpty.not()));
    io.multiplies.drive(popped.valid);
    const { weight, value } = operands(m, sync, io, P, shape, popped);
    io.operand_valid.drive(sync.delay('operand_is_valid', popped.valid, { reset: false }));
    io.operand_first.drive(sync.delay('operand_is_first', popped.first));
    io.operand_weight.drive(weight);
    io.operand_input.drive(value);
    const nowhere = joined().bits();
    io.operand_place.drive(popped.placeOfSum ?? nowhere);
    io.ended.drive(chunk.ended.valid);
    io.ended_has_sum.drive(chunk.ended.hadPairs);
    io.ended_place.drive(chunk.ended.place ?? nowhere);
  },
});

/** The ports of a lane up to its multiplier, as its parts see them. */
export type OperandsIo = Parameters<typeof laneOperands.spec.build>[1];
export type LaneParameters = Parameters<typeof laneOperands.spec.build>[2];

/** Reads the weight and the input of the pair that is popped. */
function operands(m: ModuleBuilder, sync: Domain, io: OperandsIo, P: LaneParameters, shape: Shape, popped: Popped) {
  const { areas, slots, pixels, chunks, chunksOfTap, channels, taps, tapsInChunk } = shape;
  const [area, slot, origin, chunk] = parted(popped.context, areas, slots, pixels, chunks);
  if (area === undefined || slot === undefined || origin === undefined || chunk === undefined) throw new TypeError('a context of four fields');
  const bit = popped.pair;
  const place = tapsInChunk === 1 ? undefined : bit.shr(bitsFor(channels));
  const tap = m.named('pair_tap', chunksOfTap > 1 ? chunk.shr(bitsFor(chunksOfTap)) : joined({ value: chunk, count: chunks }, { value: place, count: tapsInChunk }));
  const channel = m.named('pair_channel', chunksOfTap > 1
    ? joined({ value: chunk.wrap(bitsFor(chunksOfTap)), count: chunksOfTap }, { value: bit, count: P.lookahead })
    : channels === 1 ? joined() : joined({ value: bit.wrap(bitsFor(channels)), count: channels }));
  const pixel = tapsInChunk === 1 ? origin
    : origin.add(numberTable(tap.wrap(Math.max(1, bitsFor(taps))), taps, each => tapOffset(each, P, shape))).wrap(Math.max(1, bitsFor(pixels)));

  const weights = m.mem('weights', { type: s(P.weightBits), depth: wordsOf(2, areas, slots, taps, channels), collisions: 'unused' });
  sync.write(weights, loadAddress(io, shape, { value: io.load_tap, count: taps }, { value: io.load_channel, count: channels }), io.load_weight_value.asS(), { enable: io.load_weight.and(loads(io)) });
  const weight = sync.read('weight', weights, joined(
    { value: io.weight_bank.asU(), count: 2 }, { value: area, count: areas }, { value: slot, count: slots }, { value: tap, count: taps }, { value: channel, count: channels },
  ));
  const inputs = m.mem('inputs', { type: bits(P.activationBits), depth: wordsOf(2, pixels, channels), collisions: 'unused' });
  sync.write(inputs, joined({ value: io.load_tile_bank.asU(), count: 2 }, { value: io.load_pixel, count: pixels }, { value: io.load_input_channel, count: channels }), io.load_input_value, { enable: io.load_input });
  return { weight, value: sync.read('input_pattern', inputs, joined({ value: io.tile_bank.asU(), count: 2 }, { value: pixel, count: pixels }, { value: channel, count: channels })) };
}
