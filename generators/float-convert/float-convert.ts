import { bits, generator, input, literalBool, output, p } from '../../hdl/index.js';
import { floatArithmeticParameters, floatWidth, specialsParameter, unpackFloat, type FloatFormat } from '../arithmetic/float.js';
import { roundFloat } from '../arithmetic/float-rounder.js';
import { targetParameters } from '../arithmetic/strategy.js';
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
    const { significand, field, negative, zero, infinite, nan, offset, least } = unpackFloat(io.in_value, fromFormat(P), P.subnormals);
    const { rounding, subnormals } = P;
    // Where the target has no NaN, one becomes a zero, and no negative one.
    const isLost = P.toSpecials === 'none';
    const code = roundFloat(m, pipe, {
      significand, exponents: [field], offset, least: BigInt(least), infinite: isLost ? infinite.and(nan.not()) : infinite, nan: isLost ? literalBool(false) : nan,
      negative: isLost ? negative.and(nan.not()) : negative, zero: isLost ? zero.or(nan) : zero,
    }, { format: toFormat(P), rounding, subnormals, saturates: false });
    io.out_value.drive(pipe.end().enter('value', code));
    pipe.promise(['in_value'], ['out_value']);
  },
});

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
