/** What a cell of a netlist is. */
export type CellKind = 'lut' | 'carry' | 'ff' | 'dsp' | 'bram' | 'lutRam' | 'other';

export const cellKinds: readonly CellKind[] = ['lut', 'carry', 'ff', 'dsp', 'bram', 'lutRam', 'other'];

export type TargetName = 'ice40' | 'ecp5' | 'xc7' | 'generic';

/** What is known to break or to swell on a target, and what is done about it. Each has a test. */
export interface Quirk {
  readonly name: string;
  readonly what: string;
  readonly remedy: string;
}

/** One family of devices, or no device at all. */
export interface Target {
  readonly name: TargetName;
  readonly title: string;
  /** The command of Yosys that maps a design, behind which stands `-top NAME`. */
  readonly synthesis: (dsp: boolean) => string;
  /** Has it hard multipliers that synthesis may use? */
  readonly hasDsp: boolean;
  /** Kind of a cell type; the first expression that fits counts. */
  readonly cells: readonly (readonly [RegExp, CellKind])[];
  /** Files of Yosys with simulation models of all cells. */
  readonly models: readonly string[];
  /** The one figure of area, and how it is made up. */
  readonly area?: { readonly unit: string; readonly doc: string; readonly of: (cells: Readonly<Record<string, number>>) => number };
  readonly quirks: readonly Quirk[];
}

/** Is it a cell of logic that has a model but counts as no LUT: an inverter, which the vendor's tools take into LUTs and flip-flops? */
export function isInverter(type: string): boolean {
  return type === 'INV';
}

const wideLuts: Quirk = {
  name: 'wide LUTs', what: 'synth_ecp5 joins LUTs through PFUMX and L6MUX21 by default, which takes 1.7 to 2.4 times the LUTs for arithmetic',
  remedy: 'synthesis with -nowidelut',
};

const registeredProducts: Quirk = {
  name: 'registered products', what: 'synth_ice40 -dsp makes one wrong SB_MAC16 of two registered products and the sum behind them (Yosys 0.23 and 0.55)',
  remedy: 'the generators mark registers of products (* keep *), and a netlist with hard multipliers counts as unchecked until it was simulated',
};

const mergedAdders: Quirk = {
  name: 'merged adders', what: 'alumacc merges a tree of additions into one $macc and maps that to two LUTs a full adder instead of carry chains',
  remedy: 'the generators write each addition so that it is not merged',
};

function sum(cells: Readonly<Record<string, number>>, ...types: readonly string[]): number {
  return types.reduce((total, type) => total + (cells[type] ?? 0), 0);
}

const ice40: Target = {
  name: 'ice40', title: 'Lattice iCE40', hasDsp: true,
  synthesis: dsp => `synth_ice40 -abc9${dsp ? ' -dsp -device u' : ''}`,
  cells: [[/^SB_LUT4$/, 'lut'], [/^SB_CARRY$/, 'carry'], [/^SB_DFF/, 'ff'], [/^SB_MAC16$/, 'dsp'], [/^SB_(RAM40|SPRAM)/, 'bram']],
  models: ['+/ice40/cells_sim.v'],
  quirks: [registeredProducts, mergedAdders],
};

const ecp5: Target = {
  name: 'ecp5', title: 'Lattice ECP5', hasDsp: true,
  synthesis: dsp => `synth_ecp5 -abc9 -nowidelut${dsp ? '' : ' -nodsp'}`,
  cells: [[/^(LUT4|PFUMX|L6MUX21)$/, 'lut'], [/^CCU2C$/, 'carry'], [/^TRELLIS_FF$/, 'ff'], [/^MULT/, 'dsp'], [/^(DP16KD|PDPW16KD)$/, 'bram'], [/^TRELLIS_DPR16X4$/, 'lutRam']],
  models: ['+/ecp5/cells_sim.v'],
  area: { unit: 'COMB', doc: 'LUT4 + 2 CCU2C', of: cells => sum(cells, 'LUT4') + 2 * sum(cells, 'CCU2C') },
  quirks: [wideLuts, mergedAdders],
};

const xc7: Target = {
  name: 'xc7', title: 'Xilinx 7 series', hasDsp: true,
  synthesis: dsp => `synth_xilinx -family xc7 -flatten -noiopad -noclkbuf -nowidelut -abc9${dsp ? '' : ' -nodsp'}`,
  cells: [
    [/^(LUT[1-6]|LUT6_2|MUXF[78])$/, 'lut'], [/^CARRY4$/, 'carry'], [/^FD[RSCP]E(_1)?$/, 'ff'], [/^DSP48E1$/, 'dsp'], [/^RAMB(18|36)E1$/, 'bram'],
    [/^(RAM\d+.*|SRL16E|SRLC32E)$/, 'lutRam'],
  ],
  models: ['+/xilinx/cells_sim.v'],
  area: { unit: 'cells', doc: 'LUT1 to LUT6, a LUT6_2 as one', of: cells => sum(cells, 'LUT1', 'LUT2', 'LUT3', 'LUT4', 'LUT5', 'LUT6', 'LUT6_2') },
  quirks: [mergedAdders],
};

const generic: Target = {
  name: 'generic', title: 'LUTs of four inputs without carry chains', hasDsp: false,
  synthesis: () => 'synth -flatten -lut 4',
  cells: [[/^\$lut$/, 'lut'], [/^\$_(S?DFF|ALDFF|DLATCH)/, 'ff'], [/^\$mem/, 'bram']],
  models: [],
  area: { unit: 'LUT4', doc: 'LUTs of up to four inputs', of: cells => sum(cells, '$lut') },
  quirks: [],
};

export const targets: Readonly<Record<TargetName, Target>> = { ice40, ecp5, xc7, generic };

export const targetNames: readonly TargetName[] = ['ice40', 'ecp5', 'xc7', 'generic'];

export function kindOf(target: Target, type: string): CellKind {
  return target.cells.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
}
