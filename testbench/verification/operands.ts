import { joinStreams, sliceStreams, type Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import type { RandomSource } from '../random.js';
import type { Stimulus } from '../unit.js';
import { driverOperands, type DriverSource } from '../verilator/driver-operands.js';
import type { PaceOptions } from '../verilator/simulator.js';
import { shardRange, type OperandRange, type Shard } from './shard.js';

/** One bulk run: its operands, and how its streams are stalled. */
export interface BulkPart {
  readonly method: 'exhaustive' | 'vectors';
  /** What it is, for messages: `mixed operands`. */
  readonly name: string;
  /** Input beats; of frames, about. */
  readonly count: number;
  /** Of an exhaustive run: the number of its first operand. */
  readonly first?: number;
  readonly pace: Pick<PaceOptions, 'seed' | 'bubbles' | 'backpressure'>;
  /** Given if the driver makes the operands. */
  readonly driver?: DriverSource;
  /** Whether each chunk is whole frames, and must not be cut. */
  readonly framed: boolean;
  /** The operands, chunk after chunk; the same on every call. A chunk may be written over by the next. */
  chunks(): Iterable<Streams>;
}

/** Elements of all input ports in one beat. */
function inputElements(manifest: Manifest): number {
  const payload = new Set(manifest.streams.filter(stream => stream.direction === 'input').flatMap(stream => stream.payload));
  return manifest.ports.reduce((sum, port) => sum + (payload.has(port.name) ? port.elements : 0), 0);
}

/** Bits of all input ports in one beat. */
export function inputBits(manifest: Manifest): number {
  const payload = new Set(manifest.streams.filter(stream => stream.direction === 'input').flatMap(stream => stream.payload));
  return manifest.ports.reduce((sum, port) => sum + (payload.has(port.name) ? port.width : 0), 0);
}

/** Beats that are handled at a time: their elements stay within the processor's caches. */
export function chunkBeats(manifest: Manifest): number {
  return Math.max(16, Math.floor(65_536 / inputElements(manifest)));
}

/** The number of beats that all streams have; of frames, that of the longest stream. */
export function beatCount(streams: Streams): number {
  return Math.max(0, ...Object.values(streams).map(beats => beats.count));
}

/** The first `count` beats of: the corners, then random ones. Frames are not cut: of them there are all corners, and so many random ones that the count is reached. */
export function* cornersAndRandom(stimulus: Stimulus, random: RandomSource, count: number, chunk: number): Generator<Streams, void, void> {
  const corners = stimulus.corners();
  if (stimulus.framed === true) {
    let done = beatCount(corners);
    yield corners;
    while (done < count) {
      const frames = stimulus.random(random, Math.min(chunk, count - done));
      if (beatCount(frames) === 0) throw new TestbenchError('usage', 'The stimulus gave frames without beats.');
      done += beatCount(frames);
      yield frames;
    }
    return;
  }
  const cornerCount = Math.min(count, beatCount(corners));
  for (let done = 0; done < cornerCount; done += chunk) yield sliceStreams(corners, done, Math.min(done + chunk, cornerCount));
  for (let done = cornerCount; done < count; done += chunk) yield stimulus.random(random, Math.min(chunk, count - done));
}

/** Operands of a run that are enough to be counted through without being asked to. */
const countedUnasked = 2n ** 20n;
/** Operands that are counted through if one asks: some hours. */
const countedAtMost = 2n ** 38n;
/** Input beats in which the mix of special values is made here; the rest is uniform, and made by the driver where it can. */
const mixedBeats = 2 ** 17;
const mixedBits = 2 ** 25;

/** How many beats a bulk verification has if nobody says: 2^20, fewer for wide units. */
function defaultVectors(manifest: Manifest): number {
  return Math.min(2 ** 20, Math.max(2 ** 13, Math.floor(2 ** 28 / inputBits(manifest))));
}

/** Bits of operands, and beats, that one run of the driver makes: runs are shared out over the processors, and each takes some time to begin. */
const pieceBits = 2 ** 28;
const pieceBeats = 2 ** 23;

/** The runs that `count` beats of the driver are cut into. They do not depend on the machine, and neither does what comes out. */
function pieces(manifest: Manifest, count: number): readonly { readonly at: number; readonly count: number }[] {
  const most = Math.min(pieceBeats, Math.max(2 ** 14, Math.floor(pieceBits / inputBits(manifest))));
  return Array.from({ length: Math.ceil(count / most) }, (_, index) => ({ at: index * most, count: Math.min(most, count - index * most) }));
}

/**
 * The bulk runs for a design: all operands where `vectors` is `exhaustive`, or where it is not given and they are few; else corners, a mix that favours
 * special values under light stalls, and uniform operands at full speed.
 * @param shard the part of an exhaustive run that is wanted: all if not given
 * Throws a TestbenchError of kind `usage` for an exhaustive run that is not possible.
 */
export function bulkParts(manifest: Manifest, stimulus: Stimulus, random: RandomSource, seed: number, vectors: number | 'exhaustive' | undefined, shard?: Shard): readonly BulkPart[] {
  const { exhaustive } = stimulus;
  const chunk = chunkBeats(manifest);
  if (vectors === 'exhaustive' || (vectors === undefined && exhaustive !== undefined && exhaustive.count <= countedUnasked)) {
    const range = shardRange(countable(manifest, exhaustive), shard);
    return exhaustiveParts(manifest, stimulus, seed, chunk, range);
  }
  if (shard !== undefined) throw new TestbenchError('usage', `A shard is a part of an exhaustive run, and ${manifest.top} is not verified exhaustively here.`);
  const wanted = vectors ?? defaultVectors(manifest);
  const mixed = Math.min(wanted, mixedBeats, Math.max(2 ** 10, Math.floor(mixedBits / inputBits(manifest))));
  const driverMakesRest = stimulus.anyPattern && stimulus.framed !== true && manifest.streams.filter(stream => stream.direction === 'input').length === 1;
  const mixedPart: BulkPart = {
    method: 'vectors', name: 'mixed operands', count: driverMakesRest ? mixed : wanted, pace: { seed, bubbles: 1 / 16, backpressure: 1 / 16 }, framed: stimulus.framed === true,
    chunks: () => cornersAndRandom(stimulus, random.fork('mixed'), driverMakesRest ? mixed : wanted, chunk),
  };
  if (!driverMakesRest || wanted === mixed) return [mixedPart];
  return [mixedPart, ...pieces(manifest, wanted - mixed).map(({ at, count }) =>
    driverPart(manifest, 'uniform operands', 'vectors', seed, chunk, { kind: 'random', state: random.fork(`uniform ${at}`).state(), count }))];
}

/** All operands of a design as its stimulus counts them. Throws a TestbenchError of kind `usage` where they are none that can be counted, or too many. */
function countable(manifest: Manifest, exhaustive: Stimulus['exhaustive']): bigint {
  if (exhaustive !== undefined && exhaustive.count <= countedAtMost) return exhaustive.count;
  const reason = exhaustive === undefined ? `its operands (${inputBits(manifest)} bits a beat) cannot be counted` : `it has ${exhaustive.count} operands`;
  throw new TestbenchError('usage', `${manifest.top} cannot be verified exhaustively: ${reason}; give a number of vectors.`);
}

/** A part that the driver makes the operands of. */
function driverPart(manifest: Manifest, name: string, method: BulkPart['method'], seed: number, chunk: number, driver: DriverSource): BulkPart {
  return { method, name, count: driver.count, pace: { seed }, framed: false, driver, chunks: () => driverOperands(manifest, driver, chunk, { reuse: true }) };
}

function exhaustiveParts(manifest: Manifest, { exhaustive, anyPattern }: Stimulus, seed: number, chunk: number, { first, count }: OperandRange): readonly BulkPart[] {
  if (anyPattern) {
    return pieces(manifest, count).map(piece => ({
      ...driverPart(manifest, 'all operands', 'exhaustive', seed, chunk, { kind: 'counter', first: BigInt(first + piece.at), count: piece.count }), first: first + piece.at,
    }));
  }
  return [{
    method: 'exhaustive', name: 'all operands', first, count, pace: { seed }, framed: false,
    chunks: function* () {
      for (let done = 0; done < count; done += chunk) if (exhaustive !== undefined) yield exhaustive.at(BigInt(first + done), Math.min(chunk, count - done));
    },
  }];
}

/** Input beats first .. end - 1 of a part, made again. */
export function beatsOfPart(part: BulkPart, first: number, end: number): Streams {
  const pieces: Streams[] = [];
  let at = 0;
  for (const chunk of part.chunks()) {
    const count = beatCount(chunk);
    // Copied, because the next chunk may come in the same arrays.
    if (at + count > first) pieces.push(joinStreams([sliceStreams(chunk, Math.max(first - at, 0), Math.min(end - at, count))]));
    at += count;
    if (at >= end) break;
  }
  return joinStreams(pieces);
}
