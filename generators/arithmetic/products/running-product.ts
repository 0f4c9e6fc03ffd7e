import { cat, literalBool, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Staged } from '../stream.js';

/** Takes a value of a product into the next stage: through a register or a wire of a name that says whose it is. */
export type Enter = <V extends Staged>(name: string, value: V) => V;

/** A product that is made in steps, between which registers can stand. */
export interface RunningProduct {
  /** Steps that are left, each one carry chain deep. */
  readonly left: number;
  /** Takes all that the steps to come need into the next stage. */
  enter(enter: Enter): void;
  step(): void;
  /** After the last step. */
  readonly product: Int;
  /** Of the low `count` bits those that are final already become one, at the place of the highest of them: whether any was 1. Absent where no bits are final before the last step. */
  joinLow?(count: number): void;
  /** 0 or 1 that `product` lacks, at its lowest bit; absent where it lacks nothing. */
  readonly correction?: Bool | undefined;
}

/** Begins a product; what it is called is the prefix of its instances' names. */
export type ProductStarter = (m: ModuleBuilder, name: string, a: Int, b: Int) => RunningProduct;

/** A pattern with its sign or zeros above it, `width` bits in all. */
export function extended(value: Bits, isSigned: boolean, width: number): Bits {
  if (width <= value.width) return width === value.width ? value : value.slice(0, width);
  const top = isSigned ? value.bit(value.width - 1) : literalBool(false);
  return cat(...Array.from({ length: width - value.width }, () => top), value);
}

/** The pattern of a number, `width` bits in all. */
export function patternOf(value: Int, width: number): Bits {
  return extended(value.bits(), value.type.signed, width);
}

/** The bits of a pattern, lowest first. */
export function bitsOf(pattern: Bits): readonly Bool[] {
  return Array.from({ length: pattern.width }, (_, i) => pattern.bit(i));
}

/** Whether the top bit of a number's pattern is 1 for all of its values, as that of a normal float's significand is. */
export function hasLeadingOne(value: Int): boolean {
  return !value.type.signed && value.min >= 1n << BigInt(value.width - 1);
}

/** Takes a list of bits into the next stage as one value, constants aside. */
export function enteredBits(enter: Enter, name: string, list: readonly Bool[]): readonly Bool[] {
  const free = list.filter(each => each.constant === undefined);
  if (free.length === 0) return list;
  const entered = bitsOf(enter(name, cat(...free.toReversed())));
  let next = 0;
  return list.map(each => each.constant === undefined ? entered[next++] ?? each : each);
}

/** The list, lowest bit first, with one bit in the place of its lowest `count`: whether any of them is 1, where the highest of them was. */
export function joinedLow(list: readonly Bool[], count: number): readonly Bool[] {
  const low = list.slice(0, count);
  if (low.length < 2) return list;
  return [...low.slice(1).map(() => literalBool(false)), cat(...low).reduceOr(), ...list.slice(low.length)];
}

/** The narrower operand, whose bits select rows, and the one that they add. */
export function rowOperands(a: Int, b: Int): readonly [selecting: Int, added: Int] {
  return a.width <= b.width ? [a, b] : [b, a];
}
