import { createPortData, type ElementFormat, type PortData, type WritablePortData } from '../beats.js';

/** Vectors up to this width are cut in 64-bit steps; a wider one is cut faster by way of its digits. */
const widestStepped = 512;

/**
 * Takes the elements out of packed vectors (element i is bits i*W to i*W+W-1) and collects them beat after beat,
 * signed ones in two's complement.
 */
export class ElementCollector {
  private readonly format: ElementFormat;
  private readonly words: Uint32Array;
  private readonly quads: BigUint64Array;
  private data: WritablePortData;
  private capacity = 64;
  private beats = 0;

  constructor(format: ElementFormat) {
    this.format = format;
    const quads = Math.ceil(format.elements * format.elementWidth / 64) + 1;
    this.quads = new BigUint64Array(quads);
    this.words = new Uint32Array(this.quads.buffer);
    this.data = createPortData(format, this.capacity);
  }

  /** Adds one beat, its bits as an unsigned number. */
  add(bits: bigint): void {
    const { format, data } = this;
    const first = this.beats * format.elements;
    if (this.beats === this.capacity) return this.grow(bits);
    if (data instanceof Int32Array || data instanceof Uint32Array) this.addNarrow(data, first, bits);
    else this.addWide(data, first, bits);
    this.beats++;
  }

  /** All beats so far. */
  finish(): PortData {
    const length = this.beats * this.format.elements;
    return Array.isArray(this.data) ? this.data.slice(0, length) : this.data.slice(0, length);
  }

  private grow(bits: bigint): void {
    this.capacity *= 2;
    const grown = createPortData(this.format, this.capacity);
    copyInto(grown, this.data);
    this.data = grown;
    this.add(bits);
  }

  private addNarrow(data: Int32Array | Uint32Array, first: number, bits: bigint): void {
    const { elements, elementWidth, signed } = this.format;
    if (elements === 1) {
      data[first] = signed ? Number(BigInt.asIntN(elementWidth, bits)) : Number(bits);
      return;
    }
    this.split(bits);
    const { words } = this;
    const unused = 32 - elementWidth;
    for (let i = 0, bit = 0; i < elements; i++, bit += elementWidth) {
      const word = bit >>> 5;
      const offset = bit & 31;
      const low = (words[word] ?? 0) >>> offset;
      const pattern = offset === 0 ? low : low | ((words[word + 1] ?? 0) << (32 - offset));
      data[first + i] = signed ? (pattern << unused) >> unused : (pattern << unused) >>> unused;
    }
  }

  private addWide(data: BigInt64Array | BigUint64Array | bigint[], first: number, bits: bigint): void {
    const { elements, elementWidth, signed } = this.format;
    const step = BigInt(elementWidth);
    let rest = bits;
    for (let i = 0; i < elements; i++) {
      data[first + i] = signed ? BigInt.asIntN(elementWidth, rest) : BigInt.asUintN(elementWidth, rest);
      rest >>= step;
    }
  }

  /** The bits as 32-bit words, lowest first. */
  private split(bits: bigint): void {
    const { elements, elementWidth } = this.format;
    if (elements * elementWidth > widestStepped) {
      const bytes = Buffer.from(bits.toString(16).padStart(2 * this.words.byteLength, '0'), 'hex').reverse();
      for (let i = 0; i < this.words.length; i++) this.words[i] = bytes.readUInt32LE(4 * i);
      return;
    }
    let rest = bits;
    for (let i = 0; i < this.quads.length - 1; i++) {
      this.quads[i] = rest;
      rest >>= 64n;
    }
  }
}

function copyInto(target: WritablePortData, source: WritablePortData): void {
  if (target instanceof Int32Array || target instanceof Uint32Array) {
    if (source instanceof Int32Array || source instanceof Uint32Array) target.set(source);
  } else if (!(source instanceof Int32Array || source instanceof Uint32Array)) {
    source.forEach((value, i) => { target[i] = value; });
  }
}
