import type { Module } from '../../hdl/index.js';
import type { Literal } from './logic.js';

/** A carry chain: `a + b + carryIn` bit by bit, from the low end; where it subtracts, with `b` inverted. */
export interface Chain {
  readonly kind: 'chain';
  readonly a: readonly Literal[];
  readonly b: readonly Literal[];
  readonly subtracts: boolean;
  /** Whether what is subtracted must be inverted before the cell. */
  readonly subtractsOutside: boolean;
  /** A constant, 0 or 1. */
  readonly carryIn: Literal;
  /** What LUTs before the chain make of `a` and `b`, on devices whose carry cell takes that beside `a`: their exclusive or. */
  readonly propagate?: readonly Literal[];
  /** Nodes of the bits of the sum. */
  readonly sums: readonly number[];
  /** By their place, the nodes of the carries that are read outside of the chain. */
  readonly carries: Map<number, number>;
}

/** A chain of carries alone: out of each bit 1 where it generates, or where it propagates the carry into it. */
export interface LookaheadChain {
  readonly kind: 'lookahead';
  readonly propagate: readonly Literal[];
  readonly generate: readonly Literal[];
  readonly carryIn: Literal;
  readonly carries: readonly number[];
}

/** A vendor's primitive. */
export interface Primitive {
  readonly kind: 'primitive';
  readonly module: Module;
  readonly inputs: ReadonlyMap<string, readonly Literal[]>;
  readonly outputs: ReadonlyMap<string, readonly number[]>;
}

/** A hard multiplier. */
export interface HardMultiplier {
  readonly kind: 'multiplier';
  readonly a: readonly Literal[];
  readonly b: readonly Literal[];
  readonly signed: readonly [a: boolean, b: boolean];
  readonly product: readonly number[];
}

/** A read port of a memory: the word comes at once, or one edge later. */
export interface MemoryPort {
  readonly kind: 'memory';
  readonly memory: MemoryCells;
  readonly address: readonly Literal[];
  readonly isRegistered: boolean;
  readonly word: readonly number[];
}

/** A memory. */
export interface MemoryCells {
  readonly depth: number;
  readonly width: number;
  /** What its write ports and registered reads need. */
  readonly inputs: Literal[];
  /** Whether every read is registered. */
  isRegistered: boolean;
}

/** One bit of a register. */
export interface RegisterBit {
  readonly kind: 'register';
  readonly output: number;
  /** Its next value where it is enabled. */
  next: Literal;
  /** 1 where it changes. */
  enable: Literal;
  /** The reset that it has; its pin takes no logic of the bit's own. */
  reset: Literal;
}

/** What is not plain logic: hard structures whose inputs are logic and whose outputs are sources of logic. */
export type Cell = Chain | LookaheadChain | Primitive | HardMultiplier | MemoryPort | RegisterBit;

/** A bit of a cell that drives a source. */
export interface Origin {
  readonly cell: Cell;
  /** Of a chain: the place of the bit, and what of it. */
  readonly place: number;
  readonly what: 'sum' | 'carry' | 'other';
}

/** The ports of the top by name, low bit first. */
export type PortBits = ReadonlyMap<string, readonly Literal[]>;
