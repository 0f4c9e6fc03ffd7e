/** What the floating units share: the classes of codes, codes that break arithmetic, and the cases of rounding. */
import { decodeFloat, floatClasses, floatLimits, floatValue, floatWidth, roundedBits, roundedResults, type FloatFormat, type FloatRounder } from '../../golden/index.js';
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

/** The two bins of a case, as `FloatRounder.caseOf` numbers them. */
export function caseBins(number: number): readonly [string, string] {
  return [`rounding: ${roundedBits[number >>> 4] ?? ''}`, `result: ${roundedResults[number & 15] ?? ''}`];
}

/** Cases that there can be a number for. */
const caseNumbers = 16 * roundedBits.length;

/** Results whose cases are all counted; of those beyond, every seventh is. */
const countedAll = 2 ** 20;

/**
 * Counts the cases of rounding exact results, and knows which there are: those of the given ones, and those that were seen. Where significands have few bits and exponents a small range, a table keeps the case of each. Of a long run
 * a part is counted, spread over all of it: in an exhaustive one each case is there many times.
 */
export class RoundingCounter<E extends Exact> {
  private readonly possible: readonly string[];
  /** For each bin a result that is such a case. */
  readonly examples: readonly E[];
  private readonly counts = new Float64Array(caseNumbers);
  /** The case of a result, plus 1; 0 where nobody has asked yet. */
  private readonly table: Uint8Array | undefined;
  private seen = 0;

  /**
   * @param possible results among which every possible case is
   * @param significandBits bits of a significand
   * @param exponents their smallest exponent, and how many there are
   */
  constructor(private readonly rounder: FloatRounder, possible: Iterable<E>, private readonly significandBits: number, private readonly exponents: { readonly min: number; readonly count: number }) {
    const found = new Map<number, E>();
    for (const exact of possible) {
      const number = rounder.caseOf(exact.significand, exact.exponent);
      if (!found.has(number)) found.set(number, exact);
    }
    this.possible = [...new Set([...found.keys()].flatMap(caseBins))].sort();
    this.examples = [...found.values()];
    if (significandBits <= 17 && exponents.count <= 128) this.table = new Uint8Array(2 ** significandBits * exponents.count);
  }

  /** Whether the next result is one of those that are counted. */
  takes(): boolean {
    this.seen++;
    return this.seen <= countedAll || this.seen % 7 === 0;
  }

  add(significand: number, exponent: number): void {
    const number = this.caseOf(significand, exponent);
    this.counts[number] = (this.counts[number] ?? 0) + 1;
  }

  private caseOf(significand: number, exponent: number): number {
    const { table } = this;
    if (table === undefined) return this.rounder.caseOf(significand, exponent);
    const place = ((exponent - this.exponents.min) << this.significandBits) + significand;
    const known = table[place] ?? 0;
    if (known > 0) return known - 1;
    const number = this.rounder.caseOf(significand, exponent);
    table[place] = number + 1;
    return number;
  }

  get bins(): readonly string[] {
    return [...this.byBin().keys()];
  }

  byBin(): ReadonlyMap<string, number> {
    const result = new Map(this.possible.map(bin => [bin, 0]));
    this.counts.forEach((count, number) => {
      if (count > 0) for (const bin of caseBins(number)) result.set(bin, (result.get(bin) ?? 0) + count);
    });
    return result;
  }
}
