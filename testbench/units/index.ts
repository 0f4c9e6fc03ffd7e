import { TestbenchError } from '../errors.js';
import type { Unit } from '../unit.js';
import { activationEncoder } from './activation-encoder.js';
import { floatConvert } from './float-convert.js';
import { floatDot } from './float-dot.js';
import { floatMul } from './float-mul.js';
import { macTree } from './mac-tree.js';
import { pruneUnit } from './prune-unit.js';
import { xnorConv } from './xnor-conv.js';
import { xnorDot } from './xnor-dot.js';
import { zeroSkipConv } from './zero-skip-conv.js';

/** All units that can be verified, in the order of the catalogue. */
export const units: readonly Unit[] = [macTree, activationEncoder, floatMul, floatConvert, floatDot, xnorDot, xnorConv, zeroSkipConv, pruneUnit];

/** The unit of this name. Throws a TestbenchError of kind `usage` that lists the names there are. */
export function findUnit(name: string): Unit {
  const unit = units.find(candidate => candidate.name === name);
  if (unit === undefined) throw new TestbenchError('usage', `There is no unit '${name}' to verify; there are ${units.map(candidate => candidate.name).join(', ')}.`);
  return unit;
}
