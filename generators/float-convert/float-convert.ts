import { bits, cat, generator, input, literalBits, literalBool, output, p, type Bits, type ModuleBuilder } from '../../hdl/index.js';
import { floatCode } from '../arithmetic/float-code.js';
import {
  floatArithmeticParameters, floatWidth, specialsParameter, unpackFloat, type FloatArithmetic, type FloatFormat, type SpecialProduct,
} from '../arithmetic/float.js';
import { exponentSum, type FloatScale, type FloatTarget } from '../arithmetic/float-normalizer.js';
import { roundFloat } from '../arithmetic/float-rounder.js';
import { strategiesFor } from '../arithmetic/strategies.js';
import { targetParameters, type TargetName } from '../arithmetic/strategy.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts } from '../arithmetic/stream.js';

/**
 * A small float in another format, by one rounding (IEEE 754-2019 section 5.4.2); by default binary16 to 1-5-7. An infinity becomes the largest finite number of its sign where the
 * target has none; a NaN becomes the target's one NaN, or +0 where it has none.
 *
 * `in_value`: a code {sign, exponent, mantissa} of the one format; `out_value`: one of the other.
 */
export const floatConvert = generator({
  name: 'float-convert',
  doc: 'A small float in another format, by default binary16 to 1-5-7.',
  params: {
    fromExponentBits: p.int({ default: 5, min: 2, max: 8, doc: 'bits of an exponent that comes in' }),
    fromMantissaBits: p.int({ default: 10, min: 1, max: 23, doc: 'bits of a mantissa that comes in, without the hidden one' }),
    fromSpecials: specialsParameter(),
    toExponentBits: p.int({ default: 5, min: 2, max: 8, doc: 'bits of an exponent that goes out' }),
    toMantissaBits: p.int({ default: 7, min: 1, max: 23, doc: 'bits of a mantissa that goes out, without the hidden one' }),
    toSpecials: specialsParameter(),
    ...floatArithmeticParameters,
    ...flowParameters,
    ...targetParameters,
  },
  check: P => flowContradictions(P),
  ports: P => ({
    ...inputPorts(P),
    in_value: input(bits(floatWidth(fromFormat(P))), 'sign, exponent, mantissa'),
    ...outputPorts(P),
    out_value: output(bits(floatWidth(toFormat(P))), 'sign, exponent, mantissa'),
  }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    const code = P.fromExponentBits === P.toExponentBits ? sameRange(m, pipe, io.in_value, P) : otherRange(m, pipe, io.in_value, P);
    io.out_value.drive(pipe.end().enter('value', code));
    pipe.promise(['in_value'], ['out_value']);
  },
});

/** To a format with other exponents: as the exact results of other units are rounded. */
function otherRange(m: ModuleBuilder, pipe: Pipeline, code: Bits, P: Parameters): Bits {
  const { significand, field, offset, least, ...rest } = unpackFloat(code, fromFormat(P), P.subnormals);
  const target = targetOf(m, P);
  const scale: FloatScale = { width: significand.width, exponents: [field], offset, least: BigInt(least) };
  return roundFloat(m, pipe, { ...specialIn(rest, P), significand, scale, exponent: exponentSum(scale, target) }, target);
}

/** To a format with the same exponents: the code is rounded as a number, from the subnormal numbers to the normal ones and from the largest one to infinity. */
function sameRange(m: ModuleBuilder, pipe: Pipeline, code: Bits, P: Parameters): Bits {
  const { toMantissaBits, rounding } = P;
  const { exponentBits, specials } = toFormat(P);
  const special = specialIn(unpackFloat(code, fromFormat(P), P.subnormals), P);
  const dropped = P.fromMantissaBits - toMantissaBits;
  const magnitude = code.slice(0, code.width - 1);
  pipe.stage(2);
  const number = dropped > 0 ? magnitude.asU().dropLow(dropped, rounding) : magnitude.asU().shl(-dropped);
  const { negative, zero, infinite, nan } = special;
  if (P.fromSpecials === 'ieee' && specials === 'ieee') {
    const sum = m.named('rounded', number.bits()).slice(0, exponentBits + toMantissaBits);
    const quiet = literalBits(2 ** (exponentBits + toMantissaBits) - 2 ** (toMantissaBits - 1), sum.width);
    const finite = P.subnormals === 'flush' ? zero.mux(literalBits(0, sum.width), sum) : sum;
    return cat(negative.and(nan.not()), nan.mux(quiet, finite));
  }
  return floatCode(m, { field: number.shr(toMantissaBits), offset: 0, mantissa: number.bits().slice(0, toMantissaBits), vanishes: literalBool(false) }, { negative, zero, infinite, nan }, targetOf(m, P));
}

/** What a code says that is no number that is not zero. Where the target has no NaN, one becomes a zero, and no negative one. */
function specialIn({ negative, zero, infinite, nan }: SpecialProduct, { toSpecials }: Formats): SpecialProduct {
  if (toSpecials !== 'none') return { negative, zero, infinite, nan };
  return { negative: negative.and(nan.not()), zero: zero.or(nan), infinite: infinite.and(nan.not()), nan: literalBool(false) };
}

interface Parameters extends Formats, FloatArithmetic {
  readonly target: TargetName;
}

function targetOf(m: ModuleBuilder, P: Parameters): FloatTarget {
  const { clearsBehindExponent } = strategiesFor(m, P.target, false);
  return { format: toFormat(P), rounding: P.rounding, subnormals: P.subnormals, saturates: false, clearsBehindExponent };
}

interface Formats {
  readonly fromExponentBits: number;
  readonly fromMantissaBits: number;
  readonly fromSpecials: FloatFormat['specials'];
  readonly toExponentBits: number;
  readonly toMantissaBits: number;
  readonly toSpecials: FloatFormat['specials'];
}

function fromFormat(P: Formats): FloatFormat {
  return { exponentBits: P.fromExponentBits, mantissaBits: P.fromMantissaBits, specials: P.fromSpecials };
}

function toFormat(P: Formats): FloatFormat {
  return { exponentBits: P.toExponentBits, mantissaBits: P.toMantissaBits, specials: P.toSpecials };
}
