/**
 * Uniform levels of bit-planes: with n planes of the alphabet -1, +1 and distances 1, 2, 4, … a code c of 0..2^n - 1 stands for the odd integer
 * 2·c - (2^n - 1). The trainer and the folding share what is said here, so that they round alike.
 */

/** Largest level of `planes` planes: 2^planes - 1. The levels are the integers from -largest to largest in steps of two. */
export function largestLevel(planes: number): number {
  return 2 ** planes - 1;
}

/**
 * Where codes change on the real axis -1..1: code c needs y >= bounds[c - 1]. They lie halfway between the levels divided by the largest one:
 * 0 for one plane, -2/3, 0, 2/3 for two.
 */
export function codeBounds(planes: number): Float64Array {
  const largest = largestLevel(planes);
  return Float64Array.from({ length: largest }, (_, index) => (2 * (index + 1) - 1 - largest) / largest);
}

/** The code of a real value: how many of the bounds it reaches. */
export function codeOf(value: number, bounds: Float64Array): number {
  let code = 0;
  while (code < bounds.length && value >= (bounds[code] ?? 0)) code++;
  return code;
}

/** The level of a code. */
export function levelOf(code: number, planes: number): number {
  return 2 * code - largestLevel(planes);
}
