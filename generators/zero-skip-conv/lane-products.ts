import { bits, bool, s, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { bitsFor, joined, numberTable, parted, wordsOf } from '../arithmetic/fields.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import type { Popped } from './chunk-queue.js';
import type { LaneIo, LaneParameters } from './lane.js';
import { tapOffset, type EndedTask } from './lane-chunks.js';
import { loadAddress, loads } from './lane-weights.js';
import type { Shape } from './shape.js';

/**
 * Reads the operands of a pair, multiplies them and adds them to the sum of their task. Nothing in it ever waits. A task without pairs never comes here: a flag beside
 * its sum, written as it ends, says that the sum is 0.
 */
export function multiplyAndSum(m: ModuleBuilder, sync: Domain, io: LaneIo, P: LaneParameters, shape: Shape, popped: Popped, ended: EndedTask): void {
  const { areas, slots, positions, pixels, chunks, chunksOfTap, channels, taps, tapsInChunk } = shape;
  const { multiply, add } = strategiesFor(m, P.target, P.dsp);
  const valid = sync.delay('pair_valid', popped.valid, { reset: false });
  const context = sync.delay('pair_context', popped.context);
  m.unused(context);
  const first = sync.delay('pair_is_first', popped.first);
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
  const product = sync.delay('product', multiply(operand, weight));
  const productValid = sync.delay('product_valid', sync.delay('operand_valid', valid, { reset: false }), { reset: false });
  const productFirst = sync.delay('product_is_first', sync.delay('operand_is_first', first));
  const running = sync.reg('running_sum', s(P.accumulatorBits), { enable: productValid });
  const total = m.named('total', add(productFirst.mux(0, running.q), product, 'other').wrap(P.accumulatorBits));
  running.drive(total);

  const [sumArea, sumSlot, sumPosition] = [through('area', area, areas), through('slot', slot, slots), through('position', position, positions)];
  const address = (bank: Bool, atSlot: Int, atPosition: Int): Int => joined({ value: bank.asU(), count: 2 }, { value: atSlot, count: slots }, { value: atPosition, count: positions });
  io.sums.drive(Array.from({ length: areas }, (_, i) => {
    const memory = m.mem(i === 0 ? 'sums_own' : 'sums_next', { type: s(P.accumulatorBits), depth: wordsOf(2, slots, positions) });
    const flags = m.mem(i === 0 ? 'has_sum_own' : 'has_sum_next', { type: bool, depth: wordsOf(2, slots, positions) });
    sync.write(memory, address(io.sum_bank, sumSlot, sumPosition), total, { enable: areas === 1 ? productValid : productValid.and(sumArea.eq(i)) });
    sync.write(flags, address(io.sum_bank, ended.slot, ended.position), ended.hadPairs, { enable: areas === 1 ? ended.valid : ended.valid.and(ended.area.eq(i)) });
    const place = address(io.read_bank, io.read_slot, io.read_position);
    const which = i === 0 ? 'own' : 'next';
    return sync.read(`has_sum_read_${which}`, flags, place, { enable: io.read }).mux(sync.read(`sum_read_${which}`, memory, place, { enable: io.read }), 0);
  }));
}
