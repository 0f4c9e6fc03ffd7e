import { createPortData, type Streams, type WritablePortData } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { layOut, unpack, type BeatLayout, type PortLayout, type WritableBeats } from '../pack.js';
import { createRandom, type RandomState } from '../random.js';
import { designStreams } from './port-table.js';

/** Operands that the driver makes itself, for a design with one input stream. */
export type DriverSource =
  /** Beat i of the run is the number `first + i` over the joined payload ports, the first port lowest. */
  | { readonly kind: 'counter'; readonly first: bigint; readonly count: number }
  /** Every 32-bit word of a beat is the next word of the generator with this state, high bits dropped. */
  | { readonly kind: 'random'; readonly state: RandomState; readonly count: number };

/**
 * The beats that the driver makes, in chunks of `chunkBeats`, as the golden model takes them. With `reuse`, a chunk is written over by the next: who takes one
 * at a time saves the memory. Throws a TestbenchError of kind `usage` for a design with several input streams.
 */
export function* driverOperands(manifest: Manifest, source: DriverSource, chunkBeats: number, options: { readonly reuse?: boolean } = {}): Generator<Streams, void, void> {
  const { inputs } = designStreams(manifest);
  const [input, second] = inputs;
  if (input === undefined || second !== undefined) throw new TestbenchError('usage', `Operands made by the driver need one input stream; ${manifest.top} has ${inputs.length}.`);
  const layout = layOut(input.ports);
  const make = source.kind === 'random' ? randomBeats(source.state, layout, chunkBeats) : countedBeats(source.first, layout);
  let beats: WritableBeats | undefined;
  for (let done = 0; done < source.count; done += chunkBeats) {
    beats = make(done, Math.min(chunkBeats, source.count - done), options.reuse === true ? beats : undefined);
    yield { [input.stream.name]: beats };
  }
}

/** Makes the `count` beats from number `done` on, into the arrays of `over` where they have that many. */
type MakeBeats = (done: number, count: number, over: WritableBeats | undefined) => WritableBeats;

function randomBeats(state: RandomState, layout: BeatLayout, chunkBeats: number): MakeBeats {
  const random = createRandom(state);
  const space = new Uint32Array(chunkBeats * layout.words);
  return (_done, count, over) => {
    const words = space.subarray(0, count * layout.words);
    random.fill(words);
    clipWords(words, layout);
    return unpack(words, layout, over);
  };
}

/** Drops the bits of random words that lie beyond each port. */
function clipWords(words: Uint32Array, layout: BeatLayout): void {
  for (const { port, at } of layout.ports) {
    if (port.width % 32 === 0) continue;
    const mask = 2 ** (port.width % 32) - 1;
    for (let index = at + Math.ceil(port.width / 32) - 1; index < words.length; index += layout.words) words[index] = (words[index] ?? 0) & mask;
  }
}

function countedBeats(first: bigint, layout: BeatLayout): MakeBeats {
  return (done, count, over) => {
    const begin = first + BigInt(done);
    let shift = 0;
    const ports = Object.fromEntries(layout.ports.map(({ port }) => {
      const target = over?.count === count ? over.ports[port.name] ?? createPortData(port, count) : createPortData(port, count);
      for (let element = 0; element < port.elements; element++, shift += port.elementWidth) countElement(begin, count, shift, port, element, target);
      return [port.name, target];
    }));
    return { count, ports };
  };
}

/** Bits shift .. shift + width - 1 of the numbers first .. first + count - 1, as one element of each beat. */
function countElement(first: bigint, count: number, shift: number, { elements, elementWidth, signed }: PortLayout['port'], element: number, target: WritablePortData): void {
  if (!(target instanceof Int32Array || target instanceof Uint32Array)) {
    for (let beat = 0; beat < count; beat++) {
      const bits = (first + BigInt(beat)) >> BigInt(shift);
      target[beat * elements + element] = signed ? BigInt.asIntN(elementWidth, bits) : BigInt.asUintN(elementWidth, bits);
    }
    return;
  }
  const clear = 32 - elementWidth;
  let bits = Number(BigInt.asUintN(32, first >> BigInt(shift)));
  if (shift === 0) {
    if (signed) for (let at = element, end = count * elements; at < end; at += elements) target[at] = (bits++ << clear) >> clear;
    else for (let at = element, end = count * elements; at < end; at += elements) target[at] = (bits++ << clear) >>> clear;
    return;
  }
  // The element stays the same for 2^shift numbers.
  const run = 2 ** shift;
  let until = run - Number(BigInt.asUintN(shift, first));
  for (let beat = 0; beat < count; bits = (bits + 1) >>> 0, until += run) {
    const end = Math.min(count, until);
    const value = signed ? (bits << clear) >> clear : (bits << clear) >>> clear;
    if (elements === 1 && end > beat + 1) target.fill(value, beat, end);
    else for (let at = beat; at < end; at++) target[at * elements + element] = value;
    beat = end;
  }
}
