import type { UnitCall } from './command.js';

/** The unit of a call of a command that takes one. */
export function unitOf(unit: UnitCall | undefined): UnitCall {
  if (unit === undefined) throw new TypeError('A command that takes a unit was called without one.');
  return unit;
}
