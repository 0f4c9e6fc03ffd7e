import { narrowTo, type Bits, type Int } from '../../../hdl/index.js';
import type { Ones, PairKind } from '../popcount.js';
import { joined, patternOf } from './elements.js';

/** Numbers that are kept as planes of bits, the lowest first: bit e of each plane is of number e. */
export interface Numbers {
  readonly planes: readonly Bits[];
  /** Another bit for each number, with which each of its bits makes a pair; what counts of the pairs is added. */
  readonly selection?: { readonly pattern: Bits; readonly counts: PairKind };
}

/** A gate of two patterns under a name. */
export type Enter = (name: string, pattern: Bits) => Bits;

/** The numbers of counts that join planes. Numbers that several counts have, and their gates with a mask, are made once. */
export class EnteredNumbers {
  private readonly enter: Enter;
  private readonly name: Enter;
  private readonly patterns = new Map<Bits, Bits>();
  private readonly gated = new Map<Bits, Map<Bits, Bits>>();

  /**
   * @param enter takes a pattern into the stage where it is counted
   * @param name gives what is computed there a name
   */
  constructor(enter: Enter, name: Enter) {
    this.enter = enter;
    this.name = name;
  }

  of({ name, pattern, higher = [], second, mask }: Ones): Numbers {
    const present = mask === undefined ? undefined : this.entered(`${name}_mask`, mask);
    const planes = [pattern, ...higher].map((plane, i) => this.numberPlane(`${name}_plane_${i}`, plane, present));
    if (second === undefined) return { planes };
    const selects = this.entered(`${name}_selects`, second.pattern);
    return { planes, selection: { pattern: present === undefined ? selects : withoutAbsent(selects, present, second.counts), counts: second.counts } };
  }

  private entered(name: string, pattern: Bits): Bits {
    const known = this.patterns.get(pattern) ?? this.enter(name, pattern);
    this.patterns.set(pattern, known);
    return known;
  }

  private numberPlane(name: string, plane: Bits, present: Bits | undefined): Bits {
    const here = this.entered(name, plane);
    if (present === undefined) return here;
    const ofMask = this.gated.get(present) ?? new Map<Bits, Bits>();
    this.gated.set(present, ofMask);
    const known = ofMask.get(here) ?? this.name(`${name}_present`, here.and(present));
    ofMask.set(here, known);
    return known;
  }
}

/** Selecting bits such that with a bit 0 of an absent number no pair counts. */
function withoutAbsent(selects: Bits, present: Bits, kind: PairKind): Bits {
  switch (kind) {
    case 'both': return selects;
    case 'difference': return selects.and(present);
    case 'agreement': return selects.or(present.not());
  }
}

/** Some of the numbers, from `low` on. */
export function numbersFrom({ planes, selection }: Numbers, low: number, length: number): Numbers {
  return {
    planes: planes.map(plane => plane.slice(low, length)),
    ...(selection === undefined ? {} : { selection: { pattern: selection.pattern.slice(low, length), counts: selection.counts } }),
  };
}

/** One number's part of the sum. */
export function single({ planes, selection }: Numbers, element: number): Int {
  const number = patternOf(planes.map(plane => plane.bit(element)));
  if (selection === undefined) return number.asU();
  const selects = patternOf(planes.map(() => selection.pattern.bit(element)));
  return joined({ kind: selection.counts, first: number, second: selects }).asU();
}

/** The largest number of so many planes. */
export function largest(planes: number): bigint {
  return (1n << BigInt(planes)) - 1n;
}

/** A pattern as a number that is at most `most`. */
export function upTo(pattern: Bits, most: bigint): Int {
  return narrowTo(pattern.asU(), { min: 0n, max: most });
}
