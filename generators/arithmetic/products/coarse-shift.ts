import { narrowTo, type Bool, type Int } from '../../../hdl/index.js';
import { shiftLeft } from '../shifter.js';
import type { LaneProduct, SumOfProducts } from '../strategy.js';

/** A lane whose multiplicand has been shifted but for a distance that is all or nothing: `multiplicand · weight`, times 2^distance where `isFar`. */
export interface CoarseLane {
  readonly multiplicand: Int;
  readonly weight: Int;
  readonly isFar: Bool;
}

/** Lanes with one shift that is left for their products. */
export interface CoarseLanes {
  readonly lanes: readonly CoarseLane[];
  readonly distance: number;
}

/**
 * The lower half of the shift amounts stays with the multiplicands, which so have fewer bits than at their places, and products are shifted by the half of the range or not at all.
 * Undefined where lanes are not shifted.
 */
export function coarselyShifted({ lanes, step }: SumOfProducts): CoarseLanes | undefined {
  const most = lanes.reduce((highest, { amount }) => amount.max > highest ? amount.max : highest, 0n);
  if (most === 0n) return undefined;
  const half = most / 2n + 1n;
  return { lanes: lanes.map(lane => coarse(lane, step, half)), distance: step * Number(half) };
}

/**
 * Whether the partial products that are saved are more than the selections that are needed.
 * @param selections of all bits of the shifted product that take cells of their own, for each lane
 */
export function paysOff({ lanes: [lane], step }: SumOfProducts, { lanes: [shorter] }: CoarseLanes, selections: number): boolean {
  if (lane === undefined || shorter === undefined) return false;
  const [inPlace, weight] = [lane.multiplicand.width + step * Number(lane.amount.max), lane.weight.width];
  // Multiplicands that are not at their places yet take a shifter that the shorter ones do not need.
  const placing = lane.placed === undefined ? inPlace : 0;
  return (inPlace - shorter.multiplicand.width) * weight + placing > (inPlace + weight) * selections + shorter.multiplicand.width;
}

/** The same lanes, of which products are shifted. */
export function withProductsShifted(terms: SumOfProducts, { lanes, distance }: CoarseLanes): SumOfProducts {
  return { ...terms, lanes: lanes.map(({ multiplicand, weight, isFar }) => ({ multiplicand, weight, amount: isFar.asU() })), step: distance };
}

function coarse({ multiplicand, weight, amount, placed }: LaneProduct, step: number, half: bigint): CoarseLane {
  const isFar = amount.ge(half);
  const nearest = { min: 0n, max: half - 1n };
  const { min, max } = multiplicand.shl(step * Number(nearest.max));
  const within = { min: min < multiplicand.min ? min : multiplicand.min, max: max > multiplicand.max ? max : multiplicand.max };
  if (placed !== undefined) return { multiplicand: isFar.mux(narrowTo(placed.shr(step * Number(half)), within), narrowTo(placed, within)), weight, isFar };
  const near = isFar.mux(narrowTo(amount.sub(half), nearest), narrowTo(amount, nearest));
  return { multiplicand: shiftLeft(multiplicand, near, { step }), weight, isFar };
}
