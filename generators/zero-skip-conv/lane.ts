import { bits, bool, generator, input, output, s, vec } from '../../hdl/index.js';
import { indexType } from '../arithmetic/fields.js';
import { coreParameters } from './core-parameters.js';
import { laneOperands, operandPorts } from './lane-operands.js';
import { multiplyAndSum } from './lane-products.js';
import { shapeOf } from './shape.js';

/** One multiplier of the core with all that it reads, and with the sums that it makes. */
export const lane = generator({
  name: 'zero-skip-lane',
  doc: 'One lane of the zero-skip convolution: finds pairs of operands that are not zero, multiplies them, one a clock, and sums.',
  params: coreParameters,
  ports: P => {
    const shape = shapeOf(P);
    return {
      ...operandPorts(P),
      sum_bank: input(bool, 'bank of the sums of this tile'),
      read: input(bool, 'a sum is read'),
      read_bank: input(bool, 'bank of the sum'),
      read_slot: input(indexType(shape.slots), 'its slot'),
      read_position: input(indexType(shape.positions), 'its position'),
      sums: output(vec(shape.areas, s(P.accumulatorBits)), 'the sum, one clock later: of the lane\'s own, and what it has of the next lane'),
      has_sums: output(bits(shape.areas), 'a flag for each of them: the task had pairs, and else its sum is 0'),
    };
  },
  build(m, io, P) {
    const { sum_bank, read, read_bank, read_slot, read_position, sums, has_sums, active, multiplies, own_left, steals, unstolen, ...given } = io;
    const operands = m.inst('operands', laneOperands, P, given);
    active.drive(operands.active);
    multiplies.drive(operands.multiplies);
    if (operands.own_left !== undefined) own_left?.drive(operands.own_left);
    if (operands.steals !== undefined) steals?.drive(operands.steals);
    if (operands.unstolen !== undefined) unstolen?.drive(operands.unstolen);
    m.unused(read_slot, read_position);
    multiplyAndSum(m, m.domain(io.clk, { reset: io.rst }), { sum_bank, read, read_bank, read_slot, read_position, sums, has_sums }, P, shapeOf(P), operands);
  },
});
