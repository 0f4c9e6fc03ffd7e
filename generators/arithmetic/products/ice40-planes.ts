import { literalBool, narrowTo, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Named, SumOfProducts } from '../strategy.js';
import type { Pipeline, Stage } from '../stream.js';
import { pairs } from './ecp5-product.js';
import { ice40Sum } from './ice40-chain.js';
import { joinedPlanes } from './ice40-joined-planes.js';
import { patternOf } from './running-product.js';

/** Lanes of a plane that are added one after the other, before the sums of such groups are, where not every level is a stage of its own. */
const lanesInGroup = 4;

/** The operands of a lane: of one each bit says whether the other one counts in the plane of that bit. */
interface Operands {
  readonly selecting: Int;
  readonly added: Int;
}

/**
 * A sum of products on the iCE40 by planes of bits: for each bit of the narrower operands the other ones are summed where the bit is 1, and then the planes are. With registers
 * between its levels it is smaller than products by rows, whose operands are delayed from row to row, and its carry chains are those of a plane's sum but for the last levels.
 */
export function ice40PlaneSum(m: ModuleBuilder, pipe: Pipeline, { lanes, product, name, levelsBefore = 0 }: SumOfProducts): Named {
  const widest = (of: (lane: typeof lanes[number]) => Int): number => Math.max(...lanes.map(lane => of(lane).width));
  const isSwapped = widest(lane => lane.multiplicand) > widest(lane => lane.weight);
  const names = isSwapped ? { selecting: 'weight', added: name } : { selecting: name, added: 'weight' };
  let operands: readonly Operands[] = lanes.map(({ multiplicand, weight }) => isSwapped ? { selecting: weight, added: multiplicand } : { selecting: multiplicand, added: weight });
  const isSigned = operands.some(({ selecting }) => selecting.type.signed);
  const planes = Math.max(...operands.map(({ selecting: { type } }) => type.width + (isSigned && !type.signed ? 1 : 0)));
  // The highest plane of signed operands counts below zero, and what is subtracted from is wanted inverted.
  const isInverted = (plane: number): boolean => isSigned && plane === planes - 2;

  const inGroup = Math.min(pipe.cutsInside(2) ? 2 : lanesInGroup, lanes.length);
  let sums: readonly (readonly Int[])[] = [];
  for (let row = 0; row < inGroup; row++) {
    // The first row is only a selection, and one adder behind it is in its stage.
    const stage = row === 1 ? undefined : pipe.stage(row === 0 ? levelsBefore + 2 : 1);
    if (stage !== undefined && (row === 0 || stage.isCut)) {
      const suffix = row === 0 ? '' : `_${row}`;
      operands = operands.map(({ selecting, added }, lane) => lane % inGroup < row ? { selecting, added }
        : { selecting: stage.enter(`${names.selecting}_${lane}${suffix}`, selecting), added: stage.enter(`${names.added}_${lane}${suffix}`, added) });
      sums = enteredSums(stage, sums, `rows_${row}`);
    }
    const rows = operands.filter((_, lane) => lane % inGroup === row);
    const isWhole = inGroup === lanes.length && row === inGroup - 1;
    sums = Array.from({ length: planes }, (_, plane) => rows.map(({ selecting, added }, group) => {
      const [sum, bit] = [sums[plane]?.[group], bitOf(selecting, plane)];
      return sum === undefined ? bit.mux(added, 0) : chain(m, `plane_${plane}_group_${group}_row_${row}`, sum, added, isInverted(plane) && isWhole, bit);
    }).concat(sums[plane]?.slice(rows.length) ?? []));
  }
  for (let level = 0; sums.some(inPlane => inPlane.length > 1); level++) {
    const stage = pipe.stage(1);
    if (stage.isCut) sums = enteredSums(stage, sums, `sum_${level}`);
    sums = sums.map((inPlane, plane) => pairs(inPlane).map(([a, b], i) =>
      b === undefined ? a : chain(m, `plane_${plane}_adder_${level}_${i}`, a, b, isInverted(plane) && inPlane.length === 2)));
  }
  const whole = sums.flatMap(([sum], plane) => sum === undefined ? [] : [{ bits: sum.bits(), type: sum.type, isNegative: isSigned && plane === planes - 1, isInverted: isInverted(plane) }]);
  return { name: 'total', value: joinedPlanes(m, pipe, whole, { min: product.min * BigInt(lanes.length), max: product.max * BigInt(lanes.length) }) };
}

function enteredSums(stage: Stage, sums: readonly (readonly Int[])[], name: string): readonly (readonly Int[])[] {
  return sums.map((inPlane, plane) => inPlane.map((sum, i) => stage.enter(`plane_${plane}_${name}_${i}`, sum)));
}

/** The bit of a number in a plane, which may be above its own. */
function bitOf(value: Int, plane: number): Bool {
  const { width, signed } = value.type;
  return plane < width || signed ? value.bits().bit(Math.min(plane, width - 1)) : literalBool(false);
}

/** `a + b`, and only `a` where there is an `enable` that is 0. */
function chain(m: ModuleBuilder, name: string, a: Int, b: Int, invertsResult: boolean, enable?: Bool): Int {
  const type = enable === undefined ? a.add(b).type : enable.mux(a.add(b), a).type;
  const sum = ice40Sum(m, name, patternOf(a, type.width), patternOf(b, type.width), { enable, invertsResult });
  return narrowTo(type.signed ? sum.asS() : sum.asU(), type);
}
