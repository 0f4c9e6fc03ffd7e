import { TestbenchError } from './errors.js';

/** The elements of a tensor: integers of one width, or floats that were all found integral. */
export type NpyData =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;

/** A tensor as NumPy's NPY format holds it. */
export interface NpyTensor {
  /** Empty for a single number. */
  readonly shape: readonly number[];
  /** NumPy's name of the element type in the file: `int8`, `uint16`, `bool`, `float32`. */
  readonly type: string;
  /** In C order (last index fastest), whatever the order in the file. Truth values are 0 and 1; half-precision floats come as Float32Array. */
  readonly data: NpyData;
}

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly create: (length: number) => NpyData;
  /** Reads element `index` of the file into element `to` of the array that `create` made. */
  readonly copy: (view: DataView, length: number, littleEndian: boolean) => NpyData;
}

/** Copies with one closure for each element type, so that each loop sees arrays of one class. */
function elementType<T extends NpyData>(
  name: string, bytes: number, create: (length: number) => T, read: (view: DataView, at: number, littleEndian: boolean) => T[number],
): ElementType {
  const copy = (view: DataView, length: number, littleEndian: boolean): NpyData => {
    const data = create(length);
    for (let index = 0; index < length; index++) data[index] = read(view, index * bytes, littleEndian);
    return data;
  };
  return { name, bytes, create, copy };
}

/** Element types by NumPy's code: kind and bytes. */
const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ['b1', elementType('bool', 1, n => new Uint8Array(n), (view, at) => (view.getUint8(at) === 0 ? 0 : 1))],
  ['i1', elementType('int8', 1, n => new Int8Array(n), (view, at) => view.getInt8(at))],
  ['u1', elementType('uint8', 1, n => new Uint8Array(n), (view, at) => view.getUint8(at))],
  ['i2', elementType('int16', 2, n => new Int16Array(n), (view, at, little) => view.getInt16(at, little))],
  ['u2', elementType('uint16', 2, n => new Uint16Array(n), (view, at, little) => view.getUint16(at, little))],
  ['i4', elementType('int32', 4, n => new Int32Array(n), (view, at, little) => view.getInt32(at, little))],
  ['u4', elementType('uint32', 4, n => new Uint32Array(n), (view, at, little) => view.getUint32(at, little))],
  ['i8', elementType('int64', 8, n => new BigInt64Array(n), (view, at, little) => view.getBigInt64(at, little))],
  ['u8', elementType('uint64', 8, n => new BigUint64Array(n), (view, at, little) => view.getBigUint64(at, little))],
  ['f2', elementType('float16', 2, n => new Float32Array(n), (view, at, little) => halfValue(view.getUint16(at, little)))],
  ['f4', elementType('float32', 4, n => new Float32Array(n), (view, at, little) => view.getFloat32(at, little))],
  ['f8', elementType('float64', 8, n => new Float64Array(n), (view, at, little) => view.getFloat64(at, little))],
]);

/** The value of an IEEE 754 half-precision code. */
function halfValue(code: number): number {
  const exponent = (code >> 10) & 31;
  const mantissa = code & 1023;
  const sign = code >> 15 === 0 ? 1 : -1;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}

const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
const acceptedTypes = 'bool, int8 to int64, uint8 to uint64, and floats whose values are all whole numbers';

/**
 * Reads a tensor of integers from the bytes of an NPY file of version 1, 2 or 3 (NumPy Enhancement Proposal 1 and `numpy.lib.format`): either
 * byte order, C or Fortran order. Floats are taken where every value is a whole number.
 * @param where names the file in messages
 * @throws TestbenchError of kind 'usage' for bytes that are no NPY file, a file cut short or with bytes too many, another element type, or a
 *   float that is no whole number (with the index of the first)
 */
export function readNpy(bytes: Uint8Array, where: string): NpyTensor {
  const { header, begin } = readHeader(bytes, where);
  const { type, littleEndian } = typeOf(header, where);
  const shape = shapeOf(header, where);
  const length = shape.reduce((product, size) => product * size, 1);
  const needed = length * type.bytes;
  const there = bytes.length - begin;
  if (there !== needed) {
    const how = there < needed ? 'is cut short' : 'has bytes too many';
    throw usage(`${where} ${how}: its shape ${shapeText(shape)} of ${type.name} needs ${needed} bytes of data, and ${there} are there.`);
  }
  const stored = type.copy(new DataView(bytes.buffer, bytes.byteOffset + begin, needed), length, littleEndian);
  const data = header.get('fortran_order') === true && shape.length > 1 ? inCOrder(stored, shape, type.create) : stored;
  if (data instanceof Float32Array || data instanceof Float64Array) checkIntegral(data, shape, type.name, where);
  return { shape, type: type.name, data };
}

/** A shape as NumPy writes it: `(100, 16)`, `(100,)`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape.join('')},)` : `(${shape.join(', ')})`;
}

/** The position of element `index` (in C order) in a tensor, as `[3, 12]`. */
export function indexText(index: number, shape: readonly number[]): string {
  let rest = index;
  const position = shape.toReversed().map(size => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return `[${position.reverse().join(', ')}]`;
}

function checkIntegral(data: Float32Array | Float64Array, shape: readonly number[], type: string, where: string): void {
  const index = data.findIndex(value => !Number.isInteger(value));
  if (index >= 0) {
    throw usage(`${where} holds ${type}, and its element ${indexText(index, shape)} is ${data[index]}: only whole numbers are accepted.`);
  }
}

/** Elements that lie first index fastest, with the last index fastest. */
function inCOrder(stored: NpyData, shape: readonly number[], create: (length: number) => NpyData): NpyData {
  const data = create(stored.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = stored[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [at = 0, size = 0, stride = 0] = [position[axis], shape[axis], strides[axis]];
      if (at + 1 < size) {
        position[axis] = at + 1;
        from += stride;
        break;
      }
      position[axis] = 0;
      from -= at * stride;
    }
  }
  return data;
}

type Literal = string | number | boolean | undefined | readonly Literal[] | ReadonlyMap<string, Literal>;
type Header = ReadonlyMap<string, Literal>;

function readHeader(bytes: Uint8Array, where: string): { readonly header: Header; readonly begin: number } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.length > 0 && !magic.subarray(0, file.length).equals(file.subarray(0, magic.length))) {
    throw usage(`${where} is no NPY file: it does not begin with the bytes 93 4E 55 4D 50 59.`);
  }
  const cutShort = (): TestbenchError => usage(`${where} is cut short: it ends after ${file.length} bytes, inside its header.`);
  if (file.length < 10) throw cutShort();
  const version = file.readUInt8(6);
  if (version < 1 || version > 3) throw usage(`${where} is an NPY file of version ${version}.${file.readUInt8(7)}; versions 1, 2 and 3 are read.`);
  const [lengthBytes, encoding] = [version === 1 ? 2 : 4, version === 3 ? 'utf8' : 'latin1'] as const;
  const textBegin = 8 + lengthBytes;
  if (file.length < textBegin) throw cutShort();
  const begin = textBegin + file.readUIntLE(8, lengthBytes);
  if (file.length < begin) throw cutShort();
  const header = new LiteralReader(file.toString(encoding, textBegin, begin)).read();
  if (!(header instanceof Map)) throw usage(`${where} has a header that is not one of NPY: a Python dictionary with descr, fortran_order and shape belongs there.`);
  return { header, begin };
}

function typeOf(header: Header, where: string): { readonly type: ElementType; readonly littleEndian: boolean } {
  const descr = header.get('descr');
  if (typeof descr !== 'string') throw usage(`${where} holds structured elements; accepted are ${acceptedTypes}.`);
  const [, order = '', code = ''] = /^([<>=|]?)(.*)$/s.exec(descr) ?? [];
  const type = elementTypes.get(code);
  if (type === undefined) throw usage(`${where} holds elements of type '${descr}'; accepted are ${acceptedTypes}.`);
  return { type, littleEndian: order !== '>' };
}

function shapeOf(header: Header, where: string): readonly number[] {
  const shape = header.get('shape');
  const sizes = Array.isArray(shape) ? shape.filter((size: Literal): size is number => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) : [];
  if (!Array.isArray(shape) || sizes.length !== shape.length) throw usage(`${where} has a header without a shape.`);
  return sizes;
}

/** Reads the Python literal of a header: a dictionary of strings, truth values, numbers, tuples and lists. */
class LiteralReader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The literal, or undefined where the text is none. */
  read(): Literal {
    const value = this.value();
    this.skip(/\s*/y);
    return this.at === this.text.length ? value : undefined;
  }

  private skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found;
  }

  private value(): Literal {
    this.skip(/\s*/y);
    const word = this.skip(/'[^']*'|"[^"]*"|True|False|-?\d+L?|[([{]/y);
    switch (word) {
      case undefined: return undefined;
      case 'True': return true;
      case 'False': return false;
      case '(': return this.list(')');
      case '[': return this.list(']');
      case '{': return this.dictionary();
      default: return /^['"]/.test(word) ? word.slice(1, -1) : Number.parseInt(word, 10);
    }
  }

  private list(end: string): Literal {
    const items: Literal[] = [];
    while (!this.ends(end)) {
      const item = this.value();
      if (item === undefined) return undefined;
      items.push(item);
      if (this.skip(/\s*,/y) === undefined) return this.ends(end) ? items : undefined;
    }
    return items;
  }

  private dictionary(): Literal {
    const entries = new Map<string, Literal>();
    while (!this.ends('}')) {
      const key = this.value();
      if (typeof key !== 'string' || this.skip(/\s*:/y) === undefined) return undefined;
      entries.set(key, this.value());
      if (this.skip(/\s*,/y) === undefined) return this.ends('}') ? entries : undefined;
    }
    return entries;
  }

  private ends(end: string): boolean {
    this.skip(/\s*/y);
    if (this.text[this.at] !== end) return false;
    this.at++;
    return true;
  }
}

/** NumPy's type code for each array class, in the byte order that is written. */
function codeOf(data: NpyData): string {
  if (data instanceof Int8Array) return '|i1';
  if (data instanceof Uint8Array) return '|u1';
  if (data instanceof Int16Array) return '<i2';
  if (data instanceof Uint16Array) return '<u2';
  if (data instanceof Int32Array) return '<i4';
  if (data instanceof Uint32Array) return '<u4';
  if (data instanceof BigInt64Array) return '<i8';
  if (data instanceof BigUint64Array) return '<u8';
  return data instanceof Float32Array ? '<f4' : '<f8';
}

/**
 * The bytes of an NPY file of version 1, little-endian, C order.
 * @param data the elements, last index fastest
 * @throws RangeError where the shape does not hold as many elements
 */
export function writeNpy(shape: readonly number[], data: NpyData): Uint8Array {
  const length = shape.reduce((product, size) => product * size, 1);
  if (length !== data.length) throw new RangeError(`The shape ${shapeText(shape)} does not hold ${data.length} elements.`);
  const text = `{'descr': '${codeOf(data)}', 'fortran_order': False, 'shape': ${shapeText(shape)}, }`;
  // The data begin at a multiple of 64 bytes, after a newline.
  const padding = 63 - ((10 + text.length) % 64);
  const header = Buffer.from(`${text}${' '.repeat(padding)}\n`, 'latin1');
  const prefix = Buffer.concat([magic, Buffer.from([1, 0, header.length & 255, header.length >> 8])]);
  return Buffer.concat([prefix, header, littleEndianBytes(data)]);
}

function littleEndianBytes(data: NpyData): Uint8Array {
  const bytes = Buffer.from(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  const hostIsLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (hostIsLittle) return bytes;
  if (data.BYTES_PER_ELEMENT === 2) return bytes.swap16();
  if (data.BYTES_PER_ELEMENT === 4) return bytes.swap32();
  return data.BYTES_PER_ELEMENT === 8 ? bytes.swap64() : bytes;
}

function usage(message: string): TestbenchError {
  return new TestbenchError('usage', message);
}
