/** What of a family of devices decides how logic and arithmetic are mapped to it. */
export interface Device {
  readonly name: 'ice40' | 'ecp5' | 'xc7';
  /** What its area is counted in. */
  readonly unit: 'LC' | 'COMB' | 'cells';
  readonly lutInputs: 4 | 6;
  /** Bits of the shortest carry chain; narrower adders are plain logic. */
  readonly shortestChain: number;
  /** Comparisons with a constant of no more bits are plain logic. */
  readonly comparedInLuts: number;
  /** Whether comparisons are a chain of lookahead carries behind LUTs, instead of a subtraction. */
  readonly hasLookaheadComparison: boolean;
  /** Whether the carry out of every second bit only, counted from the low end, can be read outside of the chain. */
  readonly readsOddCarries: boolean;
  /** Whether the carry cell itself inverts what is subtracted. */
  readonly subtractsInCell: boolean;
  /** Whether the carry cell takes the exclusive or of its operands from a LUT, beside the first operand. */
  readonly takesPropagate: boolean;
  /** Area of a LUT of so many inputs as synthesis weighs it, from none on. */
  readonly lutWeights: readonly number[];
  /** Whether inverters before other cells cost nothing. */
  readonly hasFreeInverters: boolean;
  readonly delays: Delays;
}

/** Delays in picoseconds, each with a wire before it where it leaves a cell. */
export interface Delays {
  readonly lut: number;
  /** Into a carry chain, past one more bit of it, and out of it to a bit of the sum or to logic. */
  readonly intoChain: number;
  readonly chainBit: number;
  readonly outOfChain: number;
  readonly multiplier: number;
  readonly memory: number;
  /** From the clock to the output of a register, and before the clock at its input. */
  readonly clockToOutput: number;
  readonly setup: number;
}


export const devices: Readonly<Record<Device['name'], Device>> = {
  ice40: {
    name: 'ice40', unit: 'LC', lutInputs: 4, shortestChain: 3, comparedInLuts: 4,
    hasLookaheadComparison: false, readsOddCarries: false, subtractsInCell: false, takesPropagate: false, lutWeights: [0, 1, 1, 1, 1], hasFreeInverters: false,
    delays: { lut: 1000, intoChain: 900, chainBit: 130, outOfChain: 600, multiplier: 6000, memory: 2500, clockToOutput: 600, setup: 400 },
  },
  ecp5: {
    name: 'ecp5', unit: 'COMB', lutInputs: 4, shortestChain: 5, comparedInLuts: 4,
    hasLookaheadComparison: false, readsOddCarries: true, subtractsInCell: true, takesPropagate: false, lutWeights: [0, 1, 1, 1, 1], hasFreeInverters: false,
    delays: { lut: 540, intoChain: 750, chainBit: 30, outOfChain: 450, multiplier: 4000, memory: 4500, clockToOutput: 500, setup: 200 },
  },
  xc7: {
    name: 'xc7', unit: 'cells', lutInputs: 6, shortestChain: 3, comparedInLuts: 6,
    hasLookaheadComparison: true, readsOddCarries: false, subtractsInCell: false, takesPropagate: true, lutWeights: [0, 1, 2, 3, 3, 5, 5], hasFreeInverters: true,
    delays: { lut: 424, intoChain: 800, chainBit: 30, outOfChain: 400, multiplier: 4000, memory: 2500, clockToOutput: 500, setup: 100 },
  },
};
