import {
  cat, int, intType, literalBits, narrowTo, range, u, type Bits, type Bool, type Int, type IntType, type ModuleBuilder,
} from '../../hdl/index.js';
import type { Pipeline } from '../arithmetic/stream.js';
import { codeFields, codeWidth, isExact, largestAmount, largestCodes, type ActivationFormat } from './activation-code.js';
import type { KeptActivation } from './encode.js';

/** The type of a code on a port: from 0 to the largest code. */
export function codeType(format: ActivationFormat): IntType {
  const { signBits } = codeFields(format);
  const { negative, positive } = largestCodes(format);
  return signBits === 0 ? range(0, positive) : range(0, (1n << BigInt(codeWidth(format) - 1)) + negative);
}

/** Packs a kept activation into its code. */
export function packCode({ kept, amount, sign }: KeptActivation, format: ActivationFormat): Int {
  const { mantissaBits, exponentBits } = codeFields(format);
  const parts: (Bits | Bool)[] = sign === undefined ? [] : [sign];
  if (exponentBits > 0) parts.push(exponentOf(kept, amount, format));
  if (mantissaBits > 0) parts.push(padded(kept, format.keptBits).slice(0, mantissaBits));
  return narrowTo(cat(...parts).asU(), codeType(format));
}

function exponentOf(kept: Int, amount: Int, format: ActivationFormat): Bits {
  const { exponentBits } = codeFields(format);
  if (format.shift === 'fixed') return padded(amount, exponentBits);
  const leads = padded(kept, format.keptBits).bit(format.keptBits - 1);
  // Without the leading one the shift is 0, so that the exponent is the shift and one more exactly where there is a leading one.
  const exponent = amount.add(leads.asU());
  return padded(narrowTo(exponent, { min: 0n, max: BigInt(largestAmount(format) + 1) }), exponentBits);
}

/**
 * Takes a code apart. What no activation's code is leads to no meaningful result; in simulation it is reported, where there is a beat.
 * @param word the element of a port of type `codeType`
 */
export function unpackCode(m: ModuleBuilder, word: Int, format: ActivationFormat, pipe: Pipeline): KeptActivation {
  const { mantissaBits, exponentBits, signBits } = codeFields(format);
  const pattern = word.bits();
  const sign = signBits === 1 ? pattern.bit(pattern.width - 1) : undefined;
  const magnitude = legalMagnitude(m, pattern.slice(0, mantissaBits + exponentBits), sign, format, pipe).bits();
  const mantissa = mantissaBits === 0 ? undefined : magnitude.slice(0, mantissaBits);
  if (exponentBits === 0) return { kept: (mantissa ?? literalBits(0, 1)).asU(), amount: int(0), sign };
  const exponent = narrowTo(magnitude.slice(mantissaBits, exponentBits).asU(), { min: 0n, max: BigInt(largestAmount(format) + (isFloat(format) ? 1 : 0)) });
  if (!isFloat(format)) return { kept: (mantissa ?? literalBits(0, 1)).asU(), amount: exponent, sign };
  const leads = exponent.ne(0);
  const amount = narrowTo(exponent.sub(leads.asU()), { min: 0n, max: BigInt(largestAmount(format)) });
  return { kept: (mantissa === undefined ? leads.bits() : cat(leads, mantissa)).asU(), amount, sign };
}

/** Levels of logic of `unpackCode`: of a small float its leading one, and its shift from its exponent. */
export function decodeLevels(format: ActivationFormat): number {
  return isFloat(format) ? 1 : 0;
}

function isFloat(format: ActivationFormat): boolean {
  return format.shift === 'leading-one' && !isExact(format);
}

/** The code without its sign, looked at in simulation, as wide as it was. */
function legalMagnitude(m: ModuleBuilder, pattern: Bits, sign: Bool | undefined, format: ActivationFormat, pipe: Pipeline): Int {
  const { negative, positive } = largestCodes(format);
  const magnitude = intType(u(pattern.width));
  const value = pattern.asU();
  const expect = (type: IntType, when: Bool): void => {
    if (type.min === magnitude.min && type.max === magnitude.max) return;
    m.expect(value, type, {
      ...(when.constant === undefined ? { when } : {}), ...(pipe.domain === undefined ? {} : { domain: pipe.domain }),
    });
  };
  if (sign === undefined) {
    expect(range(0, positive), pipe.valid);
  } else {
    expect(range(0, positive), sign.not().and(pipe.valid));
    expect(range(1, negative), sign.and(pipe.valid));
  }
  return value;
}

/** A number as a pattern of `width` bits. */
function padded(value: Int, width: number): Bits {
  const pattern = value.bits();
  return pattern.width >= width ? pattern.slice(0, width) : cat(literalBits(0, width - pattern.width), pattern);
}
