import { join } from 'node:path';
import { joinStreams, type Streams } from '../beats.js';
import { compareStreams, type Mismatch } from '../compare.js';
import type { Manifest } from '../manifest.js';
import { pictureOf, type WavePicture } from '../picture/picture.js';
import { waitOf, type Unit } from '../unit.js';
import type { RunOptions, Simulator } from '../verilator/simulator.js';
import { readTransactions } from '../waves.js';
import type { Evidence } from './failure.js';
import { beatCount, beatsOfPart, inputBits, type BulkPart } from './operands.js';
import { explained } from './waves.js';

/** Output beats before the wrong one, and input beats behind it, that the repetition has. */
const margin = 24;
/** Cycles around the wrong beat that are traced when the whole run must be repeated. */
const tracedCycles = 200;
/** Bits of operands that a repetition of a whole run may have. */
const mostBits = 2 ** 32;

/**
 * Of a part whose chunks are whole frames: the chunk that finishes the wrong beat, and all chunks up to it. Undefined if the golden model does not give the beat, or if
 * they are too long to be repeated.
 */
function framesUpTo(unit: Unit, manifest: Manifest, part: BulkPart, mismatch: Mismatch): { readonly last: Streams; readonly all: Streams } | undefined {
  const golden = unit.golden(manifest);
  const chunks: Streams[] = [];
  let [beats, bits] = [0, 0];
  for (const chunk of part.chunks()) {
    chunks.push(chunk);
    beats += golden.process(chunk)[mismatch.stream]?.count ?? 0;
    bits += beatCount(chunk) * inputBits(manifest);
    if (bits > mostBits) return undefined;
    if (beats > mismatch.beat) return { last: chunk, all: joinStreams(chunks) };
  }
  return mismatch.kind === 'extra' ? { last: chunks.at(-1) ?? {}, all: joinStreams(chunks) } : undefined;
}

/** Input beats that lead to an output beat, under the rule of one output beat for each input beat (for each one that ends a group). */
function inputSpan(manifest: Manifest, part: BulkPart, output: number): { readonly first: number; readonly end: number } | undefined {
  const [input, second] = manifest.streams.filter(stream => stream.direction === 'input');
  if (input === undefined || second !== undefined) return undefined;
  const { last, name } = input;
  if (last === undefined) return { first: Math.max(0, output - margin), end: Math.min(part.count, output + margin) };
  const begins: number[] = [0];
  let at = 0;
  for (const chunk of part.chunks()) {
    const flags = chunk[name]?.ports[last] ?? [];
    for (let beat = 0; beat < flags.length; beat++) {
      if (Number(flags[beat]) === 0) continue;
      // Group number g begins at begins[g].
      begins.push(at + beat + 1);
      if (begins.length > output + 1) return { first: begins[Math.max(0, output - margin)] ?? 0, end: Math.min(part.count, at + beat + margin) };
    }
    at += flags.length;
  }
  return { first: begins[Math.max(0, begins.length - margin)] ?? 0, end: at };
}

async function traced(
  unit: Unit, simulator: Simulator, inputs: Streams, pace: RunOptions, file: string, beatOfBulk: number, window: { readonly first: number; readonly last: number } | undefined,
): Promise<Evidence | undefined> {
  const { manifest } = simulator;
  const expected = unit.golden(manifest).process(inputs);
  const run = await simulator.run(inputs, { ...pace, vcd: { file, firstCycle: window?.first ?? 0, lastCycle: window?.last ?? Number.MAX_SAFE_INTEGER } });
  const { mismatch } = compareStreams(expected, run.outputs, manifest);
  if (mismatch === undefined) return undefined;
  const taken = Object.values(run.inputCycles)[0];
  const beatCycles = manifest.flow === 'none' && taken !== undefined ? { beatCycles: { first: taken[0] ?? 0, last: taken.at(-1) ?? 0 } } : {};
  const waves = await readTransactions(file, manifest, beatCycles);
  const before = (cycles: Uint32Array): number => (window === undefined ? 0 : cycles.filter(cycle => cycle < window.first).length);
  const beatsBefore = Object.fromEntries(Object.entries({ ...run.inputCycles, ...run.outputCycles }).map(([stream, cycles]) => [stream, before(cycles)]));
  const alone = mismatch.beat === beatOfBulk ? [] : [`Seen again in a ${window === undefined ? 'short ' : ''}run of its own: beat ${beatOfBulk} of the bulk run is beat ${mismatch.beat} here.`];
  const picture: WavePicture = pictureOf(waves, manifest, mismatch, expected, { notes: [...alone, ...explained(unit, manifest, inputs, mismatch)], beatsBefore });
  return { picture, vcdFile: file };
}

/**
 * Runs again what leads to the wrong beat of a bulk run, this time with waveforms: first a short window out of it as a run of its own; if the beat is right there
 * (what is wrong depends on what came long before), the whole run up to it, traced around it. Undefined if that would be too long.
 * @param mismatch in the run of its part
 * @param beatOfBulk the number of its beat over all parts, for the picture
 */
export async function repeatMismatch(unit: Unit, simulator: Simulator, part: BulkPart, mismatch: Mismatch, beatOfBulk: number, scratch: string, signal: AbortSignal | undefined): Promise<Evidence | undefined> {
  const { manifest } = simulator;
  const pace: RunOptions = { ...part.pace, ...waitOf(unit, manifest), ...(signal === undefined ? {} : { signal }) };
  const file = join(scratch, 'window.vcd');
  if (part.framed) {
    const frames = framesUpTo(unit, manifest, part, mismatch);
    if (frames === undefined) return undefined;
    const alone = unit.complete?.(manifest, frames.last) === undefined ? await traced(unit, simulator, frames.last, pace, file, beatOfBulk, undefined) : undefined;
    return alone ?? await repeatWhole(unit, simulator, frames.all, pace, mismatch, beatOfBulk, file);
  }
  const span = inputSpan(manifest, part, mismatch.beat);
  if (span !== undefined) {
    const short = await traced(unit, simulator, beatsOfPart(part, span.first, span.end), pace, file, beatOfBulk, undefined);
    if (short !== undefined) return short;
  }
  const end = Math.min(part.count, (span?.end ?? part.count) + 1);
  if (end * inputBits(manifest) > mostBits) return undefined;
  return repeatWhole(unit, simulator, beatsOfPart(part, 0, end), pace, mismatch, beatOfBulk, file);
}

/** The run from its start, traced around the wrong beat. */
async function repeatWhole(unit: Unit, simulator: Simulator, inputs: Streams, pace: RunOptions, mismatch: Mismatch, beatOfBulk: number, file: string): Promise<Evidence | undefined> {
  const plain = await simulator.run(inputs, pace);
  const cycle = plain.outputCycles[mismatch.stream]?.[mismatch.beat] ?? plain.cycles - 1;
  return traced(unit, simulator, inputs, pace, file, beatOfBulk, { first: Math.max(0, cycle - tracedCycles), last: cycle + 20 });
}
