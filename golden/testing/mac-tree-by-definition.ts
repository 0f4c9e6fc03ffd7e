import type { ActivationParameters } from '../activation-encoder.js';
import type { MacTreeParameters } from '../mac-tree.js';

/** The encode step on bigints, written a second time straight from its definition; slow, without tables and without floating point. */
export function encodeByDefinition(activation: bigint, parameters: ActivationParameters): { sign: bigint; q: bigint; s: bigint } {
  const K = BigInt(parameters.keptBits);
  const a = activation < 0n ? -activation : activation;
  const sign = activation < 0n ? 1n : 0n;
  if (a === 0n) return { sign, q: 0n, s: 0n };
  const p = BigInt(a.toString(2).length - 1);
  let s: bigint;
  if (parameters.shift === 'leading-one') s = p > K - 1n ? p - (K - 1n) : 0n;
  else {
    s = 0n;
    while (a >> (s + K) !== 0n) s += K;
  }
  let q = a >> s;
  const cut = a - (q << s);
  const half = s === 0n ? 1n : 1n << (s - 1n);
  if (parameters.rounding === 'unbiased' && s > 0n) q |= 1n;
  if (parameters.rounding === 'nearest-even' && (cut > half || (cut === half && (q & 1n) === 1n))) q += 1n;
  if (q === 1n << K) return parameters.shift === 'leading-one' ? { sign, q: 1n << (K - 1n), s: s + 1n } : { sign, q: 1n, s: s + K };
  return { sign, q, s };
}

/** The sum of one beat of activations (not codes) and weights. */
export function sumByDefinition(activations: readonly number[], weights: readonly number[], parameters: MacTreeParameters): bigint {
  return activations.reduce((sum, activation, lane) => {
    const { sign, q, s } = encodeByDefinition(BigInt(activation), parameters);
    const product = (q * BigInt(weights[lane] ?? Number.NaN)) << s;
    return sign === 1n ? sum - product : sum + product;
  }, 0n);
}
