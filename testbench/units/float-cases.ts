/** What the floating units share: the classes of codes, codes that break arithmetic, and the cases of rounding. */
import { decodeFloat, floatClasses, floatLimits, FloatRounder, floatValue, floatWidth, type FloatFormat, type RoundingCase } from '../../golden/index.js';
import type { RandomSource } from '../random.js';

/** The class of every code, as its index in `floatClasses`. */
export function classTable(format: FloatFormat): Uint8Array {
  return Uint8Array.from({ length: 2 ** floatWidth(format) }, (_, code) => floatClasses.indexOf(decodeFloat(code, format).class));
}

/** The classes that a format has. */
export function classesOf({ specials }: FloatFormat): readonly (typeof floatClasses)[number][] {
  return floatClasses.filter(each => (each === 'infinity' ? specials === 'ieee' : each === 'nan' ? specials !== 'none' : true));
}

/** A code with what it stands for: `0x1849 = -3.140625 (normal, E 16, M 0x49)`. */
export function codeText(code: number, format: FloatFormat): string {
  const { class: kind, negative } = decodeFloat(code, format);
  const magnitude = code % 2 ** (floatWidth(format) - 1);
  const value = floatValue(code, format);
  const shown = kind === 'zero' && negative ? '-0' : kind === 'nan' ? 'NaN' : String(value);
  const hidden = 2 ** format.mantissaBits;
  return `0x${code.toString(16).toUpperCase().padStart(Math.ceil(floatWidth(format) / 4), '0')} = ${shown} (${kind === 'nan' ? 'NaN' : kind}, E ${Math.floor(magnitude / hidden)}, M 0x${(magnitude % hidden).toString(16).toUpperCase()})`;
}

/** Codes at the edges of the classes, of both signs: zero, the ends of the subnormal and normal numbers, one and its neighbours, infinity, NaNs. */
export function edgeCodes(format: FloatFormat): readonly number[] {
  const { leastNormal, largestFinite, infinity, nan } = floatLimits(format);
  const sign = 2 ** (floatWidth(format) - 1);
  const one = (2 ** (format.exponentBits - 1) - 1) * leastNormal;
  const magnitudes = [
    0, 1, leastNormal - 1, leastNormal, leastNormal + 1, one - 1, one, one + 1, largestFinite - 1, largestFinite,
    ...(infinity === undefined ? [] : [infinity, infinity + 1]), ...(nan === undefined ? [] : [nan, sign - 1]),
  ];
  return [...new Set(magnitudes)].flatMap(magnitude => [magnitude, magnitude + sign]);
}

/** Draws codes of every class: most of a random exponent, some subnormal, zero or at an edge, and mantissas of few ones as often as any. */
export function drawCode(random: RandomSource, format: FloatFormat, edges: readonly number[]): number {
  const word = random.uint32();
  const hidden = 2 ** format.mantissaBits;
  const sign = (word & 1) * 2 ** (floatWidth(format) - 1);
  const mantissa = (word & 2) === 0 ? random.below(hidden) : (2 ** random.below(format.mantissaBits + 1) + ((word & 4) === 0 ? 0 : hidden - 1)) % hidden;
  switch ((word >>> 8) & 15) {
    case 0: case 1: return edges[random.below(edges.length)] ?? 0;
    case 2: case 3: return sign + mantissa;
    // Exponents in the middle, so that products neither vanish nor overflow.
    case 4: case 5: case 6: case 7: case 8: return sign + (2 ** (format.exponentBits - 2) + random.below(2 ** (format.exponentBits - 1))) * hidden + mantissa;
    default: return sign + random.below(2 ** format.exponentBits) * hidden + mantissa;
  }
}

/** An exact result whose rounding is one of its cases: significand · 2^exponent. */
export interface Exact {
  readonly significand: number;
  readonly exponent: number;
}

/** The two bins of a case. */
export function caseBins({ bits, result }: RoundingCase): readonly [string, string] {
  return [`rounding: ${bits}`, `result: ${result}`];
}

/**
 * Counts the cases of rounding exact results, and knows which there are: those of the given ones. Where significands have few bits and exponents a small range, a table says the case of each.
 */
export class RoundingCounter<E extends Exact> {
  readonly bins: readonly string[];
  /** For each bin a result that is such a case. */
  readonly examples: readonly E[];
  private readonly names: (readonly [string, string])[] = [];
  private readonly indexOf = new Map<string, number>();
  private readonly counts: number[] = [];
  private readonly table: Uint8Array | undefined;

  /**
   * @param possible results among which every possible case is
   * @param significandBits bits of a significand
   * @param exponents their smallest exponent, and how many there are
   */
  constructor(private readonly rounder: FloatRounder, possible: Iterable<E>, private readonly significandBits: number, private readonly exponents: { readonly min: number; readonly count: number }) {
    const examples = new Map<string, E>();
    for (const exact of possible) {
      for (const bin of caseBins(rounder.describe(exact.significand, exact.exponent))) if (!examples.has(bin)) examples.set(bin, exact);
    }
    this.bins = [...examples.keys()].sort();
    this.examples = [...new Set(examples.values())];
    if (significandBits <= 17 && exponents.count <= 128) this.table = new Uint8Array(2 ** significandBits * exponents.count);
  }

  add(significand: number, exponent: number): void {
    const place = (exponent - this.exponents.min) * 2 ** this.significandBits + significand;
    // 0 stands for a case that nobody has looked up yet.
    let index = (this.table?.[place] ?? 0) - 1;
    if (index < 0) {
      index = this.lookUp(significand, exponent);
      if (this.table !== undefined) this.table[place] = index + 1;
    }
    this.counts[index] = (this.counts[index] ?? 0) + 1;
  }

  byBin(): ReadonlyMap<string, number> {
    const result = new Map(this.bins.map(bin => [bin, 0]));
    this.names.forEach((bins, index) => {
      for (const bin of bins) result.set(bin, (result.get(bin) ?? 0) + (this.counts[index] ?? 0));
    });
    return result;
  }

  private lookUp(significand: number, exponent: number): number {
    const bins = caseBins(this.rounder.describe(significand, exponent));
    const key = bins.join();
    const known = this.indexOf.get(key);
    if (known !== undefined) return known;
    const index = this.names.push(bins) - 1;
    this.indexOf.set(key, index);
    this.counts.push(0);
    return index;
  }
}
