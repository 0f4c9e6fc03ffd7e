import { fail } from './error.js';
import { signedInterval, unsignedInterval, widthOf, intervalText, type Interval } from './interval.js';

/** Widest value; keeps a slip of a parameter from allocating gigabytes. */
export const maxWidth = 1 << 20;

/** An integer of an exact interval; two's complement where `min < 0`, plain binary elsewhere, at its least width. */
export interface IntType extends Interval {
  readonly kind: 'int';
  readonly width: number;
  readonly signed: boolean;
}

/** A pattern of bits without a number's meaning. */
export interface BitsType {
  readonly kind: 'bits';
  readonly width: number;
  readonly signed: false;
}

/** True or false; one bit. */
export interface BoolType {
  readonly kind: 'bool';
  readonly width: 1;
  readonly signed: false;
}

/** One of the named values, coded in order from 0. */
export interface EnumType<N extends string = string> {
  readonly kind: 'enum';
  readonly names: readonly N[];
  /** What the constants' names begin with in Verilog; without one they are written as numbers. */
  readonly label?: string;
  readonly width: number;
  readonly signed: false;
}

/** The clock of a domain; it can be connected, and registers can be clocked by it, and nothing else. */
export interface ClockType {
  readonly kind: 'clock';
  readonly width: 1;
  readonly signed: false;
}

/** A type that one Verilog signal holds. */
export type ScalarType = IntType | BitsType | BoolType | EnumType;

/** What a vec may hold. */
export type VecElement = ScalarType | VecType;

/** `count` elements of one type; one packed Verilog port, element 0 in the low bits. */
export interface VecType<E extends VecElement = VecElement> {
  readonly kind: 'vec';
  readonly count: number;
  readonly element: E;
  readonly width: number;
}

/** Named fields; each becomes a port `NAME_FIELD` of its own. */
export interface BundleType<F extends Fields = Fields> {
  readonly kind: 'bundle';
  readonly fields: F;
}
export interface Fields {
  readonly [field: string]: VecElement | BundleType;
}

export type Type = VecElement | BundleType;

/** Unsigned integer of `width` bits, 0 to 2^width - 1. */
export function u(width: number): IntType {
  return intType(unsignedInterval(checkWidth(width)));
}

/** Two's complement integer of `width` bits, -2^(width-1) to 2^(width-1) - 1. */
export function s(width: number): IntType {
  return intType(signedInterval(checkWidth(width)));
}

/** Integer from `min` to `max`, both included. */
export function range(min: number | bigint, max: number | bigint): IntType {
  const interval = { min: toBigInt(min), max: toBigInt(max) };
  if (interval.min > interval.max) {
    fail('HDL102', `the range ${interval.min}..${interval.max} is empty`, 'the lower bound comes first');
  }
  checkWidth(widthOf(interval));
  return intType(interval);
}

/** The least type that holds the interval. */
export function intType({ min, max }: Interval): IntType {
  return { kind: 'int', min, max, width: widthOf({ min, max }), signed: min < 0n };
}

export const bool: BoolType = { kind: 'bool', width: 1, signed: false };

/** Pattern of `width` bits. */
export function bits(width: number): BitsType {
  return commonBits[width] ?? { kind: 'bits', width: checkWidth(width), signed: false };
}

/** The types of narrow patterns; a large design has one node in three of such a type. */
const commonBits: readonly (BitsType | undefined)[] = Array.from({ length: 65 }, (_, width) =>
  width === 0 ? undefined : Object.freeze<BitsType>({ kind: 'bits', width, signed: false }));

/** One of the given names, coded 0, 1, 2, … in that order. */
export function enumeration<const N extends readonly [string, ...string[]]>(...names: N): EnumType<N[number]> {
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) fail('HDL106', `the enumeration names '${repeated}' twice`, 'each name stands for one value');
  return { kind: 'enum', names, width: widthOf({ min: 0n, max: BigInt(names.length - 1) }), signed: false };
}

/** `count` elements of type `element`. */
export function vec<E extends VecElement>(count: number, element: E): VecType<E> {
  if (!Number.isInteger(count) || count < 1) {
    fail('HDL101', `a vec has ${count} elements`, 'a vec has a whole number of elements, at least 1');
  }
  return { kind: 'vec', count, element, width: checkWidth(count * element.width) };
}

/** A record of named fields. */
export function bundle<const F extends Fields>(fields: F): BundleType<F> {
  return { kind: 'bundle', fields };
}

/** A type as it is written in messages. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'int': return intervalText(type);
    case 'bits': return `bits(${type.width})`;
    case 'bool': return 'bool';
    case 'enum': return `enumeration(${type.names.join(', ')})`;
    case 'vec': return `vec(${type.count}, ${typeText(type.element)})`;
    case 'bundle': return `bundle(${Object.keys(type.fields).join(', ')})`;
  }
}

/** A number or bigint as bigint; a fraction is an error. */
export function toBigInt(value: number | bigint): bigint {
  if (typeof value === 'bigint') return value;
  if (!Number.isInteger(value)) fail('HDL103', `${value} is not a whole number`, 'round it as it is meant');
  if (!Number.isSafeInteger(value)) fail('HDL103', `${value} is beyond what a number holds exactly`, 'write it as a bigint, such as 12n');
  return BigInt(value);
}

function checkWidth(width: number): number {
  if (!Number.isInteger(width) || width < 1 || width > maxWidth) {
    fail('HDL101', `a width is ${width} bits`, `a width is a whole number from 1 to ${maxWidth}`);
  }
  return width;
}
