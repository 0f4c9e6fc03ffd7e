import { bits, bool, clock, generator, input, output, s, u, vec } from '../../hdl/index.js';
import { bitsFor, indexType } from '../arithmetic/fields.js';
import { chunkQueue } from './chunk-queue.js';
import { coreParameters } from './core-parameters.js';
import { issues } from './lane-chunks.js';
import { claims } from './lane-claims.js';
import { multiplyAndSum } from './lane-products.js';
import { hasSummary, maskBits, ordersMask, shapeOf, tasksType, wordBits } from './shape.js';

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
      io.load_chunk_index, io.load_word_index, io.load_mask_position, io.next_last_slot, io.next_left);
    const claimed = claims(m, sync, io, P, shape);
    const chunk = issues(m, sync, io, P, shape, claimed);
    const { popped, hasRoom, isEmpty } = chunkQueue(m, sync, P.runAhead, chunk.entry, chunk.push);
    claimed.complete(chunk.taskLeaves);
    chunk.complete(hasRoom);
    io.active.drive(claimed.left.or(claimed.valid).or(chunk.valid).or(isEmpty.not()));
    io.multiplies.drive(popped.valid);
    multiplyAndSum(m, sync, io, P, shape, popped, chunk.ended);
  },
});

/** The ports of a lane, as its parts see them. */
export type LaneIo = Parameters<typeof lane.spec.build>[1];
export type LaneParameters = Parameters<typeof lane.spec.build>[2];
