import type { Beats, PortData, Streams } from './beats.js';
import { elementAt } from './beats.js';
import { TestbenchError } from './errors.js';
import type { Manifest } from './manifest.js';

/** The first place where what was seen is not what was expected. */
export type Mismatch = {
  /** Name of the output stream. */
  readonly stream: string;
  /** Index of the beat in its stream, from 0. */
  readonly beat: number;
} & (
  | {
    readonly kind: 'value';
    readonly port: string;
    /** Index of the element in the port, from 0. */
    readonly element: number;
    readonly expected: bigint;
    readonly seen: bigint;
  }
  /** `beat` is the first that did not come, respectively the first that nobody expected. */
  | { readonly kind: 'missing' | 'extra'; readonly expectedBeats: number; readonly seenBeats: number }
);

/** How much was compared, and the first mismatch if there is one. */
export interface Comparison {
  /** Beats that stand on both sides, over all streams. */
  readonly beats: number;
  /** Elements of them that were compared, those before the mismatch and the mismatch itself. */
  readonly elements: number;
  readonly mismatch?: Mismatch;
}

/**
 * Compares the output streams of the manifest beat by beat. A wrong value is reported before a missing or extra beat behind
 * it; of several streams, the one whose mismatch has the lowest beat.
 * @throws TestbenchError of kind 'usage' where a stream or port is missing on a side or has the wrong shape, and of kind
 *   'design' where there was nothing to compare: a check of nothing is no check
 */
export function compareStreams(expected: Streams, seen: Streams, manifest: Manifest): Comparison {
  const outputs = manifest.streams.filter(stream => stream.direction === 'output');
  let beats = 0;
  let elements = 0;
  let mismatch: Mismatch | undefined;
  for (const { name, payload } of outputs) {
    const [wanted, found] = [streamOf(expected, name, 'expected'), streamOf(seen, name, 'seen')];
    const common = Math.min(wanted.count, found.count);
    beats += common;
    let first: Mismatch | undefined;
    for (const port of payload) {
      const width = elementsOf(manifest, port);
      const [a, b] = [dataOf(wanted, name, port, width), dataOf(found, name, port, width)];
      const length = (first === undefined ? common : first.beat + 1) * width;
      const at = firstDifference(a, b, length);
      elements += Math.min(length, at + 1);
      const beat = Math.floor(at / width);
      if (at === length || (first !== undefined && beat >= first.beat)) continue;
      first = { kind: 'value', stream: name, beat, port, element: at % width, expected: elementAt(a, at), seen: elementAt(b, at) };
    }
    if (first === undefined && wanted.count !== found.count) {
      first = { kind: wanted.count > found.count ? 'missing' : 'extra', stream: name, beat: common, expectedBeats: wanted.count, seenBeats: found.count };
    }
    if (first !== undefined && (mismatch === undefined || first.beat < mismatch.beat)) mismatch = first;
  }
  if (elements === 0 && mismatch === undefined) throw new TestbenchError('design', `Nothing was compared: '${manifest.top}' gave no output beat, and none was expected.`);
  return mismatch === undefined ? { beats, elements } : { beats, elements, mismatch };
}

/** A mismatch as one sentence. */
export function mismatchText(mismatch: Mismatch): string {
  const { stream, beat } = mismatch;
  switch (mismatch.kind) {
    case 'value': {
      const { port, element, expected, seen } = mismatch;
      return `Beat ${beat} of stream '${stream}': element ${element} of ${port} is ${seen}, expected ${expected}.`;
    }
    case 'missing': return `Beat ${beat} of stream '${stream}' is missing: ${mismatch.seenBeats} beats were seen, ${mismatch.expectedBeats} expected.`;
    case 'extra': return `Beat ${beat} of stream '${stream}' is one too many: ${mismatch.seenBeats} beats were seen, ${mismatch.expectedBeats} expected.`;
  }
}

function streamOf(streams: Streams, name: string, side: string): Beats {
  const beats = streams[name];
  if (beats === undefined) throw new TestbenchError('usage', `The ${side} streams have no '${name}'; they have ${Object.keys(streams).join(', ') || 'none'}.`);
  return beats;
}

function elementsOf(manifest: Manifest, name: string): number {
  const port = manifest.ports.find(candidate => candidate.name === name);
  if (port === undefined) throw new TestbenchError('usage', `The manifest of '${manifest.top}' has no port '${name}'.`);
  return port.elements;
}

function dataOf(beats: Beats, stream: string, port: string, elements: number): PortData {
  const data = beats.ports[port];
  if (data?.length !== beats.count * elements) {
    throw new TestbenchError('usage', `Stream '${stream}' needs ${beats.count} beats of ${elements} elements on port '${port}', but has ${data?.length ?? 'no'} elements.`);
  }
  return data;
}

/** Index of the first of `length` elements that differ; `length` where none does. */
function firstDifference(a: PortData, b: PortData, length: number): number {
  if (a instanceof Int32Array && b instanceof Int32Array) return firstDifferentInt(a, b, length);
  if (a instanceof Uint32Array && b instanceof Uint32Array) return firstDifferentUint(a, b, length);
  for (let i = 0; i < length; i++) if (elementAt(a, i) !== elementAt(b, i)) return i;
  return length;
}

function firstDifferentInt(a: Int32Array, b: Int32Array, length: number): number {
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}

function firstDifferentUint(a: Uint32Array, b: Uint32Array, length: number): number {
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
