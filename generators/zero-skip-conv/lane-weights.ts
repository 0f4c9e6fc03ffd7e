import { type Bool, type Int } from '../../hdl/index.js';
import { joined, type Field } from '../arithmetic/fields.js';
import type { OperandsIo } from './lane-operands.js';
import type { Shape } from './shape.js';

/** Whether weights that come are for this lane. */
export function loads(io: OperandsIo): Bool {
  return io.load_next === undefined ? io.load_own : io.load_own.or(io.load_next);
}

/** Address in a memory of weights that what comes is written to. */
export function loadAddress(io: OperandsIo, shape: Shape, ...within: readonly Field[]): Int {
  return joined({ value: io.load_weight_bank.asU(), count: 2 }, { value: io.load_next?.asU(), count: shape.areas }, { value: io.load_slot, count: shape.slots }, ...within);
}
