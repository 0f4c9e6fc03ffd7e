import type { FloatArithmetic, FloatFormat } from '../arithmetic/float.js';

/** What a code stands for, or a result before it is rounded: a number is `scaled / 2^1200`, exactly. */
export type ExactValue = { readonly kind: 'nan' } | { readonly kind: 'infinity'; readonly negative: boolean } | ExactNumber;

export interface ExactNumber {
  readonly kind: 'number';
  /** Also of a zero. */
  readonly negative: boolean;
  /** The magnitude, times 2^1200. */
  readonly scaled: bigint;
}

export const scale = 1200;

const biasOf = ({ exponentBits }: FloatFormat): number => 2 ** (exponentBits - 1) - 1;

/** The value of the magnitude code {field, mantissa}, times 2^1200, with every field a normal number's, if `subnormals` is `flush` also those below 1. */
function magnitude(code: bigint, format: FloatFormat, subnormals: FloatArithmetic['subnormals']): bigint {
  const hidden = 1n << BigInt(format.mantissaBits);
  const mantissa = code & (hidden - 1n);
  const field = Number(code >> BigInt(format.mantissaBits));
  const isSubnormal = subnormals === 'gradual' && field === 0;
  return (isSubnormal ? mantissa : hidden + mantissa) << BigInt(scale + (isSubnormal ? 1 : field) - biasOf(format) - format.mantissaBits);
}

/** What a code of `exponentBits + mantissaBits + 1` bits stands for. */
export function decoded(code: bigint, format: FloatFormat, subnormals: FloatArithmetic['subnormals']): ExactValue {
  const { exponentBits, mantissaBits, specials } = format;
  const low = code % (1n << BigInt(exponentBits + mantissaBits));
  const negative = code !== low;
  const mantissa = low % (1n << BigInt(mantissaBits));
  const isTop = low >> BigInt(mantissaBits) === (1n << BigInt(exponentBits)) - 1n;
  if (isTop && specials === 'ieee') return mantissa === 0n ? { kind: 'infinity', negative } : { kind: 'nan' };
  if (isTop && specials === 'nan-only' && mantissa === (1n << BigInt(mantissaBits)) - 1n) return { kind: 'nan' };
  const isFlushed = subnormals === 'flush' && low === mantissa;
  return { kind: 'number', negative, scaled: isFlushed ? 0n : magnitude(low, format, subnormals) };
}

/**
 * The code of a value. The neighbours of a magnitude among the codes, as if they went on for ever, are found by halving an interval of codes, since their values rise with them.
 * @param saturates whether overflow gives the largest finite number whatever the rounding
 * @param withoutNan the code of a NaN in a format that has none
 */
export function encoded(value: ExactValue, format: FloatFormat, { rounding, subnormals }: FloatArithmetic, saturates: boolean, withoutNan = 0n): bigint {
  const { exponentBits, mantissaBits, specials } = format;
  const [sign, hidden] = [1n << BigInt(exponentBits + mantissaBits), 1n << BigInt(mantissaBits)];
  const largest = specials === 'ieee' ? sign - hidden - 1n : specials === 'nan-only' ? sign - 2n : sign - 1n;
  const infinity = specials === 'ieee' ? sign - hidden : largest;
  if (value.kind === 'nan') return specials === 'none' ? withoutNan : specials === 'nan-only' ? sign - 1n : sign - hidden / 2n;
  const signed = value.negative ? sign : 0n;
  if (value.kind === 'infinity') return signed + infinity;
  if (value.scaled === 0n) return signed;
  let [below, above] = [subnormals === 'flush' ? -1000n * hidden : 0n, 1200n * hidden];
  while (above - below > 1n) {
    const middle = (below + above) >> 1n;
    if (magnitude(middle, format, subnormals) <= value.scaled) below = middle;
    else above = middle;
  }
  const twice = 2n * value.scaled - magnitude(below, format, subnormals) - magnitude(above, format, subnormals);
  const goesUp = rounding === 'nearest-even' && (twice > 0n || (twice === 0n && below % 2n !== 0n));
  const code = goesUp ? above : below;
  if (code > largest) return signed + (rounding === 'nearest-even' && !saturates ? infinity : largest);
  return signed + (subnormals === 'flush' && code < hidden ? 0n : code);
}

/** The exact product. */
export function multiplied(a: ExactValue, b: ExactValue): ExactValue {
  if (a.kind === 'nan' || b.kind === 'nan') return { kind: 'nan' };
  const negative = a.negative !== b.negative;
  if (a.kind === 'number' && b.kind === 'number') return { kind: 'number', negative, scaled: (a.scaled * b.scaled) >> BigInt(scale) };
  const isZero = (value: ExactValue): boolean => value.kind === 'number' && value.scaled === 0n;
  return isZero(a) || isZero(b) ? { kind: 'nan' } : { kind: 'infinity', negative };
}

/** Random bits that are the same in every run. */
export function randomBits(seed: number): (width: number) => bigint {
  let state = seed;
  const word = (): bigint => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return BigInt((state ^ Math.imul(state, 0x85ebca6b) >>> 13) >>> 8 & 0xffff);
  };
  return width => ((word() << 32n) | (word() << 16n) | word()) % (1n << BigInt(width));
}
