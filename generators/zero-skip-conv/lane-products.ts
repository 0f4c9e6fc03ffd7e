import { bool, cat, s, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { joined, wordsOf } from '../arithmetic/fields.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import type { lane } from './lane.js';
import type { LaneParameters } from './lane-operands.js';
import { placeBits, type Shape } from './shape.js';

type SumsIo = Pick<Parameters<typeof lane.spec.build>[1], 'sum_bank' | 'read' | 'read_bank' | 'read_slot' | 'read_position' | 'sums' | 'has_sums'>;

/** Operands of a pair, and tasks that end. */
interface Operands {
  readonly operand_valid: Bool;
  readonly operand_first: Bool;
  readonly operand_weight: Int;
  readonly operand_input: Bits;
  readonly operand_place: Bits;
  readonly ended: Bool;
  readonly ended_has_sum: Bool;
  readonly ended_place: Bits;
}

/**
 * Multiplies the operands of a pair and adds the product to the sum of their task. Nothing in it ever waits. A task without pairs never comes here: a flag beside
 * its sum, written as it ends, says that the sum is 0.
 */
export function multiplyAndSum(m: ModuleBuilder, sync: Domain, io: SumsIo, P: LaneParameters, shape: Shape, operands: Operands): void {
  const { areas, slots, positions } = shape;
  const { multiply, add } = strategiesFor(m, P.target, P.dsp);
  const input = P.activationSigned ? operands.operand_input.asS() : operands.operand_input.asU();
  const product = sync.delay('product', multiply(input, operands.operand_weight));
  const valid = sync.delay('product_valid', operands.operand_valid, { reset: false });
  const first = sync.delay('product_is_first', operands.operand_first);
  const running = sync.reg('running_sum', s(P.accumulatorBits), { enable: valid });
  running.drive(add(first.mux(0, running.q), product, 'other').wrap(P.accumulatorBits));
  const comes = sync.delay('sum_comes', valid, { reset: false });

  m.unused(operands.operand_place, operands.ended_place);
  const readPlace = joined({ value: io.read_slot, count: slots }, { value: io.read_position, count: positions });
  const address = (bank: Bool, place: Int): Int => joined({ value: bank.asU(), count: 2 }, { value: place, count: wordsOf(slots, positions) });
  const inArea = (place: Bits, area: number, enable: Bool): Bool => areas === 1 ? enable : enable.and(place.bit(placeBits(shape) - 1).asU().eq(area));
  const within = (place: Bits): Int => place.asU().wrap(Math.max(1, placeBits({ ...shape, areas: 1 }))).asU();
  const found = Array.from({ length: areas }, (_, i) => {
    const which = i === 0 ? 'own' : 'next';
    const memory = m.mem(`sums_${which}`, { type: s(P.accumulatorBits), depth: wordsOf(2, slots, positions), collisions: 'unused' });
    const flags = m.mem(`has_sum_${which}`, { type: bool, depth: wordsOf(2, slots, positions), collisions: 'unused' });
    sync.write(memory, address(io.sum_bank, within(operands.operand_place)), running.q, { enable: inArea(operands.operand_place, i, comes) });
    sync.write(flags, address(io.sum_bank, within(operands.ended_place)), operands.ended_has_sum, { enable: inArea(operands.ended_place, i, operands.ended) });
    const place = address(io.read_bank, readPlace);
    return { flag: sync.read(`has_sum_read_${which}`, flags, place, { enable: io.read }), sum: sync.read(`sum_read_${which}`, memory, place, { enable: io.read }) };
  });
  io.sums.drive(found.map(({ sum }) => sum));
  io.has_sums.drive(cat(...found.map(({ flag }) => flag).toReversed()));
}
