import type { TargetName } from '../synth/targets.js';

/** What the best peer was measured at and what must be reached, by target: LC, COMB or cells. */
export interface Goal {
  readonly peer: string;
  readonly must: number;
}

/** A unit whose cost is watched. */
export interface CostCase {
  readonly name: string;
  readonly unit: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Plain Verilog of the same function, in bench/naive/, named as its module. */
  readonly naive?: string;
  readonly goals: Readonly<Partial<Record<TargetName, Goal>>>;
}

const combinational = { flow: 'none', pipeline: 'none' };

export const costCases: readonly CostCase[] = [
  {
    name: 'XNOR inner product of 64', unit: 'xnor-dot', parameters: { ...combinational, length: 64 }, naive: 'xnor_dot_64',
    goals: { ice40: { peer: '-', must: 146 }, ecp5: { peer: '-', must: 147 }, xc7: { peer: '119 (BISMO model)', must: 54 } },
  },
  {
    name: 'float 1-5-7 multiplier, flush', unit: 'float-mul', parameters: { ...combinational, subnormals: 'flush' },
    goals: { ice40: { peer: '171 (FloPoCo)', must: 125 }, ecp5: { peer: '187 (FloPoCo)', must: 130 }, xc7: { peer: '127 (FloPoCo)', must: 80 } },
  },
  {
    name: '16 exact products 8x8 signed', unit: 'mac-tree', parameters: { ...combinational, keptBits: 8, activationSigned: true }, naive: 'mac_tree_16_exact',
    goals: { ice40: { peer: '2284 (Yosys booth)', must: 1400 }, ecp5: { peer: '2340 (Yosys booth)', must: 1350 }, xc7: { peer: '1657 (Yosys booth)', must: 800 } },
  },
  { name: '16 products, 4 of 8 bits kept', unit: 'mac-tree', parameters: combinational, goals: {} },
];
