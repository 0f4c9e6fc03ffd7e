import { Int, bits, cat, generator, input, int, literalBits, output, p, s, u, type Bits, type ModuleBuilder } from '../../hdl/index.js';
import {
  floatArithmeticParameters, floatParameters, floatWidth, resultFormat, specialProduct, unpackFloat, unpackInteger, type FloatArithmetic, type FloatFormat, type Operand,
} from '../arithmetic/float.js';
import { exponentSum, stickyBits, type FloatScale, type FloatTarget } from '../arithmetic/float-normalizer.js';
import { leadingZerosOfProduct, significandProducts, tinyProductsVanish } from '../arithmetic/float-product.js';
import { roundFloat } from '../arithmetic/float-rounder.js';
import { enterSpecial } from '../arithmetic/float-special.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { dspParameters, targetParameters, type TargetName } from '../arithmetic/strategy.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts } from '../arithmetic/stream.js';

/**
 * The product of two small floats, or of a float and an integer of 8 bits. The significands of 1-5-7 take one 8 x 8 multiplier. Arithmetic: US 2023/0205488 A1; rounding and special
 * numbers as IEEE 754-2019, FP8 as the OCP 8-bit floating point specification.
 *
 * `in_a`: a code {sign, exponent, mantissa}; `in_b`: another one, or the integer; `out_product`: a code of the result's format. With `result` `exact` it is {sign, E, P}: E, of exponentBits + 1
 * bits, is the sum of the exponent fields (with an integer, that of the float), where a zero's or subnormal number's counts as 1; P is the product of the significands; E all ones is
 * infinity with P = 0, and NaN with the top bit of P alone. Of 1-5-7 the value is P · 2^(E - 44).
 */
export const floatMul = generator({
  name: 'float-mul',
  doc: 'Product of two small floats, by default 1-5-7, or of a float and an integer.',
  params: {
    ...floatParameters,
    result: p.choice(['same', 'exact', 'fp16', 'fp32'], { default: 'same', doc: 'format of the product: that of the operands, exact without rounding, binary16 or binary32' }),
    ...floatArithmeticParameters,
    second: p.choice(['float', 'int8', 'uint8'], { default: 'float', doc: 'the second operand: a float of the same format, or an integer' }),
    ...flowParameters,
    ...targetParameters,
    ...dspParameters,
  },
  check: P => flowContradictions(P),
  ports: P => ({
    ...inputPorts(P),
    in_a: input(bits(floatWidth(P)), 'first operand: sign, exponent, mantissa'),
    in_b: P.second === 'float' ? input(bits(floatWidth(P)), 'second operand') : input(P.second === 'int8' ? s(8) : u(8), 'second operand, an integer'),
    ...outputPorts(P),
    out_product: output(bits(productWidth(P)), P.result === 'exact' ? 'product: sign, exponent, exact significand' : 'product: sign, exponent, mantissa'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    const unpacked = (code: Bits): Operand => unpackFloat(code, P, P.subnormals, P.result === 'exact');
    const a = unpacked(io.in_a);
    const b = io.in_b instanceof Int ? unpackInteger(io.in_b) : unpacked(io.in_b);
    const code = P.result === 'exact' ? exactCode(m, pipe, a, b, P) : roundedCode(m, pipe, a, b, P, resultFormat(P, P.result));
    io.out_product.drive(pipe.end().enter('product', code));
    pipe.promise(['in_a', 'in_b'], ['out_product']);
  },
});

/** What of the parameters decides the widths. */
interface Widths extends FloatFormat {
  readonly result: 'same' | 'exact' | 'fp16' | 'fp32';
  readonly second: 'float' | 'int8' | 'uint8';
}

/** Bits of the product of two significands. */
function significandBits({ mantissaBits, second }: Widths): number {
  return mantissaBits + 1 + (second === 'float' ? mantissaBits + 1 : 8);
}

function productWidth(P: Widths): number {
  return P.result === 'exact' ? 2 + P.exponentBits + significandBits(P) : floatWidth(resultFormat(P, P.result));
}

/** What of the parameters decides the structure. */
interface Parameters extends Widths, FloatArithmetic {
  readonly target: TargetName;
  readonly dsp: boolean;
}

/** {sign, E, P} of a product, E all ones where it is no finite number. */
function exactCode(m: ModuleBuilder, pipe: Pipeline, a: Operand, b: Operand, P: Parameters): Bits {
  const [exponentWidth, width] = [P.exponentBits + 1, significandBits(P)];
  let special = specialProduct(a, b);
  let exponent = a.field.add(b.field);
  const [significand = int(0)] = significandProducts(pipe, strategiesFor(m, P.target, P.dsp), [{ a: a.significand, b: b.significand }], 0, (stage, name) => {
    special = enterSpecial(stage, name, special);
    exponent = stage.enter(`${name}_exponent`, exponent);
  });
  const { negative, zero, infinite, nan } = special;
  const field = infinite.or(nan).mux(literalBits(2n ** BigInt(exponentWidth) - 1n, exponentWidth), padded(exponent, exponentWidth));
  const product = infinite.or(nan).or(zero).mux(cat(nan, literalBits(0, width - 1)), padded(significand, width));
  return cat(negative.and(nan.not()), field, product);
}

/** The product in the result's format. */
function roundedCode(m: ModuleBuilder, pipe: Pipeline, a: Operand, b: Operand, P: Parameters, format: FloatFormat): Bits {
  const strategies = strategiesFor(m, P.target, P.dsp);
  const { clearsBehindExponent } = strategies;
  const target: FloatTarget = { format, rounding: P.rounding, subnormals: P.subnormals, saturates: P.specials !== 'ieee', clearsBehindExponent };
  const knowsZeros = P.result === 'same' && P.second === 'float' && P.subnormals === 'gradual' && tinyProductsVanish(P);
  const scale: FloatScale = {
    width: a.significand.mul(b.significand).width, exponents: [a.field, b.field], offset: a.offset + b.offset, least: BigInt(a.least * b.least),
    leadingZeros: knowsZeros ? leadingZerosOfProduct(m, a, b) : undefined,
  };
  let special = specialProduct(a, b);
  let { leadingZeros } = scale;
  let exponent = exponentSum(scale, target);
  const [significand = int(0)] = significandProducts(pipe, strategies, [{ a: a.significand, b: b.significand }], stickyBits(scale, target), (stage, name) => {
    special = enterSpecial(stage, name, special);
    exponent = stage.enter(`${name}_exponent`, exponent);
    if (leadingZeros !== undefined) leadingZeros = stage.enter(`${name}_leading_zeros`, leadingZeros);
  });
  return roundFloat(m, pipe, { ...special, significand, scale, exponent, leadingZeros }, target);
}

/** A number with zeros above it. */
function padded(value: Int, width: number): Bits {
  return value.width === width ? value.bits() : cat(literalBits(0, width - value.width), value.bits());
}
