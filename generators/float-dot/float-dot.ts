import {
  bits, cat, generator, input, int, literalBits, literalBool, narrowTo, output, p, s, u, vec, widthOf, type Bits, type Bool, type Int, type Interval,
} from '../../hdl/index.js';
import { adderTree } from '../arithmetic/adder-tree.js';
import {
  fieldOffset, floatArithmeticParameters, floatParameters, floatWidth, resultFormat, specialProduct, unpackFloat, type FloatFormat, type SpecialProduct,
} from '../arithmetic/float.js';
import { exponentSum, type FloatScale, type FloatTarget } from '../arithmetic/float-normalizer.js';
import { roundFloat } from '../arithmetic/float-rounder.js';
import { shiftRight, shifterLevels } from '../arithmetic/shifter.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { dspParameters, targetParameters, type Strategies } from '../arithmetic/strategy.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts } from '../arithmetic/stream.js';

/**
 * Inner product of two vectors of small floats: exact products, aligned to the largest exponent and summed as integers. Arithmetic: Abdel-Aziz and others, "Rethinking Floating Point
 * Overheads for Mixed Precision DNN Accelerators" (MLSys 2021), on the products of US 2023/0205488 A1.
 *
 * With P the product of a lane's significands, E the sum of its exponent fields and Emax the largest E of a lane with P not 0, a lane adds ±((P << guardBits) >> (Emax - E)), or 0 where Emax - E is
 * more than `maxShift`; bits shifted out of the magnitude are lost. With guardBits and maxShift of 2^(exponentBits + 1) - 6 or more (1-5-7: 58) nothing is lost.
 *
 * `in_a`, `in_b`: `lanes` codes {sign, exponent, mantissa} each. `result` `sum`: `out_sum`, the integer sum, and `out_exponent`, Emax: the value is sum · 2^(Emax - 2 · bias - 2 · mantissaBits - guardBits); both are 0
 * where all products are. An exponent of all ones is infinity with a sum of +1 or -1, and NaN with 0. Else `out_value`: the sum, rounded once.
 */
export const floatDot = generator({
  name: 'float-dot',
  doc: 'Inner product of small floats, by default 1-5-7: exact products, aligned and summed.',
  params: {
    lanes: p.int({ default: 16, min: 2, max: 256, doc: 'products summed in one beat, a power of two' }),
    ...floatParameters,
    guardBits: p.int({ default: 8, min: 0, max: 510, doc: 'bits kept below the last place of the product with the largest exponent' }),
    maxShift: p.int({ default: 8, min: 0, max: 510, doc: 'a product whose exponent is further below the largest one adds 0' }),
    result: p.choice(['sum', 'same', 'fp16', 'fp32'], { default: 'sum', doc: 'integer sum with its exponent; or rounded, to the operands\' format, binary16 or binary32' }),
    ...floatArithmeticParameters,
    ...flowParameters,
    ...targetParameters,
    ...dspParameters,
  },
  check: P => [
    ...(Number.isInteger(Math.log2(P.lanes)) ? [] : [{ parameter: 'lanes' as const, message: `'lanes' is ${P.lanes}, not a power of two` }]),
    ...flowContradictions(P),
  ],
  ports: P => ({
    ...inputPorts(P),
    in_a: input(vec(P.lanes, bits(floatWidth(P))), 'first operands: sign, exponent, mantissa'),
    in_b: input(vec(P.lanes, bits(floatWidth(P))), 'second operands'),
    ...outputPorts(P),
    out_sum: P.result === 'sum' ? output(s(sumWidth(P)), 'sum of the aligned products') : undefined,
    out_exponent: P.result === 'sum' ? output(u(P.exponentBits + 1), 'exponent of the sum') : undefined,
    out_value: P.result === 'sum' ? undefined : output(bits(floatWidth(resultFormat(P, P.result))), 'inner product: sign, exponent, mantissa'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    const strategies = strategiesFor(m, P.target, P.dsp);
    const products = multiplied(pipe, strategies, [...io.in_a], [...io.in_b], P);
    const total = summed(pipe, strategies, products, P);
    if (P.result !== 'sum') {
      const magnitude = total.sum.abs();
      const target: FloatTarget = { format: resultFormat(P, P.result), rounding: P.rounding, subnormals: P.subnormals, saturates: P.specials !== 'ieee', clearsBehindExponent: strategies.clearsBehindExponent };
      const scale: FloatScale = { width: magnitude.width, exponents: [total.exponent], offset: 2 * fieldOffset(P) - P.guardBits, least: 1n };
      const code = roundFloat(m, pipe, {
        significand: magnitude, scale, exponent: exponentSum(scale, target),
        negative: total.special.infinite.mux(total.special.negative, total.sum.lt(0)), zero: total.sum.eq(0), infinite: total.special.infinite, nan: total.special.nan,
      }, target);
      io.out_value?.drive(pipe.end().enter('value', code));
      pipe.promise(['in_a', 'in_b'], ['out_value']);
      return;
    }
    const end = pipe.end();
    const { infinite, nan, negative } = total.special;
    io.out_sum?.drive(end.enter('sum', nan.mux(0, infinite.mux(negative.mux(-1, 1), total.sum))));
    io.out_exponent?.drive(end.enter('sum_exponent', nan.or(infinite).mux(2 ** (P.exponentBits + 1) - 1, total.exponent)));
    pipe.promise(['in_a', 'in_b'], ['out_sum', 'out_exponent']);
  },
});

/** What of the parameters decides the numbers. */
interface Dot extends FloatFormat {
  readonly lanes: number;
  readonly guardBits: number;
  readonly maxShift: number;
  readonly subnormals: 'gradual' | 'flush';
}

/** The largest aligned product. */
function largestTerm({ mantissaBits, guardBits }: Dot): bigint {
  return (2n ** BigInt(mantissaBits + 1) - 1n) ** 2n << BigInt(guardBits);
}

function sumWidth(P: Dot): number {
  const most = largestTerm(P) * BigInt(P.lanes);
  return widthOf({ min: -most, max: most });
}

interface Product extends SpecialProduct {
  readonly significand: Int;
  readonly exponent: Int;
}

/** The exact products of the lanes; one that is zero has the exponent 0. */
function multiplied(pipe: Pipeline, { multiply, multiplierLevels }: Strategies, a: readonly Bits[], b: readonly Bits[], P: Dot): readonly Product[] {
  pipe.stage(1 + multiplierLevels(P.mantissaBits + 1, P.mantissaBits + 1));
  return a.map((code, lane) => {
    const [x, y] = [unpackFloat(code, P, P.subnormals), unpackFloat(b[lane] ?? code, P, P.subnormals)];
    const special = specialProduct(x, y);
    return { ...special, significand: multiply(x.significand, y.significand), exponent: special.zero.mux(0, x.field.add(y.field)) };
  });
}

interface Total {
  readonly sum: Int;
  readonly exponent: Int;
  readonly special: Omit<SpecialProduct, 'zero'>;
}

/** Aligns the products to the largest exponent and adds them. */
function summed(pipe: Pipeline, { add }: Strategies, products: readonly Product[], P: Dot): Total {
  const comparing = pipe.stage(2 * Math.log2(P.lanes));
  const entered = products.map((each, i) => ({
    significand: comparing.enter(`product_${i}`, each.significand), exponent: comparing.enter(`exponent_${i}`, each.exponent),
    negative: comparing.enter(`negative_${i}`, each.negative), zero: comparing.enter(`zero_${i}`, each.zero),
    infinite: comparing.enter(`infinite_${i}`, each.infinite), nan: comparing.enter(`nan_${i}`, each.nan),
  }));
  const largest = largestOf(entered.map(({ exponent }) => exponent));
  let special = specialSum(entered);
  const aligning = pipe.stage(1 + shifterLevels(reach(P)));
  let exponent = aligning.enter('largest_exponent', largest);
  special = enterSpecial(aligning, 'aligned', special);
  const terms = entered.map((each, i) => aligned(aligning, i, each, exponent, P));
  const sum = adderTree(terms, add, (level, inputs) => {
    const stage = pipe.stage(1);
    exponent = stage.enter(`exponent_of_sum_${level}`, exponent);
    special = enterSpecial(stage, `sum_${level}`, special);
    return { terms: inputs.map((term, i) => stage.enter(level === 0 ? `term_${i}` : `sum_${level - 1}_${i}`, term)), source: level === 0 ? 'other' : stage.source };
  });
  return { sum, exponent, special };
}

/** The largest distance of two exponents that is not too far. */
function reach({ exponentBits, maxShift, specials }: Dot): number {
  return Math.min(maxShift, 2 * (2 ** exponentBits - (specials === 'ieee' ? 2 : 1)) - 2);
}

function enterSpecial(stage: ReturnType<Pipeline['stage']>, prefix: string, { negative, infinite, nan }: Total['special']): Total['special'] {
  return { negative: stage.enter(`${prefix}_negative`, negative), infinite: stage.enter(`${prefix}_infinite`, infinite), nan: stage.enter(`${prefix}_nan`, nan) };
}

/** By a tree of comparisons. */
function largestOf(exponents: readonly Int[]): Int {
  let current = exponents;
  while (current.length > 1) {
    const next: Int[] = [];
    for (let i = 0; i < current.length; i += 2) {
      const [x, y] = [current[i], current[i + 1]];
      if (x !== undefined) next.push(y === undefined ? x : x.ge(y).mux(x, y));
    }
    current = next;
  }
  return current[0] ?? int(0);
}

/** NaN of a NaN and of infinities of both signs; else an infinity of its sign. */
function specialSum(products: readonly SpecialProduct[]): Total['special'] {
  const any = (flags: readonly Bool[]): Bool => flags.reduce((found, flag) => found.or(flag), literalBool(false));
  const negative = any(products.map(each => each.infinite.and(each.negative)));
  const positive = any(products.map(each => each.infinite.and(each.negative.not())));
  return { negative, infinite: negative.or(positive), nan: any(products.map(each => each.nan)).or(negative.and(positive)) };
}

/** One lane's term: its product with guard bits, shifted down to the largest exponent, with its sign. */
function aligned(stage: ReturnType<Pipeline['stage']>, lane: number, product: Product, largest: Int, P: Dot): Int {
  const most = reach(P);
  const distance = largest.sub(stage.enter(`aligned_exponent_${lane}`, product.exponent));
  const significand = stage.enter(`aligned_product_${lane}`, product.significand);
  const gone = stage.enter(`aligned_zero_${lane}`, product.zero).or(distance.gt(most));
  const guarded = P.guardBits === 0 ? significand.bits() : cat(significand.bits(), literalBits(0, P.guardBits));
  const amount = narrowTo(distance, { min: 0n, max: 2n ** BigInt(most.toString(2).length) - 1n });
  const magnitude = gone.mux(0, shiftRight(guarded, amount).value.asU());
  const limit: Interval = { min: 0n, max: largestTerm(P) };
  const held = narrowTo(magnitude, limit);
  return narrowTo(stage.enter(`aligned_negative_${lane}`, product.negative).mux(held.neg(), held), { min: -limit.max, max: limit.max });
}
