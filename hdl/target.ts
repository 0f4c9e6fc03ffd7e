import { fail } from './error.js';
import type { Expression } from './expression.js';
import { readNode } from './memory.js';
import { meant } from './nearest.js';
import type { Scope } from './scope.js';
import type { Signal } from './signal.js';
import { Site } from './site.js';
import type { BundleType, ScalarType, Type, VecElement, VecType } from './type.js';
import { Vec, coerce, type Like, type Of } from './value.js';

/** Something that is given a value: an output, a wire or a register. */
export interface Target<T> {
  readonly type: T;
  /** Gives it its one value, always. A second `drive` is an error. */
  drive(value: Like<T>): void;
  /** Gives it a value where the surrounding `when` and `switch` hold; the last assignment wins. */
  set(value: Like<T>): void;
}

/** A target whose value can be read. */
export interface Variable<T> extends Target<T> {
  /** Its value; of a register the one before the next edge. */
  readonly q: Of<T>;
}

/** A vec whose elements are targets. */
export interface VecTarget<E extends VecElement> extends Target<VecType<E>> {
  /** Element `index`. */
  at(index: number): TargetOf<E>;
}

/** What an output of type `T` is inside a `build`. */
export type TargetOf<T> =
  T extends VecType<infer E> ? VecTarget<E>
    : T extends BundleType<infer F> ? { readonly [K in keyof F]: TargetOf<F[K]> } & Target<T>
      : Target<T>;

/** What a wire or register of type `T` is inside a `build`. */
export type VariableOf<T> =
  T extends BundleType<infer F> ? { readonly [K in keyof F]: VariableOf<F[K]> } & Variable<T>
    : T extends VecType<infer E> ? VecTarget<E> & Variable<T>
      : Variable<T>;

/** Some bits of a signal that hold one scalar. */
export interface Slot {
  readonly signal: Signal;
  readonly low: number;
  readonly type: ScalarType;
  /** What it is called in messages. */
  readonly label: string;
}

/** A value whose scalars stand in slots, shaped like its type: a slot, a list for a vec, a record for a bundle. */
export type Shape = Slot | readonly Shape[] | { readonly [field: string]: Shape };

/** Lays a type out over signals made on demand: one for each leaf, or one for each scalar where `split` is set. */
export function layOut(
  name: string, type: Type, split: boolean, make: (name: string, type: ScalarType | VecType) => Signal,
): Shape {
  if (type.kind === 'bundle') {
    return Object.fromEntries(Object.entries(type.fields).map(([field, inner]) =>
      [field, layOut(`${name}_${field}`, inner, split, make)]));
  }
  if (type.kind === 'vec' && split) {
    return Array.from({ length: type.count }, (_, i) => layOut(`${name}_${i}`, type.element, split, make));
  }
  return pack(make(name, type), 0, type, name);
}

function pack(signal: Signal, low: number, type: ScalarType | VecType, label: string): Shape {
  if (type.kind !== 'vec') return { signal, low, type, label };
  const { element } = type;
  return Array.from({ length: type.count }, (_, i) => pack(signal, low + i * element.width, element, `${label}[${i}]`));
}

export function isSlot(shape: Shape): shape is Slot {
  return 'signal' in shape && 'low' in shape && typeof shape.low === 'number';
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

/** Reads a laid-out value. */
export function readShape<T extends Type>(shape: Shape, type: T): Of<T>;
export function readShape(shape: Shape, type: Type): unknown {
  if (isSlot(shape)) return readNode(shape.signal, shape.low, shape.type);
  if (isList(shape)) {
    const element = type.kind === 'vec' ? type.element : undefined;
    if (element === undefined) throw new TypeError('a list of slots is laid out for a vec');
    return new Vec(element, shape.map(each => readShape(each, element)));
  }
  const fields = type.kind === 'bundle' ? type.fields : {};
  return Object.fromEntries(Object.entries(fields).map(([field, inner]) => {
    const part = shape[field];
    if (part === undefined) throw new TypeError(`field ${field} is not laid out`);
    return [field, readShape(part, inner)];
  }));
}

/** A handle by which a `build` drives a laid-out value, and reads it where `readable`. */
export function targetFor<T extends Type>(scope: Scope, shape: Shape, type: T): VariableOf<T>;
export function targetFor(scope: Scope, shape: Shape, type: Type): unknown {
  const inner = isSlot(shape) ? {}
    : isList(shape) ? { at: (index: number) => elementTarget(scope, shape, type, index) }
      : Object.fromEntries(Object.entries(type.kind === 'bundle' ? type.fields : {}).map(([field, fieldType]) =>
        [field, targetFor(scope, partOf(shape, field), fieldType)]));
  return {
    ...inner,
    type,
    get q(): unknown { return readShape(shape, type); },
    drive(value: unknown): void {
      const site = new Site();
      assign(shape, value, (slot, expression) => scope.drive(slot, expression, site));
    },
    set(value: unknown): void {
      const site = new Site();
      assign(shape, value, (slot, expression) => scope.set(slot, expression, site));
    },
  };
}

function elementTarget(scope: Scope, shape: readonly Shape[], type: Type, index: number): unknown {
  const part = shape[index];
  if (part === undefined || type.kind !== 'vec') {
    fail('HDL110', `element ${index} is asked of a vec of ${shape.length}`, `the elements are counted from 0 to ${shape.length - 1}`);
  }
  return targetFor(scope, part, type.element);
}

function partOf(shape: Shape, field: string): Shape {
  const part = isSlot(shape) || isList(shape) ? undefined : shape[field];
  if (part === undefined) throw new TypeError(`field ${field} is not laid out`);
  return part;
}

/** Gives each slot of `shape` its part of `value`, which messages call `what`. */
export function assign(shape: Shape, value: unknown, give: (slot: Slot, expression: Expression) => void, what = 'value'): void {
  if (isSlot(shape)) {
    give(shape, coerce(value, shape.type, { name: shape.label, site: shape.signal.site, what }));
  } else if (isList(shape)) {
    const elements = typeof value === 'object' && value !== null && Symbol.iterator in value
      ? [...(value as Iterable<unknown>)] : [];
    if (elements.length !== shape.length) {
      fail('HDL104', `'${labelOf(shape)}' of ${shape.length} elements is given ${elements.length}`, 'give one value for each element');
    }
    shape.forEach((part, i) => assign(part, elements[i], give, what));
  } else {
    const fields = typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : {};
    const names = Object.keys(shape);
    const unknown = Object.keys(fields).find(field => !names.includes(field));
    if (unknown !== undefined) fail('HDL104', `a bundle is given a field '${unknown}', which it does not have`, `${meant(unknown, names)}its fields are ${names.join(', ')}`);
    for (const [field, part] of Object.entries(shape)) {
      if (!(field in fields)) fail('HDL104', `a bundle is given no field '${field}'`, `its fields are ${names.join(', ')}`);
      assign(part, fields[field], give, what);
    }
  }
}

/** Gives every slot of `shape` the same constant: a number is false or true for a bool and a name's code for an enumeration. */
export function assignEach(
  shape: Shape, value: number | bigint | boolean, give: (slot: Slot, expression: Expression) => void, what = 'value',
): void {
  if (isSlot(shape)) assign(shape, constantOf(shape.type, value), give, what);
  else for (const part of Object.values(shape)) assignEach(part, value, give, what);
}

function constantOf(type: ScalarType, value: number | bigint | boolean): unknown {
  const code = Number(value);
  if (type.kind === 'bool') return code === 0 || code === 1 ? code === 1 : value;
  if (type.kind === 'enum') return type.names[code] ?? value;
  return typeof value === 'boolean' ? code : value;
}

/** The name of the first scalar, for messages. */
function labelOf(shape: Shape): string {
  if (isSlot(shape)) return shape.signal.name;
  const [first] = Object.values(shape);
  return first === undefined ? '' : labelOf(first);
}
