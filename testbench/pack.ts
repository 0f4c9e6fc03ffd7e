import { createPortData, type Beats, type PortData, type WritablePortData } from './beats.js';
import { TestbenchError } from './errors.js';
import type { ManifestPort } from './manifest.js';

/**
 * How a beat lies in 32-bit words: the payload ports in order, each in ceil(width / 32) words, bit 0 of a port in bit 0 of its first word, element e of
 * width W at bit e * W of the port, unused high bits zero. This is what the simulation driver reads and writes.
 */
export interface BeatLayout {
  readonly ports: readonly PortLayout[];
  /** Words of one beat. */
  readonly words: number;
}

export interface PortLayout {
  readonly port: Pick<ManifestPort, 'name' | 'width' | 'elements' | 'elementWidth' | 'signed'>;
  /** First word of the port in a beat. */
  readonly at: number;
}

/** Beats whose arrays can be written. */
export interface WritableBeats extends Beats {
  readonly ports: Readonly<Record<string, WritablePortData>>;
}

/** The layout of a stream's beats from its payload ports. */
export function layOut(ports: readonly PortLayout['port'][]): BeatLayout {
  let words = 0;
  const placed = ports.map(port => {
    const at = words;
    words += Math.ceil(port.width / 32);
    return { port, at };
  });
  return { ports: placed, words };
}

function checkHost(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) throw new TestbenchError('tool', 'The testbench runs on little-endian machines only.');
}
checkHost();

/** Reads one element of 32 bits or less at a time. The words of a typed array that was made for the layout are all there, hence the `?? 0`s never count. */
function unpackNarrow(words: Uint32Array, layout: BeatLayout, { port, at }: PortLayout, beats: number, target: Int32Array | Uint32Array): void {
  const { elements, elementWidth: width } = port;
  const shift = 32 - width;
  let out = 0;
  for (let beat = 0; beat < beats; beat++) {
    const base = beat * layout.words + at;
    for (let element = 0, bit = 0; element < elements; element++, bit += width) {
      const word = base + (bit >>> 5);
      const offset = bit & 31;
      let value = (words[word] ?? 0) >>> offset;
      if (offset + width > 32) value |= (words[word + 1] ?? 0) << (32 - offset);
      // Signed: the sign is spread; unsigned: a Uint32Array keeps the low 32 bits, which the logical shift cleared.
      target[out++] = port.signed ? (value << shift) >> shift : (value << shift) >>> shift;
    }
  }
}

/** Bytes and halfwords lie on their own boundaries: copied through a view of that size. */
function unpackAligned(source: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array, perWord: number, layout: BeatLayout, { port, at }: PortLayout,
  beats: number, target: Int32Array | Uint32Array): void {
  const { elements } = port;
  const stride = layout.words * perWord;
  if (stride === elements) {
    target.set(source.subarray(0, beats * elements));
    return;
  }
  let out = 0;
  for (let beat = 0, base = at * perWord; beat < beats; beat++, base += stride) {
    for (let element = 0; element < elements; element++) target[out++] = source[base + element] ?? 0;
  }
}

function viewOf(words: Uint32Array, width: number, signed: boolean): Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | undefined {
  const { buffer, byteOffset, byteLength } = words;
  switch (width) {
    case 8: return signed ? new Int8Array(buffer, byteOffset, byteLength) : new Uint8Array(buffer, byteOffset, byteLength);
    case 16: return signed ? new Int16Array(buffer, byteOffset, byteLength / 2) : new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 32: return signed ? new Int32Array(buffer, byteOffset, byteLength / 4) : words;
    default: return undefined;
  }
}

/** Elements of 33 to 64 bits: two halves each, written through a view of 32-bit words, with the sign spread into the upper one. */
function unpackWide(words: Uint32Array, layout: BeatLayout, { port, at }: PortLayout, beats: number, target: BigInt64Array | BigUint64Array): void {
  const halves = new Uint32Array(target.buffer, target.byteOffset, target.length * 2);
  const { elements, elementWidth: width } = port;
  const shift = 64 - width;
  const read = (base: number, bit: number): number => {
    const word = base + (bit >>> 5);
    const offset = bit & 31;
    return offset === 0 ? (words[word] ?? 0) : ((words[word] ?? 0) >>> offset) | ((words[word + 1] ?? 0) << (32 - offset));
  };
  let out = 0;
  for (let beat = 0; beat < beats; beat++) {
    const base = beat * layout.words + at;
    for (let element = 0, bit = 0; element < elements; element++, bit += width) {
      const upper = read(base, bit + 32) << shift;
      halves[out++] = read(base, bit);
      halves[out++] = port.signed ? upper >> shift : upper >>> shift;
    }
  }
}

function readBits(words: Uint32Array, first: number, bit: number, width: number): bigint {
  let value = 0n;
  const start = bit >>> 5;
  const end = (bit + width + 31) >>> 5;
  for (let word = end - 1; word >= start; word--) value = (value << 32n) | BigInt(words[first + word] ?? 0);
  return BigInt.asUintN(width, value >> BigInt(bit & 31));
}

function unpackHuge(words: Uint32Array, layout: BeatLayout, { port, at }: PortLayout, beats: number, target: bigint[]): void {
  const { elements, elementWidth: width } = port;
  for (let beat = 0, out = 0; beat < beats; beat++) {
    for (let element = 0; element < elements; element++) {
      const value = readBits(words, beat * layout.words + at, element * width, width);
      target[out++] = port.signed ? BigInt.asIntN(width, value) : value;
    }
  }
}

/**
 * The beats that lie in `words`, which hold a whole number of them. The result does not share memory with `words`.
 * @param over beats of the same layout and count whose arrays are written over, in the place of new ones
 */
export function unpack(words: Uint32Array, layout: BeatLayout, over?: WritableBeats): WritableBeats {
  const count = layout.words === 0 ? 0 : words.length / layout.words;
  if (!Number.isInteger(count)) throw new TestbenchError('tool', `${words.length} words are not a whole number of beats of ${layout.words} words.`);
  const ports = Object.fromEntries(layout.ports.map(placed => {
    const target = over?.count === count ? over.ports[placed.port.name] ?? createPortData(placed.port, count) : createPortData(placed.port, count);
    unpackPort(words, layout, placed, count, target);
    return [placed.port.name, target];
  }));
  return { count, ports };
}

/**
 * The same for words that nobody needs any more: where a beat is one word of one element, they become the result, without a copy.
 */
export function unpackOver(words: Uint32Array, layout: BeatLayout): Beats {
  const [only] = layout.ports;
  if (layout.words !== 1 || only?.port.elements !== 1) return unpack(words, layout);
  const { name, elementWidth, signed } = only.port;
  // The driver leaves the bits above the port 0.
  if (!signed) return { count: words.length, ports: { [name]: words } };
  const values = new Int32Array(words.buffer, words.byteOffset, words.length);
  const shift = 32 - elementWidth;
  for (let beat = 0; beat < values.length; beat++) values[beat] = ((values[beat] ?? 0) << shift) >> shift;
  return { count: words.length, ports: { [name]: values } };
}

function unpackPort(words: Uint32Array, layout: BeatLayout, placed: PortLayout, count: number, target: WritablePortData): void {
  if (Array.isArray(target)) return unpackHuge(words, layout, placed, count, target);
  if (target instanceof BigInt64Array || target instanceof BigUint64Array) return unpackWide(words, layout, placed, count, target);
  const { elementWidth, signed } = placed.port;
  const view = placed.port.width % 32 === 0 ? viewOf(words, elementWidth, signed) : undefined;
  if (view === undefined) return unpackNarrow(words, layout, placed, count, target);
  return unpackAligned(view, 32 / elementWidth, layout, placed, count, target);
}

function misfit(port: PortLayout['port'], index: number, value: number | bigint): TestbenchError {
  const [low, high] = port.signed ? [-(1n << BigInt(port.elementWidth - 1)), (1n << BigInt(port.elementWidth - 1)) - 1n] : [0n, (1n << BigInt(port.elementWidth)) - 1n];
  return new TestbenchError('usage', `Element ${index % port.elements} of beat ${Math.floor(index / port.elements)} of ${port.name} is ${value}; allowed are ${low} .. ${high}.`);
}

function packNarrow(data: Int32Array | Uint32Array, layout: BeatLayout, { port, at }: PortLayout, beats: number, words: Uint32Array): void {
  const { elements, elementWidth: width } = port;
  const shift = 32 - width;
  for (let beat = 0, from = 0; beat < beats; beat++) {
    const base = beat * layout.words + at;
    for (let element = 0, bit = 0; element < elements; element++, bit += width) {
      const given = data[from++] ?? 0;
      const value = (given << shift) >>> shift;
      if ((port.signed ? (given << shift) >> shift : value) !== given) throw misfit(port, from - 1, given);
      const word = base + (bit >>> 5);
      const offset = bit & 31;
      words[word] = (words[word] ?? 0) | (value << offset);
      if (offset + width > 32) words[word + 1] = (words[word + 1] ?? 0) | (value >>> (32 - offset));
    }
  }
}

/** Bytes, halfwords and words on their own boundaries. */
function packAligned(view: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array, perWord: number, data: Int32Array | Uint32Array, layout: BeatLayout,
  { port, at }: PortLayout, beats: number): void {
  const { elements } = port;
  const stride = layout.words * perWord;
  for (let beat = 0, from = 0, base = at * perWord; beat < beats; beat++, base += stride) {
    for (let element = 0; element < elements; element++) {
      const given = data[from++] ?? 0;
      view[base + element] = given;
      if (view[base + element] !== given) throw misfit(port, from - 1, given);
    }
  }
}

function writeBits(words: Uint32Array, first: number, bit: number, width: number, value: bigint): void {
  let rest = BigInt.asUintN(width, value) << BigInt(bit & 31);
  for (let word = first + (bit >>> 5); rest !== 0n; word++, rest >>= 32n) words[word] = (words[word] ?? 0) | Number(BigInt.asUintN(32, rest));
}

function packBig(data: BigInt64Array | BigUint64Array | readonly bigint[], layout: BeatLayout, { port, at }: PortLayout, beats: number, words: Uint32Array): void {
  const { elements, elementWidth: width } = port;
  for (let beat = 0, from = 0; beat < beats; beat++) {
    for (let element = 0; element < elements; element++) {
      const value = data[from++] ?? 0n;
      if ((port.signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value)) !== value) throw misfit(port, from - 1, value);
      writeBits(words, beat * layout.words + at, element * width, width, value);
    }
  }
}

/**
 * The words of some beats. Throws a TestbenchError of kind `usage` for a port that is missing or has another number of elements, and for a value that
 * its element does not hold.
 */
export function pack(beats: Beats, layout: BeatLayout): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(beats.count * layout.words);
  for (const placed of layout.ports) {
    const { port } = placed;
    const data = beats.ports[port.name];
    if (data === undefined) throw new TestbenchError('usage', `The stimulus has no data for ${port.name}; it gives ${Object.keys(beats.ports).join(', ') || 'nothing'}.`);
    if (data.length !== beats.count * port.elements) {
      throw new TestbenchError('usage', `The stimulus has ${data.length} elements for ${port.name}; ${beats.count} beats of ${port.elements} need ${beats.count * port.elements}.`);
    }
    packPort(data, layout, placed, beats.count, words);
  }
  return words;
}

function packPort(data: PortData, layout: BeatLayout, placed: PortLayout, count: number, words: Uint32Array): void {
  const { port } = placed;
  const narrow = data instanceof Int32Array || data instanceof Uint32Array;
  if (narrow !== port.elementWidth <= 32) throw new TestbenchError('usage', `The data of ${port.name} (${port.elementWidth} bits) are in the wrong kind of array.`);
  if (!narrow) return packBig(data, layout, placed, count, words);
  const view = port.width % 32 === 0 ? viewOf(words, port.elementWidth, port.signed) : undefined;
  if (view === undefined) return packNarrow(data, layout, placed, count, words);
  return packAligned(view, 32 / port.elementWidth, data, layout, placed, count);
}
