import { fail } from './error.js';
import {
  absoluteInterval, addIntervals, contains, multiplyIntervals, negateInterval, shiftLeftInterval, shiftRightInterval,
  subtractIntervals, union, unsignedInterval, widthOf, type Interval,
} from './interval.js';
import type { Memory } from './memory.js';
import { meant } from './nearest.js';
import { applyOperation, wrapValue, type Operation } from './operation.js';
import type { Signal } from './signal.js';
import {
  bits as bitsType, bool as boolType, intType, maxWidth, s, toBigInt, typeText, u,
  type BitsType, type BoolType, type EnumType, type IntType, type ScalarType,
} from './type.js';

/** How a number of low bits is dropped: toward zero, toward minus infinity, to the nearest with ties to even or up. */
export type Rounding = 'truncate' | 'floor' | 'nearest-even' | 'half-up';

export type IntLike = Int | number | bigint;
export type BoolLike = Bool | boolean;

/** What an operation needs beside its operands. */
export interface Detail {
  /** Of a literal: its value (the number itself; the pattern as an unsigned number for bits; 0 or 1; the enum's code). */
  readonly value?: bigint;
  /** Of a read: the signal. */
  readonly signal?: Signal;
  /** Of a read or slice: the lowest bit. */
  readonly low?: number;
  /** Of a shift by a constant: the distance. */
  readonly distance?: number;
  /** Of a memory read. */
  readonly memory?: Memory;
}

const noDetail: Detail = Object.freeze({});

/** The operands of a leaf of the graph. */
export const noArgs: readonly Expression[] = Object.freeze([]);

/** A node of the expression graph: frozen, without identity beyond the object itself. */
export abstract class Expression<T extends ScalarType = ScalarType> {
  readonly op: Operation;
  readonly type: T;
  readonly args: readonly Expression[];
  readonly detail: Detail;
  /** The module whose signals it reads; undefined for a constant. */
  readonly home: object | undefined;

  constructor(op: Operation, type: T, args: readonly Expression[], detail: Detail, home?: object) {
    this.op = op;
    this.type = type;
    this.args = args;
    this.detail = detail;
    this.home = home ?? homeOf(args);
  }

  get width(): number {
    return this.type.width;
  }

  /** The value of a constant; undefined for anything else. */
  get constant(): bigint | undefined {
    return this.detail.value;
  }

  /** The pattern of bits that carries the value. */
  bits(): Bits {
    return reinterpret(this, bitsType(this.width), Bits);
  }
}

function homeOf(args: readonly Expression[]): object | undefined {
  let home: object | undefined;
  for (const arg of args) {
    if (arg.home === undefined || arg.home === home) continue;
    if (home !== undefined) fail('HDL108', 'the operands belong to two different modules', 'connect them through ports');
    home = arg.home;
  }
  return home;
}

/** Values of one module are nothing in another one. `user` names who takes the value. */
export function checkHome(value: { readonly home: object | undefined }, home: object, user: string): void {
  if (value.home === undefined || value.home === home) return;
  fail('HDL108', `${user} is given a value of another module`, 'connect the modules through ports');
}

/** An integer expression; its type is the exact interval of its values. */
export class Int extends Expression<IntType> {
  get min(): bigint {
    return this.type.min;
  }

  get max(): bigint {
    return this.type.max;
  }

  add(other: IntLike): Int {
    const b = int(other);
    if (b.constant === 0n) return this;
    if (this.constant === 0n) return b;
    return makeInt('add', addIntervals(this.type, b.type), [this, b]);
  }

  sub(other: IntLike): Int {
    const b = int(other);
    if (b.constant === 0n) return this;
    if (isSameValue(this, b)) return int(0);
    return makeInt('sub', subtractIntervals(this.type, b.type), [this, b]);
  }

  mul(other: IntLike): Int {
    const b = int(other);
    if (b.constant === 1n) return this;
    if (this.constant === 1n) return b;
    return makeInt('mul', multiplyIntervals(this.type, b.type), [this, b]);
  }

  neg(): Int {
    return makeInt('neg', negateInterval(this.type), [this]);
  }

  abs(): Int {
    if (this.min >= 0n) return this;
    if (this.max <= 0n) return this.neg();
    return narrowTo(this.lt(0).mux(this.neg(), this), absoluteInterval(this.type));
  }

  /** Times 2^distance. */
  shl(distance: number): Int {
    checkDistance(distance);
    if (distance === 0) return this;
    const by = BigInt(distance);
    return makeInt('shl', shiftLeftInterval(this.type, { min: by, max: by }), [this], { distance });
  }

  /** Divided by 2^distance, rounded toward minus infinity. */
  shr(distance: number): Int {
    checkDistance(distance);
    if (distance === 0) return this;
    const by = BigInt(distance);
    return makeInt('shr', shiftRightInterval(this.type, { min: by, max: by }), [this], { distance });
  }

  /** Times two to the power of an expression that is never negative. */
  shlBy(by: IntLike): Int {
    const amount = checkAmount(int(by));
    if (amount.constant !== undefined) return this.shl(Number(amount.constant));
    return makeInt('shlBy', shiftLeftInterval(this.type, amount.type), [this, amount]);
  }

  /** Divided by two to the power of an expression that is never negative, rounded toward minus infinity. */
  shrBy(by: IntLike): Int {
    const amount = checkAmount(int(by));
    if (amount.constant !== undefined) return this.shr(Number(amount.constant));
    return makeInt('shrBy', shiftRightInterval(this.type, amount.type), [this, amount]);
  }

  eq(other: IntLike): Bool {
    const b = int(other);
    const [left, right] = [boundsOf(this), boundsOf(b)];
    if (left.max < right.min || right.max < left.min) return literalBool(false);
    if (isSameValue(this, b)) return literalBool(true);
    return makeBool('eq', [this, b]);
  }

  ne(other: IntLike): Bool {
    return negated(this.eq(other), 'ne');
  }

  lt(other: IntLike): Bool {
    const b = int(other);
    const [left, right] = [boundsOf(this), boundsOf(b)];
    if (left.max < right.min) return literalBool(true);
    if (left.min >= right.max || isSameValue(this, b)) return literalBool(false);
    return makeBool('lt', [this, b]);
  }

  le(other: IntLike): Bool {
    const b = int(other);
    const [left, right] = [boundsOf(this), boundsOf(b)];
    if (left.max <= right.min || isSameValue(this, b)) return literalBool(true);
    if (left.min > right.max) return literalBool(false);
    return makeBool('le', [this, b]);
  }

  gt(other: IntLike): Bool {
    return int(other).lt(this);
  }

  ge(other: IntLike): Bool {
    return int(other).le(this);
  }

  /** The value modulo 2^width, as signed as this value is. */
  wrap(width: number): Int {
    const target = this.type.signed ? s(width) : u(width);
    return contains(target, this.type) ? this : truncated(this, target);
  }

  /** The nearest value that `target` holds. */
  saturate(target: IntType): Int {
    if (contains(target, this.type)) return this;
    if (this.max <= target.min) return int(target.min);
    if (this.min >= target.max) return int(target.max);
    const inside = truncated(this, intersection(this.type, target));
    const below = this.min < target.min ? this.lt(target.min).mux(target.min, inside) : inside;
    return this.max > target.max ? this.gt(target.max).mux(target.max, below) : below;
  }

  /** Divided by 2^count with a named rounding. */
  dropLow(count: number, rounding: Rounding): Int {
    checkDistance(count);
    if (count === 0) return this;
    const unit = 1n << BigInt(count);
    const exact = { min: roundedShift(this.min, count, rounding), max: roundedShift(this.max, count, rounding) };
    if (exact.min === exact.max) return int(exact.min);
    switch (rounding) {
      case 'floor': return this.shr(count);
      case 'half-up': return narrowTo(this.add(unit >> 1n).shr(count), exact);
      case 'truncate': {
        if (this.min >= 0n) return this.shr(count);
        return narrowTo(this.add(this.lt(0).mux(unit - 1n, 0)).shr(count), exact);
      }
      case 'nearest-even': {
        const floor = this.shr(count);
        const pattern = this.bits();
        const guard = pattern.bit(count - 1);
        const odd = this.width > count ? pattern.bit(count) : this.lt(0);
        const sticky = count > 1 ? pattern.slice(0, count - 1).reduceOr() : literalBool(false);
        return narrowTo(floor.add(guard.and(sticky.or(odd)).asU()), exact);
      }
    }
  }

  /** The pattern of an unsigned value as it is, or of a signed one in two's complement, as an unsigned number. */
  asU(): Int {
    return this.bits().asU();
  }

  /** The pattern read as two's complement. */
  asS(): Int {
    return this.bits().asS();
  }
}

/** A pattern of bits. */
export class Bits extends Expression<BitsType> {
  and(other: Bits): Bits {
    const b = this.sameWidth(other);
    if (isSameValue(this, b) || this.isAll(0) || b.isAll(1)) return this;
    if (b.isAll(0) || this.isAll(1)) return b;
    return makeBits('and', this.width, [this, b]);
  }

  or(other: Bits): Bits {
    const b = this.sameWidth(other);
    if (isSameValue(this, b) || this.isAll(1) || b.isAll(0)) return this;
    if (b.isAll(1) || this.isAll(0)) return b;
    return makeBits('or', this.width, [this, b]);
  }

  xor(other: Bits): Bits {
    const b = this.sameWidth(other);
    if (isSameValue(this, b)) return literalBits(0, this.width);
    if (b.isAll(0)) return this;
    if (this.isAll(0)) return b;
    if (b.isAll(1)) return this.not();
    return this.isAll(1) ? b.not() : makeBits('xor', this.width, [this, b]);
  }

  not(): Bits {
    const [inner] = this.args;
    return this.op === 'not' && inner instanceof Bits ? inner : makeBits('not', this.width, [this]);
  }

  /** `width` bits from bit `low` upwards. */
  slice(low: number, width: number): Bits {
    if (!Number.isInteger(low) || !Number.isInteger(width) || low < 0 || width < 1 || low + width > this.width) {
      fail('HDL105', `a slice of ${width} bits from bit ${low} does not lie in ${this.width} bits`,
        `bits are counted from 0 to ${this.width - 1}`);
    }
    if (width === this.width) return this;
    if (this.op === 'slice' || this.op === 'read') {
      const inner = this.detail.low ?? 0;
      return new Bits(this.op, bitsType(width), this.args, { ...this.detail, low: inner + low }, this.home);
    }
    return makeBits('slice', width, [this], { low });
  }

  /** Bit `index`, counted from 0 at the low end. */
  bit(index: number): Bool {
    return reinterpret(this.slice(index, 1), boolType, Bool);
  }

  /** This pattern above `low`. */
  cat(...low: readonly (Bits | Bool)[]): Bits {
    return cat(this, ...low);
  }

  reduceAnd(): Bool {
    return this.width === 1 ? this.bit(0) : makeBool('reduceAnd', [this]);
  }

  reduceOr(): Bool {
    return this.width === 1 ? this.bit(0) : makeBool('reduceOr', [this]);
  }

  reduceXor(): Bool {
    return this.width === 1 ? this.bit(0) : makeBool('reduceXor', [this]);
  }

  /** How many bits are 1: 0 to `width`. */
  popcount(): Int {
    return sum(Array.from({ length: this.width }, (_, i) => this.bit(i).asU()));
  }

  eq(other: Bits): Bool {
    const b = this.sameWidth(other);
    return isSameValue(this, b) ? literalBool(true) : makeBool('eq', [this, b]);
  }

  ne(other: Bits): Bool {
    return negated(this.eq(other), 'ne');
  }

  /** The pattern as an unsigned number. */
  asU(): Int {
    return reinterpret(this, u(this.width), Int);
  }

  /** The pattern as a two's complement number. */
  asS(): Int {
    return reinterpret(this, s(this.width), Int);
  }

  private isAll(bit: 0 | 1): boolean {
    return this.constant === (bit === 0 ? 0n : unsignedInterval(this.width).max);
  }

  private sameWidth(other: Bits): Bits {
    if (other.width !== this.width) {
      fail('HDL109', `patterns of ${this.width} and ${other.width} bits are combined bit by bit`,
        'slice the wider one or put zeros above the other with cat');
    }
    return other;
  }
}

/** True or false. */
export class Bool extends Expression<BoolType> {
  and(other: BoolLike): Bool {
    const b = boolean(other);
    if (this.constant !== undefined) return this.constant === 0n ? this : b;
    if (b.constant !== undefined) return b.constant === 0n ? b : this;
    if (isSameValue(this, b)) return this;
    return makeBool('and', [this, b]);
  }

  or(other: BoolLike): Bool {
    const b = boolean(other);
    if (this.constant !== undefined) return this.constant === 0n ? b : this;
    if (b.constant !== undefined) return b.constant === 0n ? this : b;
    if (isSameValue(this, b)) return this;
    return makeBool('or', [this, b]);
  }

  xor(other: BoolLike): Bool {
    const b = boolean(other);
    if (this.constant !== undefined) return this.constant === 0n ? b : b.not();
    if (b.constant !== undefined) return b.constant === 0n ? this : this.not();
    if (isSameValue(this, b)) return literalBool(false);
    return makeBool('xor', [this, b]);
  }

  not(): Bool {
    const [inner] = this.args;
    return this.op === 'not' && inner instanceof Bool ? inner : makeBool('not', [this]);
  }

  eq(other: BoolLike): Bool {
    return this.xor(other).not();
  }

  ne(other: BoolLike): Bool {
    return this.xor(other);
  }

  /** 0 or 1. */
  asU(): Int {
    return reinterpret(this, u(1), Int);
  }

  /** `whenTrue` where this is true, else `whenFalse`. */
  mux(whenTrue: IntLike, whenFalse: IntLike): Int;
  mux(whenTrue: Bits, whenFalse: Bits): Bits;
  mux(whenTrue: BoolLike, whenFalse: BoolLike): Bool;
  mux<N extends string>(whenTrue: Enum<N>, whenFalse: Enum<N>): Enum<N>;
  mux(whenTrue: ValueLike, whenFalse: ValueLike): Value {
    const [a, b] = [value(whenTrue), value(whenFalse)];
    if (isSameValue(a, b) && sameType(a.type, b.type)) return a;
    if (a instanceof Int && b instanceof Int) {
      if (this.constant !== undefined) return this.constant === 1n ? a : b;
      if (a.constant !== undefined && a.constant === b.constant) return a;
      return makeInt('mux', union(a.type, b.type), [this, a, b]);
    }
    checkSameType(a.type, b.type);
    if (this.constant !== undefined) return this.constant === 1n ? a : b;
    return rebuild(a, 'mux', [this, a, b]);
  }
}

/** One of the names of an enumeration. */
export class Enum<N extends string = string> extends Expression<EnumType<N>> {
  /** True where the value is `name`. */
  is(name: N): Bool {
    return makeBool('eq', [this, literalEnum(this.type, name)]);
  }

  eq(other: Enum<N>): Bool {
    checkSameType(this.type, other.type);
    return isSameValue(this, other) ? literalBool(true) : makeBool('eq', [this, other]);
  }

  ne(other: Enum<N>): Bool {
    return this.eq(other).not();
  }
}

export type Value = Int | Bits | Bool | Enum;
export type ValueLike = Value | number | bigint | boolean;

/** An integer constant, or the expression itself. */
export function int(value: IntLike): Int {
  if (value instanceof Int) return value;
  const exact = toBigInt(value);
  return new Int('literal', intType({ min: exact, max: exact }), noArgs, { value: exact });
}

function boolean(value: BoolLike): Bool {
  return value instanceof Bool ? value : literalBool(value);
}

export function literalBool(value: boolean): Bool {
  return new Bool('literal', boolType, noArgs, { value: value ? 1n : 0n });
}

/** A constant pattern of `width` bits. */
export function literalBits(value: number | bigint, width: number): Bits {
  const exact = toBigInt(value);
  const type = bitsType(width);
  if (!contains(unsignedInterval(width), { min: exact, max: exact })) {
    fail('HDL103', `${exact} is not a pattern of ${width} bits`, `the patterns are 0 to ${unsignedInterval(width).max}`);
  }
  return new Bits('literal', type, noArgs, { value: exact });
}

/** The constant `name` of an enumeration. */
export function literalEnum<N extends string>(type: EnumType<N>, name: N): Enum<N> {
  const code = type.names.indexOf(name);
  if (code < 0) fail('HDL103', `'${name}' is not a value of type ${typeText(type)}`, `${meant(name, type.names)}the names are ${type.names.join(', ')}`);
  return new Enum('literal', type, noArgs, { value: BigInt(code) });
}

/** A constant or an expression as an expression. */
export function value(like: ValueLike): Value {
  if (typeof like === 'number' || typeof like === 'bigint') return int(like);
  return typeof like === 'boolean' ? literalBool(like) : like;
}

/** Sum of any number of integers as a balanced tree; the interval is exact. An empty sum is 0. */
export function sum(terms: readonly IntLike[]): Int {
  let level = terms.map(int);
  while (level.length > 1) {
    level = pairs(level).map(([a, b]) => b === undefined ? a : a.add(b));
  }
  return level[0] ?? int(0);
}

/** Neighbours two by two; the last stands alone where the number is odd. */
export function pairs<E>(list: readonly E[]): readonly (readonly [E, E?])[] {
  const result: (readonly [E, E?])[] = [];
  list.forEach((element, i) => {
    if (i % 2 === 1) return;
    const next = list[i + 1];
    result.push(next === undefined ? [element] : [element, next]);
  });
  return result;
}

/** Patterns side by side, the first one highest. */
export function cat(...parts: readonly (Bits | Bool)[]): Bits {
  return catAny(parts.flatMap(part => part.op === 'cat' ? part.args : [part]));
}

/** The patterns of any values side by side, the first one highest; neighbouring bits of one signal become one read. */
export function catAny(parts: readonly Expression[]): Bits {
  const merged: Expression[] = [];
  for (const part of parts) {
    const above = merged.at(-1);
    const joined = above === undefined ? undefined : joinReads(above, part);
    if (joined === undefined) merged.push(part);
    else merged[merged.length - 1] = joined;
  }
  const [only] = merged;
  if (only === undefined) fail('HDL105', 'cat is given no pattern', 'give it at least one');
  const width = merged.reduce((total, part) => total + part.width, 0);
  return merged.length === 1 ? only.bits() : makeBits('cat', width, merged.map(part => part.bits()));
}

function joinReads(high: Expression, low: Expression): Bits | undefined {
  const { signal } = low.detail;
  const isNext = high.op === 'read' && low.op === 'read' && high.detail.signal === signal
    && high.detail.low === (low.detail.low ?? 0) + low.width;
  return isNext ? new Bits('read', bitsType(high.width + low.width), noArgs, low.detail, low.home) : undefined;
}

/** An integer at the full width of a type that holds it; anything else is at its width already. */
export function widened(value: Expression, type: ScalarType): Expression {
  if (type.kind !== 'int' || value.width === type.width) return value;
  if (value.constant !== undefined) return new Int('literal', type, noArgs, { value: value.constant });
  return new Int('extend', type, [value], {});
}

/** The element of `choices` at `index`; each index that can occur must have an element. */
export function select(index: Int, choices: readonly IntLike[]): Int;
export function select(index: Int, choices: readonly Bits[]): Bits;
export function select(index: Int, choices: readonly BoolLike[]): Bool;
export function select(index: Int, choices: readonly ValueLike[]): Value {
  if (choices.length === 0) fail('HDL110', 'a selection among no values', 'give it at least one');
  if (index.min < 0n || index.max >= BigInt(choices.length)) {
    fail('HDL110', `an index of type ${typeText(index.type)} selects among ${choices.length} values`,
      `the index must lie in 0..${choices.length - 1}; narrow it with .saturate, .wrap or m.expect`);
  }
  const values = choices.slice(0, Number(index.max) + 1).map(value);
  if (index.constant !== undefined) return values[Number(index.constant)] ?? int(0);
  const [first] = values;
  if (first instanceof Int) {
    const ints = values.map(each => each instanceof Int ? each : differentTypes(first.type, each.type));
    return makeInt('select', ints.map(each => each.type as Interval).reduce(union), [index, ...ints]);
  }
  if (first === undefined) throw new TypeError('a selection has a first choice');
  for (const each of values) checkSameType(first.type, each.type);
  return rebuild(first, 'select', [index, ...values]);
}

/**
 * A value known (by the caller's proof) to lie in `interval`: the low bits, read as that type. Used where interval
 * arithmetic alone is too wide, never to hide an overflow.
 */
export function narrowTo(value: Int, interval: Interval): Int {
  return contains(interval, value.type) ? value : truncated(value, intersection(value.type, interval));
}

function intersection(a: Interval, b: Interval): Interval {
  return { min: a.min > b.min ? a.min : b.min, max: a.max < b.max ? a.max : b.max };
}

/** The low bits of `value` read as `target`. */
function truncated(value: Int, target: Interval): Int {
  if (target.min === target.max) return int(target.min);
  if (value.op === 'read') {
    return new Int('read', intType(target), noArgs, value.detail, value.home);
  }
  if (value.op === 'truncate') return makeInt('truncate', target, value.args);
  if (value.op === 'shl' && (value.detail.distance ?? 0) >= widthOf(target)) return int(contains(target, { min: 0n, max: 0n }) ? 0 : target.min);
  return makeInt('truncate', target, [value]);
}

/** `value / 2^count` rounded as named; the reference that exact intervals are made with. */
function roundedShift(value: bigint, count: number, rounding: Rounding): bigint {
  const by = BigInt(count);
  const floor = value >> by;
  const rest = value - (floor << by);
  const half = 1n << (by - 1n);
  switch (rounding) {
    case 'floor': return floor;
    case 'truncate': return value < 0n && rest > 0n ? floor + 1n : floor;
    case 'half-up': return rest >= half ? floor + 1n : floor;
    case 'nearest-even': return rest > half || (rest === half && floor % 2n !== 0n) ? floor + 1n : floor;
  }
}

type Constructor<T extends ScalarType, E extends Expression> =
  new (op: Operation, type: T, args: readonly Expression[], detail: Detail, home?: object) => E;

/** The same bits under another type of the same width. */
export function reinterpret<T extends ScalarType, E extends Expression<T>>(
  from: Expression, type: T, make: Constructor<T, E>,
): E {
  if (from instanceof make && typeof from.type === typeof type && sameType(from.type, type)) return from;
  const known = from.constant;
  if (known !== undefined) return new make('literal', type, noArgs, { value: wrapValue(known, type) });
  if (from.op === 'read') return new make('read', type, noArgs, from.detail, from.home);
  const [inner] = from.args;
  if (from.op === 'cast' && inner !== undefined) return reinterpret(inner, type, make);
  return new make('cast', type, [from], noDetail);
}

function makeInt(op: Operation, interval: Interval, args: readonly Expression[], detail: Detail = noDetail): Int {
  if (interval.min === interval.max) return int(interval.min);
  const type = intType(interval);
  if (type.width > maxWidth) fail('HDL101', `a value is ${type.width} bits wide`, `a width is a whole number from 1 to ${maxWidth}`);
  return fold(new Int(op, type, args, detail));
}

function makeBits(op: Operation, width: number, args: readonly Expression[], detail: Detail = noDetail): Bits {
  return fold(new Bits(op, bitsType(width), args, detail));
}

function makeBool(op: Operation, args: readonly Expression[]): Bool {
  return fold(new Bool(op, boolType, args, noDetail));
}

function negated(result: Bool, op: Operation): Bool {
  return result.op === 'eq' ? makeBool(op, result.args) : result.not();
}

/** The interval of an integer; of a constant (whose type may be wider, as of a pattern read as a number) its value. */
export function boundsOf({ type, constant }: Int): Interval {
  return constant === undefined ? type : { min: constant, max: constant };
}

/** Whether two expressions are the same node or read the same bits in the same way. */
function isSameValue(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  return a.op === 'read' && b.op === 'read' && a.detail.signal === b.detail.signal && a.detail.low === b.detail.low
    && a.width === b.width && a.type.signed === b.type.signed;
}

function rebuild(like: Value, op: Operation, args: readonly Expression[]): Value {
  if (like instanceof Bits) return makeBits(op, like.width, args);
  if (like instanceof Bool) return makeBool(op, args);
  if (like instanceof Enum) return new Enum(op, like.type, args, {});
  return makeInt(op, like.type, args);
}

/** A node whose operands are all constants is the constant. */
function fold<E extends Int | Bits | Bool>(node: E): E {
  const values: bigint[] = [];
  for (const arg of node.args) {
    if (arg.detail.value === undefined) return node;
    values.push(arg.detail.value);
  }
  const Made = node.constructor as Constructor<E['type'], E>;
  return new Made('literal', node.type, noArgs, { value: applyOperation(node, values) });
}

function checkDistance(distance: number): void {
  if (!Number.isInteger(distance) || distance < 0 || distance > maxWidth) {
    fail('HDL107', `a value is shifted by ${distance}`, `a distance is a whole number from 0 to ${maxWidth}`);
  }
}

function checkAmount(amount: Int): Int {
  if (amount.min < 0n || amount.max > BigInt(maxWidth)) {
    fail('HDL107', `a value is shifted by an amount of type ${typeText(amount.type)}`,
      `the amount must lie in 0..${maxWidth}; a shift the other way has its own operation`);
  }
  return amount;
}

function checkSameType(a: ScalarType, b: ScalarType): void {
  if (!sameType(a, b)) differentTypes(a, b);
}

function differentTypes(a: ScalarType, b: ScalarType): never {
  fail('HDL104', `a value of type ${typeText(b)} stands where ${typeText(a)} is needed`, 'give values of one type');
}

export function sameType(a: ScalarType, b: ScalarType): boolean {
  if (a.kind === 'int') return b.kind === 'int' && a.min === b.min && a.max === b.max;
  if (a.kind === 'enum') return b.kind === 'enum' && (a === b || a.names.join() === b.names.join());
  return a.kind === b.kind && a.width === b.width;
}
