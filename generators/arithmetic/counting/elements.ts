import { cat, type Bits, type Bool } from '../../../hdl/index.js';
import { joinedPair, pairKinds, type Ones, type PairKind } from '../popcount.js';

/** What of an element counts: its bit, or a pair of bits. */
export type ElementKind = 'ones' | PairKind;

/** All kinds, as those of a parameter. */
export const elementKinds = ['ones', ...pairKinds] as const;

/** The bits that ones are counted of, as patterns of which each element has one bit. */
export interface Elements {
  readonly kind: ElementKind;
  readonly first: Bits;
  readonly second?: Bits;
  readonly mask?: Bits;
}

/** The elements of each plane, the lowest first. A single pattern with a mask is a pair of patterns that must both be one. */
export function elementsOf({ pattern, higher = [], second, mask }: Ones): readonly Elements[] {
  return [pattern, ...higher].map((first): Elements => {
    if (second !== undefined) return { kind: second.counts, first, second: second.pattern, ...(mask === undefined ? {} : { mask }) };
    return mask === undefined ? { kind: 'ones', first } : { kind: 'both', first, second: mask };
  });
}

/** The same elements behind a stage of a pipeline. */
export function entered(elements: Elements, enter: (part: string, pattern: Bits) => Bits): Elements {
  const { kind, first, second, mask } = elements;
  return {
    kind, first: enter('first', first),
    ...(second === undefined ? {} : { second: enter('second', second) }), ...(mask === undefined ? {} : { mask: enter('mask', mask) }),
  };
}

/** Some of the elements, from `low` on. */
export function sliceOf(elements: Elements, low: number, length: number): Elements {
  return entered(elements, (_, pattern) => pattern.slice(low, length));
}

/** One bit for each element. */
export function joined({ kind, first, second, mask }: Elements): Bits {
  const pairs = second === undefined || kind === 'ones' ? first : joinedPair(kind, first, second);
  return mask === undefined ? pairs : pairs.and(mask);
}

/** Whether an element counts whose bits are these. */
export function counts(kind: ElementKind, first: boolean, second: boolean, mask = true): boolean {
  if (!mask) return false;
  switch (kind) {
    case 'ones': return first;
    case 'both': return first && second;
    case 'agreement': return first === second;
    case 'difference': return first !== second;
  }
}

/** The bits of a pattern, the lowest first. */
export function bitsOf(pattern: Bits): readonly Bool[] {
  return Array.from({ length: pattern.width }, (_, i) => pattern.bit(i));
}

/** A pattern of bits, the first one lowest. */
export function patternOf(bits: readonly Bool[]): Bits {
  return cat(...bits.toReversed());
}
