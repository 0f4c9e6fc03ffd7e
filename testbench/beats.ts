/**
 * The elements of one port over many beats, beat-major: element e of beat b is at `b * elements + e`.
 * Elements to 32 bits are in an `Int32Array` or a `Uint32Array` by their sign, to 64 bits in a `BigInt64Array` or a `BigUint64Array`,
 * wider ones in an array of `bigint`.
 */
export type PortData = Int32Array | Uint32Array | BigInt64Array | BigUint64Array | readonly bigint[];

/** The beats of one stream: `count` of them, the payload by port name. */
export interface Beats {
  readonly count: number;
  readonly ports: Readonly<Record<string, PortData>>;
}

/** Beats by stream name. */
export type Streams = Readonly<Record<string, Beats>>;

/** What decides the array type of a port. */
export interface ElementFormat {
  readonly elements: number;
  readonly elementWidth: number;
  readonly signed: boolean;
}

/** `PortData` that can be written. */
export type WritablePortData = Int32Array | Uint32Array | BigInt64Array | BigUint64Array | bigint[];

/** The array of zeros that holds `beats` beats of a port of this format. */
export function createPortData(format: ElementFormat, beats: number): WritablePortData {
  const length = beats * format.elements;
  if (format.elementWidth <= 32) return format.signed ? new Int32Array(length) : new Uint32Array(length);
  if (format.elementWidth <= 64) return format.signed ? new BigInt64Array(length) : new BigUint64Array(length);
  return new Array<bigint>(length).fill(0n);
}

/** Element `index` of a port as a bigint. Throws a RangeError outside the data. */
export function elementAt(data: PortData, index: number): bigint {
  const value = data[index];
  if (value === undefined) throw new RangeError(`Element ${index} of ${data.length} was asked for.`);
  return typeof value === 'bigint' ? value : BigInt(value);
}

/** A port's data as an array of bigints. */
export function toBigints(data: PortData): readonly bigint[] {
  return Array.from<number | bigint, bigint>(data, value => BigInt(value));
}

/** Port data of a format from any integers. Throws a RangeError for an integer that the format does not hold. */
export function fromIntegers(format: ElementFormat, values: readonly (number | bigint)[]): PortData {
  const data = createPortData(format, values.length / format.elements);
  values.forEach((value, index) => {
    const integer = BigInt(value);
    const held = format.signed ? BigInt.asIntN(format.elementWidth, integer) : BigInt.asUintN(format.elementWidth, integer);
    if (held !== integer) throw new RangeError(`${integer} does not fit ${format.signed ? 'signed' : 'unsigned'} ${format.elementWidth} bits.`);
    if (data instanceof Int32Array || data instanceof Uint32Array) data[index] = Number(integer);
    else data[index] = integer;
  });
  return data;
}

/** Elements first .. end - 1 of a port. A typed array gives a view, not a copy. */
export function slicePort(data: PortData, first: number, end: number): PortData {
  return isList(data) ? data.slice(first, end) : data.subarray(first, end);
}

function isList(data: PortData): data is readonly bigint[] {
  return Array.isArray(data);
}

/** Beats first .. end - 1 of a stream (views where the arrays are typed). */
export function sliceBeats(beats: Beats, first: number, end: number): Beats {
  const ports = Object.fromEntries(Object.entries(beats.ports).map(([name, data]) => {
    const elements = beats.count === 0 ? 0 : data.length / beats.count;
    return [name, slicePort(data, first * elements, end * elements)];
  }));
  return { count: end - first, ports };
}

/** Beats first .. end - 1 of every stream. */
export function sliceStreams(streams: Streams, first: number, end: number): Streams {
  return Object.fromEntries(Object.entries(streams).map(([name, beats]) => [name, sliceBeats(beats, Math.min(first, beats.count), Math.min(end, beats.count))]));
}

function joinPort(parts: readonly PortData[]): PortData {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const [head] = parts;
  const copyInto = <T extends Int32Array | Uint32Array | BigInt64Array | BigUint64Array>(target: T, write: (target: T, part: PortData, at: number) => void): T => {
    let at = 0;
    for (const part of parts) {
      write(target, part, at);
      at += part.length;
    }
    return target;
  };
  const mixed = (): never => {
    throw new TypeError('Only port data of one array type can be joined.');
  };
  if (head instanceof Int32Array) return copyInto(new Int32Array(length), (target, part, at) => part instanceof Int32Array ? target.set(part, at) : mixed());
  if (head instanceof Uint32Array) return copyInto(new Uint32Array(length), (target, part, at) => part instanceof Uint32Array ? target.set(part, at) : mixed());
  if (head instanceof BigInt64Array) return copyInto(new BigInt64Array(length), (target, part, at) => part instanceof BigInt64Array ? target.set(part, at) : mixed());
  if (head instanceof BigUint64Array) return copyInto(new BigUint64Array(length), (target, part, at) => part instanceof BigUint64Array ? target.set(part, at) : mixed());
  return parts.flatMap(part => (isList(part) ? part : mixed()));
}

/** The beats of all parts, in order. All parts must have the same ports with the same array types; an empty list gives no beats. */
export function joinBeats(parts: readonly Beats[]): Beats {
  const [head] = parts;
  if (head === undefined) return { count: 0, ports: {} };
  const ports = Object.fromEntries(Object.keys(head.ports).map(name => [name, joinPort(parts.map(part => {
    const data = part.ports[name];
    if (data === undefined) throw new TypeError(`Port ${name} is missing in a part that is joined.`);
    return data;
  }))]));
  return { count: parts.reduce((sum, part) => sum + part.count, 0), ports };
}

/** The streams of all parts, joined by name. */
export function joinStreams(parts: readonly Streams[]): Streams {
  const names = [...new Set(parts.flatMap(part => Object.keys(part)))];
  return Object.fromEntries(names.map(name => [name, joinBeats(parts.flatMap(part => {
    const beats = part[name];
    return beats === undefined ? [] : [beats];
  }))]));
}

/** How many beats all streams have together. */
export function allBeats(streams: Streams): number {
  return Object.values(streams).reduce((sum, { count }) => sum + count, 0);
}
