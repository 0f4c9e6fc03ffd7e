import { fail } from './error.js';
import {
  Bits, Bool, Enum, Int, boundsOf, cat, int, literalBits, literalBool, literalEnum, sameType, select,
  type BoolLike, type Expression, type IntLike,
} from './expression.js';
import { contains } from './interval.js';
import type { Signal } from './signal.js';
import type { Site } from './site.js';
import {
  bundle, typeText, vec,
  type BitsType, type BoolType, type BundleType, type ClockType, type EnumType, type IntType, type ScalarType, type Type,
  type VecElement, type VecType,
} from './type.js';

/** What a value of type `T` is inside a `build`. */
export type Of<T> =
  T extends IntType ? Int
    : T extends BitsType ? Bits
      : T extends BoolType ? Bool
        : T extends EnumType<infer N> ? Enum<N>
          : T extends VecType<infer E> ? Vec<E>
            : T extends BundleType<infer F> ? { readonly [K in keyof F]: Of<F[K]> }
              : T extends ClockType ? Clock
                : never;

/** What may be given where a value of type `T` is needed: constants as well, where TypeScript has one. */
export type Like<T> =
  T extends IntType ? IntLike
    : T extends BitsType ? Bits | number | bigint
      : T extends BoolType ? BoolLike
        : T extends EnumType<infer N> ? Enum<N> | N
          : T extends VecType<infer E> ? Iterable<Like<E>>
            : T extends BundleType<infer F> ? { readonly [K in keyof F]: Like<F[K]> }
              : T extends ClockType ? Clock
                : never;

/** The clock of a domain. */
export class Clock {
  readonly signal: Signal;

  constructor(signal: Signal) {
    this.signal = signal;
  }
}

/** A fixed number of values of one type. */
export class Vec<E extends VecElement = VecElement> implements Iterable<Of<E>> {
  readonly element: E;
  private readonly values: readonly Of<E>[];

  constructor(element: E, values: readonly Of<E>[]) {
    this.element = element;
    this.values = values;
  }

  get length(): number {
    return this.values.length;
  }

  /** Element `index`; outside 0..length-1 is an error. */
  at(index: number): Of<E> {
    const found = this.values[index];
    if (found === undefined) {
      fail('HDL110', `element ${index} is asked of a vec of ${this.length}`, `the elements are counted from 0 to ${this.length - 1}`);
    }
    return found;
  }

  map<R>(each: (value: Of<E>, index: number) => R): R[] {
    return this.values.map(each);
  }

  [Symbol.iterator](): Iterator<Of<E>> {
    return this.values[Symbol.iterator]();
  }

  /** The element at an index that is itself hardware; a vec of vecs has none. */
  select(index: Int): E extends IntType ? Int : E extends BitsType ? Bits : E extends BoolType ? Bool : never;
  select(index: Int): Int | Bits | Bool {
    const values: readonly unknown[] = this.values;
    const ints = values.filter(each => each instanceof Int);
    if (ints.length === values.length) return select(index, ints);
    const patterns = values.filter(each => each instanceof Bits);
    if (patterns.length === values.length) return select(index, patterns);
    const flags = values.filter(each => each instanceof Bool);
    if (flags.length === values.length) return select(index, flags);
    fail('HDL104', `an element of a vec of ${typeText(this.element)} is selected`, 'select takes elements of an integer, bits or bool type; combine others with mux');
  }

  /** All elements side by side, element 0 in the low bits. */
  bits(): Bits {
    const parts = flatten(this);
    return cat(...parts.map(part => part.bits()).reverse());
  }
}

/** The scalars of a value in order: elements from 0, fields as they are written. */
export function flatten(value: unknown): readonly (Int | Bits | Bool | Enum)[] {
  if (value instanceof Int || value instanceof Bits || value instanceof Bool || value instanceof Enum) return [value];
  if (value instanceof Vec) return [...(value as Iterable<unknown>)].flatMap(flatten);
  return isRecord(value) || Array.isArray(value) ? Object.values(value).flatMap(flatten) : [];
}

/** A plain object: the value of a bundle. */
function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The type of a value; of a record of values a bundle. */
export function typeOfValue(value: unknown): Type {
  if (value instanceof Int || value instanceof Bits || value instanceof Bool || value instanceof Enum) return value.type;
  if (value instanceof Vec) return vec(value.length, value.element);
  if (isRecord(value)) {
    return bundle(Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, typeOfValue(inner)])));
  }
  fail('HDL104', 'something that is not a value is delayed', 'a delay takes values, and vecs and bundles of them');
}

/** Names the place that a value goes to, in messages. */
export interface Destination {
  readonly name: string;
  readonly site?: Site | undefined;
  /** What the value is called, such as `reset value`. */
  readonly what?: string;
}

/** The value as an expression that `type` holds; HDL104 where it does not fit. */
export function coerce(like: unknown, type: ScalarType, destination: Destination): Expression {
  const value = expressionOf(like, type, destination);
  const fits = type.kind === 'int'
    ? value instanceof Int && contains(type, boundsOf(value))
    : sameType(value.type, type);
  if (fits) return value;
  const declared = destination.site === undefined ? '' : ` (declared at ${destination.site.place()})`;
  fail('HDL104',
    `${destination.what ?? 'value'} of type ${typeText(value.type)} does not fit '${destination.name}' of type ${typeText(type)}${declared}`,
    hintFor(value, type, destination.name));
}

function hintFor(value: Expression, type: ScalarType, name: string): string {
  if (type.kind === 'int' && value instanceof Int) {
    if (value.constant !== undefined) return `'${name}' takes ${type.min} to ${type.max}`;
    return `use .saturate(type) or .wrap(${type.width}), or widen '${name}'`;
  }
  if (type.kind === 'int') {
    if (value instanceof Bits) return 'use .asU() or .asS() to read a pattern as a number';
    return value instanceof Bool ? 'use .asU() to read a flag as 0 or 1' : 'use .bits().asU() to read the code as a number';
  }
  if (type.kind === 'bool') {
    if (value instanceof Bits) return 'use .bit(index), .reduceOr() or .reduceAnd()';
    if (value instanceof Int) return 'compare it, such as with .ne(0)';
  }
  if (type.kind === 'bits' && !(value instanceof Bits)) return 'use .bits() to take the pattern';
  return `give a value of type ${typeText(type)}`;
}

function expressionOf(like: unknown, type: ScalarType, destination: Destination): Expression {
  if (like instanceof Int || like instanceof Bits || like instanceof Bool || like instanceof Enum) return like;
  if (typeof like === 'number' || typeof like === 'bigint') {
    return type.kind === 'bits' ? literalBits(like, type.width) : int(like);
  }
  if (typeof like === 'boolean') return literalBool(like);
  if (typeof like === 'string' && type.kind === 'enum') return literalEnum(type, like);
  fail('HDL104', `'${destination.name}' of type ${typeText(type)} is given something that is not a value`, `give a value of type ${typeText(type)}`);
}

/** One scalar of a structured type: where it stands and what it is called. */
export interface Leaf {
  /** Name of the Verilog signal: the given name, and `_FIELD` for each bundle on the way. */
  readonly name: string;
  readonly type: ScalarType | VecType;
}

/** The Verilog signals of a type: a vec is one packed signal, each field of a bundle is one of its own. */
export function leavesOf(name: string, type: Type): readonly Leaf[] {
  if (type.kind !== 'bundle') return [{ name, type }];
  return Object.entries(type.fields).flatMap(([field, inner]) => leavesOf(`${name}_${field}`, inner));
}
