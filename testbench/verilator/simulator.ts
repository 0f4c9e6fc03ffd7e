import { spawn } from 'node:child_process';
import { closeSync, existsSync, read as readCallback, readFileSync, write as writeCallback, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Beats, Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { layOut, pack, unpack, type BeatLayout } from '../pack.js';
import { createRandom } from '../random.js';
import { buildExecutable, type BuildOptions, type BuiltSimulator, type Design } from './build.js';
import { defaultCacheDirectory, diskFull, explainFileError } from '../../system/cache.js';
import { TextCollector } from '../../system/child.js';
import type { DriverSource } from './driver-operands.js';
import { openPipes } from './fifo.js';
import { designStreams } from './port-table.js';
import { trackChild, withScratch } from '../../system/scratch.js';

/** How the streams are stalled, and what ends a run. */
export interface PaceOptions {
  /** Decides bubbles, backpressure and the random bits that registers hold before reset. An integer in 0 .. 2^53 - 1. */
  readonly seed: number;
  /** Probability, a clock, that a producer that could offer a beat does not (valid low, payload garbage). 0 <= p < 1. */
  readonly bubbles?: number;
  /** Probability, a clock, that a consumer is not ready. 0 <= p < 1. */
  readonly backpressure?: number;
  readonly signal?: AbortSignal;
  /** The run fails after this many clocks. */
  readonly maxCycles?: number;
  /** Where the design has no latency: clocks in which nothing may move although all that a result needs is there, at most; 65,536 if not given. */
  readonly longestWait?: number;
  /** Clocks of the reset; 2 if not given, and of a bare pipeline as many as empty it. */
  readonly resetClocks?: number;
  /** Registers begin at 0, not with random bits. */
  readonly zeroRegisters?: boolean;
  /** Output beats of all streams that are expected: when so many came, the run waits only shortly for more. Without it it waits as long as a result can take at most. */
  readonly expectedBeats?: number;
}

export interface RunOptions extends PaceOptions {
  /**
   * Writes the waveforms of cycles `firstCycle` .. `lastCycle`, both included. Cycle c is the clock whose rising edge stands at time 10 c + 5 (ns); cycle 0 is
   * the first of the reset. Inputs change at 10 c - 4, so what stands on the wires at 10 c + 4 is what the edge takes. Without a clock, beat c is at time 10 c.
   */
  readonly vcd?: { readonly file: string; readonly firstCycle: number; readonly lastCycle: number };
}

export interface RunResult {
  readonly outputs: Streams;
  /** Clocks of the whole run, with reset and drain. */
  readonly cycles: number;
  readonly seconds: number;
  /** For each input stream: beat i was taken at the rising edge of cycle `inputCycles[name][i]`. */
  readonly inputCycles: Readonly<Record<string, Uint32Array>>;
  /** For each output stream: beat i was given at the rising edge of cycle `outputCycles[name][i]`. */
  readonly outputCycles: Readonly<Record<string, Uint32Array>>;
}

/** Where the operands of a bulk run come from. */
export type BulkSource =
  | DriverSource
  /** Made here, chunk after chunk; all is packed and sent through a pipe. */
  | { readonly kind: 'beats'; readonly chunks: Iterable<Streams> };

export interface BulkOptions extends PaceOptions {
  readonly source: BulkSource;
  /** Gets the output beats in order, stream by stream, in large pieces. Returning false ends the run. */
  readonly onOutputs: (stream: string, beats: Beats) => boolean;
}

/** Output beats of one stream as the driver gives them: packed by the layout of the stream's ports. */
export interface OutputBlock {
  readonly stream: string;
  readonly count: number;
  /** A view of a buffer that is written over when the block was looked at. */
  readonly words: Uint32Array;
}

export interface BlockOptions extends PaceOptions {
  readonly source: BulkSource;
  /** Gets the output beats in order, stream by stream, and the next when it has finished. Returning false ends the run. */
  readonly onBlock: (block: OutputBlock) => boolean | Promise<boolean>;
}

export interface BulkResult {
  readonly cycles: number;
  readonly inputBeats: number;
  readonly outputBeats: number;
  /** Seconds from the start of the child to its end. */
  readonly seconds: number;
  /** Was it ended by who looks at the outputs? Then the counts are those of what was looked at. */
  readonly stopped: boolean;
}

/** A design that can be run. */
export interface Simulator {
  readonly manifest: Manifest;
  /** 32 hex digits over all that went into it. */
  readonly hash: string;
  readonly cacheHit: boolean;
  readonly buildSeconds: number;
  /** Version lines of the tools that built it. */
  readonly versions: readonly string[];
  /**
   * A full run: all of `inputs` in, all responses out, with the cycle of every beat.
   * Throws a TestbenchError: `design` for a deadlock, a check inside the design that failed or output that never ends; `usage` for stimulus that does not
   * fit the ports; `tool` if the simulation itself cannot work. Rejects with the abort reason if `signal` aborts.
   */
  run(inputs: Streams, options: RunOptions): Promise<RunResult>;
  /** A run for millions of beats, without waveforms and cycle numbers. Throws as `run` does. */
  bulk(options: BulkOptions): Promise<BulkResult>;
  /** The same for who unpacks the results elsewhere. */
  bulkBlocks(options: BlockOptions): Promise<BulkResult>;
}

const read = promisify(readCallback);
const write = promisify(writeCallback);

const stimulusMagic = 0x5453474e;
const responseMagic = 0x5253474e;

interface StreamLayout {
  readonly name: string;
  readonly layout: BeatLayout;
}

interface Layouts {
  readonly inputs: readonly StreamLayout[];
  readonly outputs: readonly StreamLayout[];
}

function layouts(manifest: Manifest): Layouts {
  const { inputs, outputs } = designStreams(manifest);
  const place = (streams: typeof inputs): readonly StreamLayout[] => streams.map(({ stream, ports }) => ({ name: stream.name, layout: layOut(ports) }));
  return { inputs: place(inputs), outputs: place(outputs) };
}

function threshold(name: string, probability: number | undefined): number {
  if (probability === undefined) return 0;
  if (!(probability >= 0 && probability < 1)) throw new TestbenchError('usage', `${name} is a probability in 0 .. 1, below 1, not ${probability}.`);
  return Math.floor(probability * 2 ** 32);
}

/** The driver's arguments that do not depend on where stimulus comes from. */
function paceArguments(manifest: Manifest, options: PaceOptions, maxCycles: number): readonly string[] {
  const [bubbles, backpressure] = [threshold('bubbles', options.bubbles), threshold('backpressure', options.backpressure)];
  const latency = manifest.latency ?? options.longestWait ?? 65_536;
  const patience = (4096 + 16 * latency + 4 * manifest.interval) / ((1 - (options.bubbles ?? 0)) * (1 - (options.backpressure ?? 0)));
  const drain = 2 * latency + manifest.interval + 16;
  const random = createRandom(options.seed);
  const inOrder = [...manifest.streams.filter(stream => stream.direction === 'input'), ...manifest.streams.filter(stream => stream.direction === 'output')];
  const seeds = inOrder.flatMap(stream => random.fork(stream.name).state());
  return [
    // A bare pipeline must have forgotten what it held before its first beat; any other design has to do with a short reset.
    `reset=${options.resetClocks ?? (manifest.flow === 'none' ? latency + 2 : 2)}`,
    ...(options.zeroRegisters === true ? ['registers=zero'] : []),
    `cycles=${options.maxCycles ?? maxCycles}`,
    `watchdog=${Math.ceil(patience)}`,
    `drain=${drain}`,
    `expected=${options.expectedBeats ?? Number.MAX_SAFE_INTEGER}`,
    `soon=${Math.min(drain, 1024)}`,
    // Where the latency is known, all that is inside comes out soon after the last input.
    `tail=${Math.ceil((manifest.latency === undefined ? 64 : 4) * patience)}`,
    `bubbles=${bubbles}`,
    `backpressure=${backpressure}`,
    `seeds=${seeds.join(',')}`,
  ];
}

/** What a finished driver left behind. */
interface Ending {
  readonly cycles: number;
  readonly inputBeats: number;
  readonly outputBeats: number;
}

interface ChildEnd {
  readonly status: number | null;
  readonly endedBy: NodeJS.Signals | null;
  readonly text: string;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).map(line => line.trim()).filter(line => line !== '').join(' / ');
}

function designMessage(top: string, message: string, text: string): string {
  const [, how, where] = /^(stop|finish|fatal) (.*)$/s.exec(message) ?? [];
  if (how === undefined || where === undefined) return message;
  const said = lastLines(text);
  const what = { stop: 'stopped itself', finish: 'called $finish' }[how] ?? 'failed';
  return `${top} ${what} at ${where}${said === '' ? '' : `: ${said}`}${said.endsWith('.') ? '' : '.'}`;
}

function readEnding(file: string, end: ChildEnd, top: string, directory: string): Ending {
  const [kind, ...rest] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const message = rest.join('\n').trim();
  if (kind === 'ok' && end.status === 0) {
    const [cycles = 0, inputBeats = 0, outputBeats = 0] = message.split(' ').map(Number);
    return { cycles, inputBeats, outputBeats };
  }
  if (kind === 'design') throw new TestbenchError('design', designMessage(top, message, end.text));
  if (kind === 'usage') throw new TestbenchError('usage', message);
  if (kind === 'full' || (end.status === 4 && kind === undefined)) throw diskFull(directory);
  if (kind === 'tool') throw new TestbenchError('tool', `The simulation of ${top} failed: ${message}.`);
  if (end.endedBy !== null) {
    throw new TestbenchError('tool', `The simulation of ${top} was ended by ${end.endedBy}.`, end.endedBy === 'SIGKILL' ? { hint: 'Too little memory is the usual reason.' } : {});
  }
  throw new TestbenchError('tool', `The simulation of ${top} ended with status ${end.status ?? 'unknown'} and no report: ${lastLines(end.text) || 'it said nothing'}.`);
}

class VerilatedSimulator implements Simulator {
  readonly hash: string;
  readonly cacheHit: boolean;
  readonly buildSeconds: number;
  readonly versions: readonly string[];
  private readonly layouts: Layouts;

  constructor(readonly manifest: Manifest, private readonly built: BuiltSimulator, private readonly trace: boolean, private readonly cacheDirectory: string) {
    this.hash = built.hash;
    this.cacheHit = built.cacheHit;
    this.buildSeconds = built.seconds;
    this.versions = built.versions;
    this.layouts = layouts(manifest);
  }

  async run(inputs: Streams, options: RunOptions): Promise<RunResult> {
    const begin = performance.now();
    if (options.vcd !== undefined && !this.trace) throw new TestbenchError('usage', 'This simulator was built without waveforms: build it with trace: true.');
    const { stimulus, beats } = this.stimulus(inputs);
    const stalls = (1 - (options.bubbles ?? 0)) * (1 - (options.backpressure ?? 0));
    const maxCycles = options.longestWait === undefined ? Math.min(2 ** 32 - 1, Math.ceil((4 * beats * this.manifest.interval) / stalls) + 2_000_000) : 2 ** 32 - 1;
    return this.inScratch(async directory => {
      const path = (name: string): string => join(directory, name);
      writeFileSync(path('stimulus'), stimulus);
      const args = [...paceArguments(this.manifest, options, maxCycles), `ending=${path('ending')}`, 'source=file', `stimulus=${path('stimulus')}`, `responses=${path('responses')}`,
        ...(options.vcd === undefined ? [] : [`vcd=${options.vcd.file}`, `first=${options.vcd.firstCycle}`, `last=${options.vcd.lastCycle}`])];
      const child = this.start(args, [], options.signal);
      const end = await child.ended;
      options.signal?.throwIfAborted();
      const { cycles } = readEnding(path('ending'), end, this.manifest.top, this.cacheDirectory);
      const responses = this.responses(path('responses'));
      return { ...responses, cycles, seconds: (performance.now() - begin) / 1000 };
    });
  }

  bulk(options: BulkOptions): Promise<BulkResult> {
    const { onOutputs, ...rest } = options;
    const layoutOf = new Map(this.layouts.outputs.map(({ name, layout }) => [name, layout]));
    return this.bulkBlocks({
      ...rest, onBlock: ({ stream, words }) => {
        const layout = layoutOf.get(stream);
        return layout !== undefined && onOutputs(stream, unpack(words, layout));
      },
    });
  }

  async bulkBlocks(options: BlockOptions): Promise<BulkResult> {
    const begin = performance.now();
    const { source } = options;
    if (source.kind !== 'beats' && this.layouts.inputs.length !== 1) {
      throw new TestbenchError('usage', `Operands made by the driver need one input stream; ${this.manifest.top} has ${this.layouts.inputs.length}.`);
    }
    if (source.kind === 'counter' && (source.first < 0n || source.first + BigInt(source.count) > 2n ** 53n)) {
      throw new TestbenchError('usage', `A run can count to 2^53, not from ${source.first} on for ${source.count} beats.`);
    }
    return this.inScratch(async directory => {
      const [responses, stimulus] = await openPipes(directory, source.kind === 'beats' ? 2 : 1);
      if (responses === undefined) throw new TestbenchError('tool', 'No pipe could be opened.');
      const open = new Set([responses.readEnd]);
      const close = (descriptor: number): void => {
        if (open.delete(descriptor)) closeSync(descriptor);
      };
      const endingFile = join(directory, 'ending');
      const args = [...paceArguments(this.manifest, options, Number.MAX_SAFE_INTEGER), `ending=${endingFile}`, ...sourceArguments(source), 'pipe=3'];
      const child = this.start(args, stimulus === undefined ? [responses.writeEnd] : [responses.writeEnd, stimulus.readEnd], options.signal);
      closeSync(responses.writeEnd);
      let writing: Promise<void> = Promise.resolve();
      if (stimulus !== undefined && source.kind === 'beats') {
        closeSync(stimulus.readEnd);
        open.add(stimulus.writeEnd);
        writing = this.send(source.chunks, stimulus.writeEnd).finally(() => close(stimulus.writeEnd));
      }
      // Looked at below; until then a rejection is no stray one.
      writing.catch(() => child.kill());
      try {
        const looked = await this.receive(responses.readEnd, options.onBlock);
        if (looked.stopped) child.kill();
        const end = await child.ended;
        if (looked.stopped) {
          await writing.catch(() => undefined);
          return { cycles: 0, inputBeats: 0, outputBeats: looked.beats, seconds: (performance.now() - begin) / 1000, stopped: true };
        }
        options.signal?.throwIfAborted();
        // If the stimulus could not be made, that is the reason, not the driver that was killed for it.
        await writing;
        const ending = readEnding(endingFile, end, this.manifest.top, this.cacheDirectory);
        return { ...ending, seconds: (performance.now() - begin) / 1000, stopped: false };
      } finally {
        child.kill();
        for (const descriptor of [...open]) if (descriptor === responses.readEnd) close(descriptor);
      }
    });
  }

  private async inScratch<T>(body: (directory: string) => Promise<T>): Promise<T> {
    try {
      return await withScratch(join(this.cacheDirectory, 'tmp'), body);
    } catch (error) {
      throw explainFileError(error, this.cacheDirectory);
    }
  }

  private start(args: readonly string[], descriptors: readonly number[], signal: AbortSignal | undefined): { readonly ended: Promise<ChildEnd>; readonly kill: () => void } {
    signal?.throwIfAborted();
    const child = spawn(this.built.executable, args, { stdio: ['ignore', 'pipe', 'pipe', ...descriptors] });
    trackChild(child);
    const collector = new TextCollector();
    child.stdout?.setEncoding('utf8').on('data', (text: string) => collector.add(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => collector.add(text));
    const kill = (): void => void child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    const ended = new Promise<ChildEnd>((resolve, reject) => {
      child.once('error', error => reject(new TestbenchError('tool', `The simulator ${this.built.executable} cannot be started: ${error.message}.`, { cause: error })));
      child.once('close', (status, endedBy) => resolve({ status, endedBy, text: collector.text() }));
    }).finally(() => signal?.removeEventListener('abort', kill));
    ended.catch(() => undefined);
    return { ended, kill };
  }

  /** The stimulus file of a run and the number of its beats. */
  private stimulus(inputs: Streams): { readonly stimulus: Uint8Array; readonly beats: number } {
    const known = this.layouts.inputs.map(input => input.name);
    const stray = Object.keys(inputs).find(name => !known.includes(name));
    if (stray !== undefined) throw new TestbenchError('usage', `${this.manifest.top} has no input stream ${stray}; it has ${known.join(', ')}.`);
    const header = [stimulusMagic, known.length];
    const packed = this.layouts.inputs.map(({ name, layout }) => {
      const beats = inputs[name];
      if (beats === undefined) throw new TestbenchError('usage', `The stimulus of ${this.manifest.top} lacks the stream ${name}.`);
      header.push(beats.count >>> 0, Math.floor(beats.count / 2 ** 32));
      return { count: beats.count, words: pack(beats, layout) };
    });
    const counts = packed.map(({ count }) => count);
    if (this.manifest.flow === 'none' && new Set(counts).size > 1) {
      throw new TestbenchError('usage', `${this.manifest.top} takes a beat of every stream each clock, so all need the same count, not ${counts.join(', ')}.`);
    }
    const parts = [Uint32Array.from(header), ...packed.map(({ words }) => words)];
    return { stimulus: Buffer.concat(parts.map(part => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))), beats: counts.reduce((sum, count) => sum + count, 0) };
  }

  private responses(path: string): Pick<RunResult, 'outputs' | 'inputCycles' | 'outputCycles'> {
    const bytes = readFileSync(path);
    const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    if (words[0] !== responseMagic) throw new TestbenchError('tool', `The responses of ${this.manifest.top} are not what the driver writes.`);
    const { inputs, outputs } = this.layouts;
    const counts = words.subarray(1, 1 + inputs.length + outputs.length);
    let at = 1 + counts.length;
    const take = (length: number): Uint32Array => words.subarray(at, (at += length));
    const inputCycles = Object.fromEntries(inputs.map(({ name }, index) => [name, take(counts[index] ?? 0)]));
    const outputCycles = Object.fromEntries(outputs.map(({ name }, index) => [name, take(counts[inputs.length + index] ?? 0)]));
    const seen = Object.fromEntries(outputs.map(({ name, layout }, index) => [name, unpack(take((counts[inputs.length + index] ?? 0) * layout.words), layout)]));
    if (at !== words.length) throw new TestbenchError('tool', `The responses of ${this.manifest.top} are cut short.`);
    return { outputs: seen, inputCycles, outputCycles };
  }

  /** Writes chunks as blocks. Ends early, without an error, when the driver has gone: its own report says why. */
  private async send(chunks: Iterable<Streams>, descriptor: number): Promise<void> {
    for (const chunk of chunks) {
      for (const [index, { name, layout }] of this.layouts.inputs.entries()) {
        const beats = chunk[name];
        if (beats === undefined || beats.count === 0) continue;
        const words = pack(beats, layout);
        const block = new Uint32Array(2 + words.length);
        block.set([index, beats.count]);
        block.set(words, 2);
        if (!await writeAll(descriptor, new Uint8Array(block.buffer))) return;
      }
    }
  }

  /** Reads blocks until the driver closes the pipe or `onBlock` has enough. */
  private async receive(descriptor: number, onBlock: BlockOptions['onBlock']): Promise<{ readonly beats: number; readonly stopped: boolean }> {
    let buffer = new Uint8Array(1 << 20);
    let filled = 0;
    let beats = 0;
    for (;;) {
      const { bytesRead } = await read(descriptor, buffer, filled, buffer.length - filled, null);
      if (bytesRead === 0) return { beats, stopped: false };
      filled += bytesRead;
      let at = 0;
      for (;;) {
        const block = this.blockAt(buffer, at, filled);
        if (block === undefined) break;
        beats += block.count;
        at = block.end;
        const wanted = onBlock(block);
        if (!(typeof wanted === 'boolean' ? wanted : await wanted)) return { beats, stopped: true };
      }
      const needed = this.blockBytes(buffer, at, filled);
      const next = needed > buffer.length ? new Uint8Array(needed) : buffer;
      next.set(buffer.subarray(at, filled), 0);
      buffer = next;
      filled -= at;
    }
  }

  private output(index: number): StreamLayout {
    const output = this.layouts.outputs[index];
    if (output === undefined) throw new TestbenchError('tool', `The driver of ${this.manifest.top} sent output of a stream that is not there.`);
    return output;
  }

  /** Bytes of the block that begins at `at`, its header included; 8 while the header is not there yet. */
  private blockBytes(buffer: Uint8Array, at: number, filled: number): number {
    if (filled - at < 8) return 8;
    const [index = 0, count = 0] = new Uint32Array(buffer.buffer, at, 2);
    return 8 + 4 * count * this.output(index).layout.words;
  }

  private blockAt(buffer: Uint8Array, at: number, filled: number): (OutputBlock & { readonly end: number }) | undefined {
    const bytes = this.blockBytes(buffer, at, filled);
    if (filled - at < Math.max(bytes, 8)) return undefined;
    const [index = 0, count = 0] = new Uint32Array(buffer.buffer, at, 2);
    return { stream: this.output(index).name, count, words: new Uint32Array(buffer.buffer, at + 8, (bytes - 8) / 4), end: at + bytes };
  }
}

async function writeAll(descriptor: number, bytes: Uint8Array): Promise<boolean> {
  try {
    for (let at = 0; at < bytes.length;) at += (await write(descriptor, bytes, at, bytes.length - at, null)).bytesWritten;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return false;
    throw error;
  }
}

function sourceArguments(source: BulkSource): readonly string[] {
  switch (source.kind) {
    case 'beats': return ['source=pipe', 'stimulus=4'];
    case 'counter': return ['source=counter', `from=${source.first}`, `count=${source.count}`];
    case 'random': return ['source=random', `state=${source.state.join(',')}`, `count=${source.count}`];
  }
}

/**
 * Builds the simulator of a design, or takes it from the cache (`buildExecutable`).
 * Throws a TestbenchError: `tool` if a tool is missing or fails, `design` if Verilator refuses the Verilog, `usage` for a manifest that does not hold together.
 */
export async function buildSimulator(design: Design, options: BuildOptions): Promise<Simulator> {
  const built = await buildExecutable(design, options);
  return new VerilatedSimulator(design.manifest, built, options.trace, options.cacheDir ?? defaultCacheDirectory());
}
