import type { ModuleBuilder } from '../../hdl/index.js';
import { ecp5Counting, ice40Counting, xc7Counting } from './counting/strategies.js';
import { genericStrategies } from './generic-strategies.js';
import { ecp5Products, ice40Products, xc7Products } from './products/targets.js';
import type { Strategies, TargetName } from './strategy.js';

/** What makes the strategies of each target. A vendor's primitives are instanced in the module that `m` builds. */
const makers: Readonly<Record<TargetName, (m: ModuleBuilder, dsp: boolean) => Strategies>> = {
  generic: (_, dsp) => genericStrategies(dsp),
  ice40: (m, dsp) => ({ ...genericStrategies(dsp), ...ice40Products(m, dsp), ...ice40Counting(m) }),
  ecp5: (m, dsp) => ({ ...genericStrategies(dsp), ...ecp5Products(m, dsp), ...ecp5Counting(m), clearsBehindExponent: true }),
  xc7: (m, dsp) => ({ ...genericStrategies(dsp), ...xc7Products(m, dsp), ...xc7Counting(m) }),
};

/**
 * The strategies for a target.
 * @param m builds the module that the arithmetic belongs to
 * @param dsp whether hard multipliers may be used
 */
export function strategiesFor(m: ModuleBuilder, target: TargetName, dsp: boolean): Strategies {
  return makers[target](m, dsp);
}
