import type { Flag } from './flags.js';

/** The flags by which parameters of a unit are left to the cost model. */
export const wishFlags: readonly Flag[] = [
  { name: 'frequency', kind: 'value', doc: 'MHz that the unit must reach on its device as predicted: the pipeline with the least area is chosen, of equal ones that with the least latency' },
  { name: 'strategy', kind: 'value', doc: 'structures of the unit: fitted (to its device), generic (plain Verilog), or auto: those of the two that are predicted smaller, of equal ones those with less latency, then less depth' },
  { name: 'device', kind: 'value', doc: 'ice40, ecp5 or xc7: the device that --frequency and --strategy are for', default: 'that of --target' },
];
