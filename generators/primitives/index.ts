import type { AnyGenerator } from '../../hdl/index.js';
import { ccu2c, lut4 } from './ecp5.js';
import { sbCarry, sbLut4 } from './ice40.js';
import { carry4, lut6, lut6With2Outputs } from './xc7.js';

/** The vendors' primitives that generated Verilog may instance, by target. */
export const primitives: Readonly<Record<'ice40' | 'ecp5' | 'xc7', readonly AnyGenerator[]>> = {
  ice40: [sbLut4, sbCarry], ecp5: [lut4, ccu2c], xc7: [lut6, lut6With2Outputs, carry4],
};

/** Verilog models of the primitives of a target; of all of them where none is given. */
export function primitiveModels(target?: keyof typeof primitives): string {
  return (target === undefined ? Object.values(primitives).flat() : primitives[target]).map(({ blackbox }) => blackbox?.simulationVerilog ?? '').join('\n');
}
