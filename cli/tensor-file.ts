import { readFile } from 'node:fs/promises';
import { createPortData, toBigints, type PortData } from '../testbench/beats.js';
import type { ManifestPort } from '../testbench/manifest.js';
import { indexText, readNpy, shapeText, writeNpy, type NpyData } from '../testbench/npy.js';
import { wrongCall } from './error.js';
import { explainRead } from './file-error.js';
import { quoted } from './flags.js';
import { integerJson } from './json-text.js';
import { readJson } from './json-file.js';

/** Whole numbers with a shape, last index fastest. */
interface Tensor {
  readonly shape: readonly number[];
  readonly data: NpyData | readonly bigint[];
}

export type TensorFormat = 'npy' | 'json';

/** The format that a file's name asks for. Throws a CliError for a name that ends otherwise. */
export function tensorFormat(file: string, flag: string): TensorFormat {
  if (/\.npy$/i.test(file)) return 'npy';
  if (/\.json$/i.test(file)) return 'json';
  throw wrongCall(`The file ${quoted(file)} of ${flag} ends in neither .npy nor .json.`);
}

/** The shape that a port's tensor has, in words: `(beats, 16)`. */
export function portShape({ elements }: ManifestPort): string {
  return elements === 1 ? '(beats,)' : `(beats, ${elements})`;
}

/**
 * The beats of a port from a file: NPY or JSON (nested lists of whole numbers; decimal strings where a number is not exact), one row for each beat; of a
 * port with one element also a plain list.
 * @throws CliError for a file that cannot be read, has another shape, or holds what the port does not (with the index of the first)
 */
export async function readPort(file: string, port: ManifestPort, flag: string): Promise<{ readonly beats: number; readonly data: PortData }> {
  const { shape, data } = tensorFormat(file, flag) === 'npy' ? await readNpyFile(file, flag) : jsonTensor(await readJson(file, flag), file, flag);
  const beats = beatsOf(shape, port, file, flag);
  if (beats === 0) throw wrongCall(`The file ${quoted(file)} of ${flag} holds no beats for ${port.name}: its shape is ${shapeText(shape)}.`);
  return { beats, data: portData(data, shape, port, beats, file, flag) };
}

async function readNpyFile(file: string, flag: string): Promise<Tensor> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw explainRead(error, file, flag);
  });
  return readNpy(bytes, `The file ${quoted(file)} of ${flag}`);
}

/** Nested lists, all of one level of the same length. */
function jsonTensor(content: unknown, file: string, flag: string): Tensor {
  const shape: number[] = [];
  for (let level = content; Array.isArray(level); level = level[0]) shape.push(level.length);
  const values: bigint[] = [];
  const path: number[] = [];
  const where = (): string => `The file ${quoted(file)} of ${flag}`;
  const visit = (node: unknown, depth: number): void => {
    const size = shape[depth];
    if (size === undefined) {
      const value = jsonInteger(node);
      if (value === undefined) throw wrongCall(`${where()} has ${quoted(JSON.stringify(node))} at [${path.join(', ')}]; only whole numbers are accepted.`);
      values.push(value);
      return;
    }
    if (!Array.isArray(node) || node.length !== size) {
      throw wrongCall(`${where()} is ragged: at [${path.join(', ')}] a list of ${size} belongs, as at the places before.`);
    }
    node.forEach((each: unknown, index) => {
      path[depth] = index;
      path.length = depth + 1;
      visit(each, depth + 1);
    });
    path.length = depth;
  };
  visit(content, 0);
  return { shape, data: values };
}

function jsonInteger(value: unknown): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function beatsOf(shape: readonly number[], port: ManifestPort, file: string, flag: string): number {
  const { elements, name } = port;
  const [beats, width] = shape;
  const bad = (why: string): Error => wrongCall(`${name} takes the shape ${portShape(port)}, and the file ${quoted(file)} of ${flag} has ${shapeText(shape)}: ${why}.`);
  const wanted = elements === 1 ? 'one dimension' : 'two dimensions';
  if (beats === undefined || shape.length > 2 || (shape.length === 1 && elements > 1)) throw bad(`${wanted}, not ${shape.length}, ${elements === 1 ? 'is' : 'are'} needed`);
  if (width !== undefined && width !== elements) throw bad(`dimension 1 is ${width}, not ${elements}`);
  return beats;
}

function portData(data: Tensor['data'], shape: readonly number[], port: ManifestPort, beats: number, file: string, flag: string): PortData {
  const width = BigInt(port.elementWidth);
  const min = port.min === undefined ? (port.signed ? -(1n << (width - 1n)) : 0n) : BigInt(port.min);
  const max = port.max === undefined ? (1n << (port.signed ? width - 1n : width)) - 1n : BigInt(port.max);
  const result = createPortData(port, beats);
  const refuse = (index: number, value: number | bigint): Error =>
    wrongCall(`Element ${indexText(index, shape)} of the file ${quoted(file)} of ${flag} is ${value}; ${port.name} takes ${min} to ${max}.`);
  if (result instanceof Int32Array || result instanceof Uint32Array) {
    // Below 2^32 every bound is an exact number, and so is every value that is within them.
    const [low, high] = [Number(min), Number(max)];
    for (let index = 0; index < data.length; index++) {
      const value = Number(data[index]);
      if (!(value >= low && value <= high)) throw refuse(index, data[index] ?? 0);
      result[index] = value;
    }
    return result;
  }
  for (let index = 0; index < data.length; index++) {
    const value = BigInt(data[index] ?? 0);
    if (value < min || value > max) throw refuse(index, value);
    result[index] = value;
  }
  return result;
}

/**
 * The content of a file for the beats of a port: NPY of the narrowest integer type that holds the port's elements, or JSON.
 * @throws CliError for a port that is too wide for NPY
 */
export function portFile(format: TensorFormat, port: ManifestPort, beats: number, data: PortData, flag: string): string | Uint8Array {
  const shape = port.elements === 1 ? [beats] : [beats, port.elements];
  if (format === 'npy') return writeNpy(shape, npyData(port, data, flag));
  const values = toBigints(data).map(integerJson);
  const rows = port.elements === 1 ? values : Array.from({ length: beats }, (_, beat) => values.slice(beat * port.elements, (beat + 1) * port.elements));
  return `${JSON.stringify(rows)}\n`;
}

function npyData({ elementWidth, signed, name }: ManifestPort, data: PortData, flag: string): NpyData {
  if (data instanceof Int32Array || data instanceof Uint32Array) {
    if (elementWidth <= 8) return signed ? Int8Array.from(data) : Uint8Array.from(data);
    if (elementWidth <= 16) return signed ? Int16Array.from(data) : Uint16Array.from(data);
    return data;
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return data;
  throw wrongCall(`${name} of ${flag} has elements of ${elementWidth} bits, and NPY holds at most 64; give a file that ends in .json.`);
}
