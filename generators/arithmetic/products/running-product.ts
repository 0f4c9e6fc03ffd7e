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

/** The narrower operand, whose bits select rows, and the one that they add. */
export function rowOperands(a: Int, b: Int): readonly [selecting: Int, added: Int] {
  return a.width <= b.width ? [a, b] : [b, a];
}
