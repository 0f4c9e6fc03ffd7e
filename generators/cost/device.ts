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
  /** Bits of the largest memory that is made of flip-flops and counted in them. */
  readonly memoryInFlipFlops: number;
  /** Whether block memories need registers and multiplexers around them to give the old word where it is written at the same edge. */
  readonly guardsOldWords: boolean;
  /** Area of a LUT of so many inputs as synthesis weighs it, from none on. */
  readonly lutWeights: readonly number[];
  /** Whether inverters before other cells cost nothing. */
  readonly hasFreeInverters: boolean;
  readonly delays: Delays;
  /** From each input of a LUT to its output, the fastest first, as synthesis counts when it chooses LUTs. */
  readonly pinDelays: readonly number[];
  /** The wire that synthesis assumes when it chooses LUTs. */
  readonly synthesisWire: number;
  /** How wires grow with the design: picoseconds more of each wire, and of the longest of all paths, where its area doubles. */
  readonly growth: { readonly wire: number; readonly path: number };
}

/** Delays of the parts of a path, in picoseconds. */
export interface Delays {
  /** From the output of a cell to an input of another one, of average length; in a design of 100 cells, unless said otherwise. */
  readonly wire: number;
  readonly lut: number;
  /** From an input of a carry cell to its own bit of the sum, and into the chain; past one more bit of it; and out of it to a bit of the sum or to logic. */
  readonly intoSum: number;
  readonly intoChain: number;
  readonly chainBit: number;
  readonly outOfChain: number;
  readonly multiplier: number;
  /** From the clock to the word of a memory, or through one without; with what the wires to and from a block are longer than others. */
  readonly memory: number;
  /** From the clock to the output of a register. */
  readonly clockToOutput: number;
  /** Before the clock at the input of a register that is in the cell of the LUT before it, and of one that is alone. */
  readonly setup: number;
  readonly loneSetup: number;
}

export const devices: Readonly<Record<Device['name'], Device>> = {
  ice40: {
    name: 'ice40', unit: 'LC', lutInputs: 4, shortestChain: 3, comparedInLuts: 4,
    hasLookaheadComparison: false, readsOddCarries: false, subtractsInCell: false, takesPropagate: false, memoryInFlipFlops: 64, guardsOldWords: true, lutWeights: [0, 1, 1, 1, 1], hasFreeInverters: false,
    delays: {
      wire: 660, lut: 360, intoSum: 380, intoChain: 245, chainBit: 150, outOfChain: 640, multiplier: 6000, memory: 3200, clockToOutput: 800, setup: 30, loneSetup: 470,
    },
    pinDelays: [316, 379, 400, 449], synthesisWire: 640, growth: { wire: 50, path: 40 },
  },
  ecp5: {
    name: 'ecp5', unit: 'COMB', lutInputs: 4, shortestChain: 5, comparedInLuts: 4,
    hasLookaheadComparison: false, readsOddCarries: true, subtractsInCell: true, takesPropagate: false, memoryInFlipFlops: 0, guardsOldWords: false, lutWeights: [0, 1, 1, 1, 1], hasFreeInverters: false,
    delays: {
      wire: 700, lut: 240, intoSum: 440, intoChain: 450, chainBit: 36, outOfChain: 440, multiplier: 4000, memory: 4500, clockToOutput: 520, setup: 0, loneSetup: 0,
    },
    pinDelays: [141, 275, 379, 379], synthesisWire: 300, growth: { wire: 30, path: 30 },
  },
  xc7: {
    name: 'xc7', unit: 'cells', lutInputs: 6, shortestChain: 3, comparedInLuts: 6,
    hasLookaheadComparison: true, readsOddCarries: false, subtractsInCell: false, takesPropagate: true, memoryInFlipFlops: 0, guardsOldWords: false, lutWeights: [0, 1, 2, 3, 3, 3.5, 5], hasFreeInverters: true,
    delays: {
      wire: 700, lut: 124, intoSum: 270, intoChain: 530, chainBit: 30, outOfChain: 330, multiplier: 4000, memory: 2500, clockToOutput: 456, setup: 70, loneSetup: 70,
    },
    pinDelays: [127, 238, 407, 472, 631, 642], synthesisWire: 300, growth: { wire: 30, path: 30 },
  },
};

/** The delays in a design of so much area. */
export function delaysIn({ delays, growth }: Device, area: number): Delays {
  const doublings = Math.log2(Math.max(area, 1) / 100);
  return { ...delays, wire: Math.max(shortestWire * delays.wire, delays.wire + growth.wire * doublings), clockToOutput: delays.clockToOutput + growth.path * doublings };
}

/** A wire between neighbours, as a part of an average one. */
const shortestWire = 0.88;

/** The delays with a wire before each cell, as synthesis counts when it chooses LUTs. */
export function withWires({ delays, synthesisWire: wire }: Device): Delays {
  const { lut, intoSum, intoChain, multiplier, memory } = delays;
  return { ...delays, wire: 0, lut: wire + lut, intoSum: wire + intoSum, intoChain: wire + intoChain, multiplier: wire + multiplier, memory: wire + memory };
}

/** What an eighth of a level counts in `levelDelays`. */
export const partsOfLevel = 8;

/** Levels of logic in eighths: a LUT is a level, as is the cell of a carry chain where a sum leaves it; eight bits of a carry chain are one more, and a hard multiplier is four. */
export function levelDelays({ takesPropagate }: Device): Delays {
  const sum = takesPropagate ? 0 : partsOfLevel;
  return {
    wire: 0, lut: partsOfLevel, intoSum: sum, intoChain: 0, chainBit: 1, outOfChain: sum, multiplier: 4 * partsOfLevel, memory: 2 * partsOfLevel, clockToOutput: 0, setup: 0, loneSetup: 0,
  };
}

/** For following paths without measuring them. */
export const noDelays: Delays = {
  wire: 0, lut: 0, intoSum: 0, intoChain: 0, chainBit: 0, outOfChain: 0, multiplier: 0, memory: 0, clockToOutput: 0, setup: 0, loneSetup: 0,
};
