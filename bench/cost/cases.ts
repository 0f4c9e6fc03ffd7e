import type { AnyGenerator } from '../../hdl/index.js';
import { findGenerator } from '../../generators/index.js';
import { laneOperands } from '../../generators/zero-skip-conv/lane-operands.js';
import type { TargetName } from '../../synth/targets.js';
import { onesCounter, planeFilters } from './parts.js';

/** The families that cost is measured on. */
export type Family = Exclude<TargetName, 'generic'>;
export const families: readonly Family[] = ['ice40', 'ecp5', 'xc7'];

/** A generator with parameters; target and hard multipliers are put in by the measurement. */
export interface Subject {
  readonly generator: AnyGenerator;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Plain Verilog of ours: a module in `bench/naive/` of the same name as its file. */
export interface Naive {
  readonly module: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Clocks from input to output; 0 where absent. */
  readonly latency?: number;
  /** Its ports are not those of our unit: a test of its own checks it. */
  readonly standsAlone?: boolean;
}

/** What is to be reached. */
export interface Goal {
  /** The best peer. */
  readonly peer?: string;
  readonly must?: number;
  readonly aim?: number;
  /** Clock in MHz that must be reached. */
  readonly megahertz?: number;
}

export type TableName = 'combinational' | 'pipelined' | 'dsp' | 'sweep';

/** A unit whose cost is watched. */
export interface CostCase {
  readonly name: string;
  readonly table: TableName;
  readonly ours: Subject;
  readonly naive?: Naive;
  /** What is subtracted from the area of ours. */
  readonly without?: { readonly ours: Subject };
  /** The area is divided by it. */
  readonly per?: number;
  readonly goals: Readonly<Partial<Record<Family, Goal>>>;
  /** The case of the table `combinational` whose ratio to naive Verilog this one must come near. */
  readonly like?: string;
}

/** Our unit and the naive Verilog of it. */
export interface Pair {
  readonly ours: Subject;
  readonly naive: Naive;
}

function unit(name: string, parameters: Subject['parameters']): Subject {
  const found = findGenerator(name);
  if (found === undefined) throw new TypeError(`there is no unit ${name}`);
  return { generator: found.generator, parameters: { flow: 'none', pipeline: 'none', ...parameters } };
}

function goals(peers: readonly (string | undefined)[], must: readonly (number | undefined)[], aim: readonly (number | undefined)[]): CostCase['goals'] {
  return Object.fromEntries(families.map((family, i) => {
    const [peer, least, best] = [peers[i], must[i], aim[i]];
    return [family, { ...(peer === undefined ? {} : { peer }), ...(least === undefined ? {} : { must: least }), ...(best === undefined ? {} : { aim: best }) }];
  }));
}

/** An exact tree of signed activations. */
export function exactTree(lanes: number, activationBits: number, weightBits: number): Pair {
  const sumBits = activationBits + weightBits + Math.log2(lanes);
  return {
    ours: unit('mac-tree', { lanes, activationBits, keptBits: activationBits, activationSigned: true, weightBits }),
    naive: { module: 'mac_tree', parameters: { LANES: lanes, ACTIVATION_BITS: activationBits, ACTIVATION_SIGNED: 1, WEIGHT_BITS: weightBits, SUM_BITS: sumBits } },
  };
}

/** A tree of unsigned activations of which some bits are kept. */
export function keptTree(lanes: number, activationBits: number, keptBits: number, weightBits: number): Pair {
  return {
    ours: unit('mac-tree', { lanes, activationBits, keptBits, weightBits }),
    naive: { module: 'mac_tree_kept', parameters: { LANES: lanes, ACTIVATION_BITS: activationBits, KEPT_BITS: keptBits, WEIGHT_BITS: weightBits, SUM_BITS: activationBits + weightBits + Math.log2(lanes) } },
  };
}

export function popcount(length: number): Pair {
  return {
    ours: { generator: onesCounter, parameters: { flow: 'none', pipeline: 'none', length } },
    naive: { module: 'ones_counter', parameters: { LENGTH: length, COUNT_BITS: length.toString(2).length } },
  };
}

export function xnorPopcount(length: number): Pair {
  return { ours: unit('xnor-dot', { length }), naive: { module: 'xnor_dot', parameters: { LENGTH: length, SUM_BITS: length.toString(2).length + 1 } } };
}

export function bitPlanes(length: number, planes: number): Pair {
  const most = length * (2 ** planes - 1);
  return { ours: unit('xnor-dot', { length, activationPlanes: planes }), naive: { module: 'bit_planes', parameters: { LENGTH: length, PLANES: planes, SUM_BITS: most.toString(2).length + 1 } } };
}

export function floatMul(exponentBits: number, mantissaBits: number, subnormals: 'flush' | 'gradual'): Pair {
  return {
    ours: unit('float-mul', { exponentBits, mantissaBits, subnormals }),
    naive: { module: `float_mul_${subnormals}`, parameters: { EXPONENT_BITS: exponentBits, MANTISSA_BITS: mantissaBits } },
  };
}

/** To fewer bits of mantissa. */
export function floatConvert(exponentBits: number, from: number, to: number): Pair {
  return {
    ours: unit('float-convert', { fromExponentBits: exponentBits, fromMantissaBits: from, toExponentBits: exponentBits, toMantissaBits: to }),
    naive: { module: 'float_convert', parameters: { EXPONENT_BITS: exponentBits, FROM_MANTISSA_BITS: from, TO_MANTISSA_BITS: to } },
  };
}

interface DotSize {
  readonly lanes: number;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly guardBits: number;
  readonly maxShift: number;
}

export function floatDot(size: DotSize): Pair {
  const { lanes, exponentBits, mantissaBits, guardBits, maxShift } = size;
  return {
    ours: unit('float-dot', { ...size }),
    naive: {
      module: 'float_dot',
      parameters: {
        LANES: lanes, EXPONENT_BITS: exponentBits, MANTISSA_BITS: mantissaBits, GUARD_BITS: guardBits, MAX_SHIFT: maxShift,
        SUM_BITS: (lanes * (2 ** (mantissaBits + 1) - 1) ** 2 * 2 ** guardBits).toString(2).length + 1,
      },
    },
  };
}

export function activationEncoder(activationBits: number, keptBits: number): Pair {
  return {
    ours: unit('activation-encoder', { activationBits, keptBits }),
    naive: { module: 'activation_encoder', parameters: { ACTIVATION_BITS: activationBits, KEPT_BITS: keptBits, EXPONENT_BITS: (activationBits - keptBits + 1).toString(2).length } },
  };
}

function pipelined({ parameters, ...rest }: Subject): Subject {
  return { ...rest, parameters: { ...parameters, pipeline: 'full' } };
}

const tree = exactTree(16, 8, 8);
const float = floatMul(5, 7, 'flush');
const sumOf16 = { LANES: 16, ACTIVATION_BITS: 8, WEIGHT_BITS: 8, SUM_BITS: 20 };
const chunkOf16 = { PAIRS: 16, ACTIVATION_BITS: 8, WEIGHT_BITS: 8 };
const popcountGoals: Readonly<Record<number, CostCase['goals']>> = {
  64: goals(['143 (BaseJump)', '143 (BaseJump)', '50 (BISMO)'], [100, 105, 43], [95, 96, 42]),
  256: goals(['597 (BaseJump)', '612 (BaseJump)', '211 (BISMO)'], [410, 430, 178], [400, 405, 170]),
  1024: goals([undefined, undefined, '843 (BISMO)'], [1660, 1700, 721], [1640, 1620, 680]),
};
const xnorGoals: Readonly<Record<number, CostCase['goals']>> = {
  64: goals([undefined, undefined, '119 (BISMO, estimated)'], [147, 150, 56], [146, 140, 54]),
  256: goals(['658 (FPGA carry study)', undefined, '344 (BISMO, estimated)'], [600, 620, 223], [590, 580, 215]),
  1024: goals([undefined, undefined, '1242 (BISMO, estimated)'], [2430, 2480, 897], [2400, 2350, 850]),
};

/** The units at the sizes for which there are goals, and those that have none at their defaults. */
export const costCases: readonly CostCase[] = [
  {
    name: '16 exact products 8x8, signed', table: 'combinational', ...tree,
    goals: goals(['2284 (Yosys booth)', '2340 (Yosys booth)', '1657 (Yosys booth)'], [1500, 1430, 841], [1400, 1350, 680]),
  },
  // Shorter operands must pay off: below what the exact tree must reach.
  { name: '16 products, 4 of 8 bits kept', table: 'combinational', ...keptTree(16, 8, 4, 8), goals: goals([], [1499, 1429, 840], []) },
  { name: '16 exact products 4x8, signed', table: 'combinational', ...exactTree(16, 4, 8), goals: goals([], [800, 700, 495], [730, 650, 400]) },
  ...[64, 256, 1024].map((length): CostCase => ({ name: `ones of ${length}`, table: 'combinational', ...popcount(length), goals: popcountGoals[length] ?? {} })),
  ...[64, 256, 1024].map((length): CostCase => ({ name: `XNOR inner product of ${length}`, table: 'combinational', ...xnorPopcount(length), goals: xnorGoals[length] ?? {} })),
  { name: '64 activations of 4 planes, weights of 1', table: 'combinational', ...bitPlanes(64, 4), goals: {} },
  {
    name: 'the same, each further filter', table: 'combinational', ours: { generator: planeFilters, parameters: { flow: 'none', pipeline: 'none', filters: 4 } },
    naive: bitPlanes(64, 4).naive, without: { ours: { generator: planeFilters, parameters: { flow: 'none', pipeline: 'none', filters: 1 } } }, per: 3,
    goals: goals([], [522, 426, 526], [500, 410, 270]),
  },
  { name: 'float 1-5-7, flush', table: 'combinational', ...float, goals: goals(['171 (FloPoCo)', '187 (FloPoCo)', '127 (FloPoCo)'], [140, 140, 92], [125, 130, 80]) },
  {
    name: 'float 1-5-7, gradual', table: 'combinational', ...floatMul(5, 7, 'gradual'),
    goals: goals(['435 (HardFloat)', '459 (HardFloat)', '320 (HardFloat)'], [300, 310, 210], [270, 280, 190]),
  },
  { name: 'float 1-5-10, flush', table: 'combinational', ...floatMul(5, 10, 'flush'), goals: goals(['323 (FloPoCo)', '339 (FloPoCo)', '239 (FloPoCo)'], [220, 225, 140], []) },
  { name: 'float 1-8-7, flush', table: 'combinational', ...floatMul(8, 7, 'flush'), goals: goals(['183 (FloPoCo)', '199 (FloPoCo)', '135 (FloPoCo)'], [155, 160, 103], []) },
  { name: 'float 1-5-10 to 1-5-7', table: 'combinational', ...floatConvert(5, 10, 7), goals: {} },
  {
    name: 'inner product of 4 floats 1-5-7', table: 'combinational', ...floatDot({ lanes: 4, exponentBits: 5, mantissaBits: 7, guardBits: 8, maxShift: 8 }), goals: {},
  },
  { name: 'activation encoder, 4 of 8 bits', table: 'combinational', ...activationEncoder(8, 4), goals: {} },
  {
    name: '16 exact products 8x8, signed', table: 'pipelined', ours: pipelined(tree.ours),
    naive: { module: 'mac_tree_pipelined', parameters: sumOf16, latency: 5 }, goals: { ice40: { must: 2077, aim: 1900, megahertz: 190 } },
  },
  {
    name: 'float 1-5-7, flush', table: 'pipelined', ours: pipelined(float.ours),
    naive: { module: 'float_mul_pipelined', parameters: { EXPONENT_BITS: 5, MANTISSA_BITS: 7 }, latency: 3 }, goals: { ice40: { must: 231, aim: 215, megahertz: 188 } },
  },
  {
    name: 'zero-skip lane without multiplier and accumulator', table: 'pipelined',
    ours: { generator: laneOperands, parameters: { inputChannels: 16, lookahead: 16, accumulatorBits: 24 } }, naive: { module: 'zero_skip_operands', parameters: chunkOf16, standsAlone: true },
    goals: { ice40: { must: 200, aim: 200, megahertz: 110 } },
  },
  { name: '16 exact products 8x8, signed', table: 'dsp', ...tree, goals: { ecp5: { must: 280, aim: 270 }, xc7: { peer: '1010 + 16 for 32 products (FINN)' } } },
  { name: 'float 1-5-7, flush', table: 'dsp', ...float, goals: { ecp5: { must: 64, aim: 58 }, xc7: { must: 46, aim: 40 } } },
];

/** Where the cases of a table are measured. */
export function familiesOf(table: TableName): readonly Family[] {
  switch (table) {
    case 'combinational':
    case 'sweep': return families;
    case 'pipelined': return ['ice40'];
    case 'dsp': return ['ecp5', 'xc7'];
  }
}
