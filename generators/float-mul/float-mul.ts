import { Int, bits, cat, generator, input, literalBits, output, p, s, u, type Bits } from '../../hdl/index.js';
import {
  floatArithmeticParameters, floatParameters, floatWidth, resultFormat, specialProduct, unpackFloat, unpackInteger, type FloatFormat, type Operand, type SpecialProduct,
} from '../arithmetic/float.js';
import { leadingZerosOfProduct, tinyProductsVanish } from '../arithmetic/float-product.js';
import { roundFloat } from '../arithmetic/float-rounder.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { dspParameters, targetParameters } from '../arithmetic/strategy.js';
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
    const { multiply, multiplierLevels } = strategiesFor(m, P.target, P.dsp);
    const unpacked = (code: Bits): Operand => unpackFloat(code, P, P.subnormals, P.result === 'exact');
    const a = unpacked(io.in_a);
    const b = io.in_b instanceof Int ? unpackInteger(io.in_b) : unpacked(io.in_b);
    pipe.stage(1 + multiplierLevels(a.significand.width, b.significand.width));
    const product = { ...specialProduct(a, b), significand: multiply(a.significand, b.significand) };
    const code = P.result === 'exact'
      ? exactCode({ ...product, exponent: a.field.add(b.field) }, P)
      : roundFloat(m, pipe, {
        ...product, exponents: [a.field, b.field], offset: a.offset + b.offset, least: BigInt(a.least * b.least),
        ...(P.result === 'same' && P.second === 'float' && P.subnormals === 'gradual' && tinyProductsVanish(P) ? { leadingZeros: leadingZerosOfProduct(m, a, b) } : {}),
      }, { format: resultFormat(P, P.result), rounding: P.rounding, subnormals: P.subnormals, saturates: P.specials !== 'ieee' });
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

/** {sign, E, P} of a product, E all ones where it is no finite number. */
function exactCode({ negative, zero, infinite, nan, significand, exponent }: SpecialProduct & { readonly significand: Int; readonly exponent: Int }, P: Widths): Bits {
  const [exponentWidth, width] = [P.exponentBits + 1, significandBits(P)];
  const special = infinite.or(nan);
  const field = special.mux(literalBits(2n ** BigInt(exponentWidth) - 1n, exponentWidth), padded(exponent, exponentWidth));
  const product = special.or(zero).mux(cat(nan, literalBits(0, width - 1)), padded(significand, width));
  return cat(negative.and(nan.not()), field, product);
}

/** A number with zeros above it. */
function padded(value: Int, width: number): Bits {
  return value.width === width ? value.bits() : cat(literalBits(0, width - value.width), value.bits());
}
