import { cat, literalBool, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { floatCode } from './float-code.js';
import { normalizeFloat, normalizerLevels, type ExactFloat, type FloatTarget, type NormalizedFloat } from './float-normalizer.js';
import { enterSpecial } from './float-special.js';
import type { Pipeline } from './stream.js';

/**
 * The one rounder of all floating-point units, in three natural stages: the significand is shifted to its place, where it has to be; it is rounded; and what is not a finite number takes its
 * code.
 *
 * The exponent stands above the significand in one number when it is rounded, so that one carry chain rounds, goes from a subnormal number to a normal one, and counts the exponent up. Where
 * the leading one may stand in two places, the chain runs over the bits of both, and the selection between them comes behind it, where it shares its cells with the codes of special numbers.
 * @returns the code, before a register
 */
export function roundFloat(m: ModuleBuilder, pipe: Pipeline, exact: ExactFloat, target: FloatTarget): Bits {
  const { mantissaBits } = target.format;
  const levels = normalizerLevels(exact.scale, target);
  const shifting = levels === 0 ? undefined : pipe.stage(levels);
  const normalized = normalizeFloat(m, shifting, exact, target);
  const inPlace = shifting === undefined ? exact : enterSpecial(shifting, 'exact', exact);
  const rounding = pipe.stage(1);
  const { exponent, kept, up, upper, subnormal } = normalized;
  const entered: NormalizedFloat = {
    ...normalized, exponent: rounding.enter('exponent_above', exponent), kept: rounding.enter('kept', kept), up: rounding.enter('up', up),
    upper: upper === undefined ? undefined : { is: rounding.enter('upper', upper.is), up: rounding.enter('up_upper', upper.up) },
  };
  const special = enterSpecial(rounding, 'rounding', inPlace);
  const vanishes = subnormal === undefined ? literalBool(false) : rounding.enter('vanishes', subnormal.vanishes);
  const sum = rounded(m, entered, mantissaBits);
  const coding = pipe.stage(2);
  const number = coding.enter('rounded_number', sum.number);
  const mantissa = number.bits().slice(0, sum.below);
  return floatCode(m, {
    field: number.shr(sum.below), offset: normalized.offset, vanishes: coding.enter('rounded_vanishes', vanishes),
    mantissa: entered.upper === undefined ? mantissa : coding.enter('rounded_upper', entered.upper.is).mux(mantissa.slice(1, mantissaBits), mantissa.slice(0, mantissaBits)),
  }, enterSpecial(coding, 'rounded', special), target);
}

/** {exponent, significand} with all that is added to it, and how many bits of it are below the exponent: with two places for the leading one the lower of them is among these. */
interface RoundedNumber {
  readonly number: Int;
  readonly below: number;
}

function rounded(m: ModuleBuilder, { exponent, constant, kept, up, upper, subnormal }: NormalizedFloat, mantissaBits: number): RoundedNumber {
  const below = upper === undefined ? mantissaBits : mantissaBits + 1;
  const hidden = kept.bit(mantissaBits);
  const addend = new Map<number, Bool>();
  const add = (place: number, flag: Bool): void => { addend.set(place, (addend.get(place) ?? literalBool(false)).or(flag)); };
  add(0, upper === undefined ? up : upper.is.mux(upper.up, up));
  const lower = upper?.is.not() ?? literalBool(true);
  if (subnormal === undefined) {
    if (upper !== undefined) add(below, upper.is);
  } else {
    // The exponent is one too small; the hidden one makes it right, or a carry does. On its way there a carry passes the place of the lower leading one, whether that is 1 or not.
    if (upper !== undefined) {
      add(mantissaBits, lower.and(hidden.not()));
      add(below + 1, upper.is);
    }
    add(below, lower.and(hidden));
  }
  for (let i = 0; constant >> i > 0; i++) if (((constant >> i) & 1) === 1) add(below + i, literalBool(true));
  const places = [...addend].filter(([, flag]) => flag.constant !== 0n).map(([place]) => place);
  const all = cat(exponent.bits(), kept.slice(0, below));
  const isSigned = exponent.type.signed;
  const read = (pattern: Bits): Int => isSigned ? pattern.asS() : pattern.asU();
  if (places.length === 0) return { number: read(all), below };
  const [start, end] = [Math.min(below, ...places), Math.max(...places)];
  const ones = Array.from({ length: end - start + 1 }, (_, i) => addend.get(end - i) ?? literalBool(false));
  const [first = literalBool(false), ...rest] = ones;
  const high = read(all.slice(start, all.width - start)).add((rest.length === 0 ? first.bits() : cat(first, ...rest)).asU());
  // A number of the greatest exponent is rounded up to the next one at most, above its two places.
  const most = exponent.max + BigInt(constant) + (upper === undefined ? 1n : 2n) + (subnormal === undefined ? 0n : 1n);
  const fitting = narrowTo(high, { min: exponent.min << BigInt(below - start), max: ((most + 1n) << BigInt(below - start)) - 1n });
  const sum = m.named('rounded', fitting);
  return { number: start === 0 ? sum : read(cat(sum.bits(), all.slice(0, start))), below };
}
