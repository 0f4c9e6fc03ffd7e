import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Certificate, CertifiedCheck, CertifiedShard } from './certificate.js';
import { coverageCounts, mergeCoverage, type CoverageCounts } from './coverage-report.js';
import { TestbenchError } from './errors.js';
import type { Manifest, ParameterValue } from './manifest.js';
import { createRandom } from './random.js';
import type { Stimulus, Unit } from './unit.js';
import { checkBulk, type BulkFigures } from './verification/bulk.js';
import { repeatCommand } from './verification/command.js';
import type { Failure } from './verification/failure.js';
import { bulkParts } from './verification/operands.js';
import { shardRange, type Shard } from './verification/shard.js';
import { checkWaves, type WaveFigures } from './verification/waves.js';
import type { Design } from './verilator/build.js';
import { defaultCacheDirectory } from '../system/cache.js';
import { together } from '../system/child.js';
import { withScratch } from '../system/scratch.js';
import { buildSimulator, type Simulator } from './verilator/simulator.js';

/** How far a verification is. */
export interface VerifyProgress {
  readonly stage: 'build' | 'waves' | 'bulk';
  /** Output beats compared in this stage so far, and how many there will be about; both 0 while building. */
  readonly done: number;
  readonly total: number;
}

export interface VerifyOptions {
  /** Decides operands, bubbles, backpressure and the bits that registers hold before reset; 1 if not given. An integer in 0 .. 2^53 - 1. */
  readonly seed?: number;
  /**
   * Input beats of the bulk run, or `exhaustive`: all operands. If not given: all operands where they are at most 2^20, else 2^20 beats, fewer for wide units
   * (2^28 bits of operands). 0 leaves the bulk run out.
   */
  readonly vectors?: number | 'exhaustive';
  /** The part of an exhaustive run that is done here; all of it if not given. */
  readonly shard?: Shard;
  /** Input beats whose waveforms are checked: 2000 if not given, fewer for wide units. 0 leaves the waveforms out. */
  readonly waveBeats?: number;
  /** Probability, a clock, of a bubble and of backpressure in the run with stalls; 0.25 if not given. */
  readonly bubbles?: number;
  readonly backpressure?: number;
  /** Where a failure leaves waveform and picture; nothing is left if not given. */
  readonly failureDirectory?: string;
  readonly cacheDir?: string;
  /** Whether Verilog that Verilator warns of is refused: true if not given, and for what the generators write; false for Verilog from elsewhere. */
  readonly lint?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: VerifyProgress) => void;
}

/** What came out. It can be written as JSON. */
export interface Verdict {
  readonly schema: 1;
  readonly verdict: 'pass' | 'fail';
  readonly unit: string;
  readonly top: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly seed: number;
  /** The command that does it again. */
  readonly command: string;
  readonly waves: WaveFigures;
  readonly bulk: BulkFigures;
  /**
   * Cases of the unit and of the handshakes, with how often each was seen, in bulk in the first 2^20 beats and until none is missed; `missed` names those
   * never seen.
   */
  readonly coverage: CoverageCounts;
  /** The first failure. */
  readonly failure?: Failure;
  /** The same as the checks of a certificate. */
  readonly checks: readonly CertifiedCheck[];
  /** Versions of the tools that took part. */
  readonly tools: Certificate['tools'];
  /** SHA-256 of the Verilog by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** The two builds; nearly 0 where both were in the cache. */
  readonly buildSeconds: number;
  /** All of it. */
  readonly seconds: number;
}

const noWaves: WaveFigures = { beats: 0, elements: 0, cycles: 0, exactLatencies: 0, boundedLatencies: 0, promisedClocks: 0, stalledCycles: 0, bubbles: 0, backpressure: 0, seconds: 0 };
const noBulk: BulkFigures = { method: 'none', beats: 0, bits: 0, cycles: 0, seconds: 0 };

function checkOptions(options: VerifyOptions): void {
  for (const key of ['vectors', 'waveBeats'] as const) {
    const value = options[key];
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0)) throw new TestbenchError('usage', `${key} is a number of beats, 0 or more, not ${value}.`);
  }
  if (options.vectors === 0 && options.waveBeats === 0) throw new TestbenchError('usage', 'Without vectors and without waveforms nothing would be compared.');
}

function toolVersions(manifest: Manifest, simulator: Simulator): Certificate['tools'] {
  const [verilator = '', compiler = ''] = simulator.versions;
  return { [manifest.tool.name]: manifest.tool.version, verilator: verilator.replace(/^Verilator /, ''), 'c++': compiler, node: process.versions.node };
}

/** Characters of Verilog above which one simulator serves both stages: a second build would take longer than the bulk run that it speeds up. */
const builtOnce = 400_000;

/** Both simulators of a design at once. A failure of one is passed on when the other has ended too. */
async function buildBoth(design: Design, options: VerifyOptions): Promise<{ readonly traced: Simulator; readonly plain: Simulator }> {
  const build = (trace: boolean): Promise<Simulator> => buildSimulator(design, {
    trace, ...(options.lint === undefined ? {} : { lint: options.lint }), ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }), ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const traced = build(true);
  const plain = design.verilog.length > builtOnce ? traced : build(false);
  await together([traced, plain]);
  return { traced: await traced, plain: await plain };
}

function certified(stage: { readonly method: CertifiedCheck['method']; readonly compared: number }, failure: Failure | undefined, rest: Partial<CertifiedCheck>): CertifiedCheck {
  return { ...stage, ...rest, verdict: failure === undefined ? 'pass' : 'fail', ...(failure === undefined ? {} : { failure: failure.message }) };
}

function certifiedShard(shard: Shard, { exhaustive }: Stimulus): CertifiedShard {
  const total = exhaustive?.count ?? 0n;
  return { ...shard, ...shardRange(total, shard), total: Number(total) };
}

/**
 * Verifies a generated design against its unit's golden model: on waveforms (transactions, latency, handshake rules, with bubbles and backpressure), then in bulk, with
 * as many operands as asked or all there are. It stops at the first failure; a mismatch in bulk is repeated with waveforms and drawn. A design that is wrong
 * resolves to a verdict of `fail`.
 * Throws a TestbenchError: `tool` if a tool is missing or fails, `design` if Verilator refuses the Verilog, `usage` for options that are not possible. Rejects with the
 * abort reason if `signal` aborts.
 */
export async function verify(unit: Unit, generated: Design, options: VerifyOptions = {}): Promise<Verdict> {
  const begin = performance.now();
  checkOptions(options);
  const { manifest } = generated;
  const { seed = 1, bubbles = 0.25, backpressure = 0.25, signal, failureDirectory: directory } = options;
  const progress = options.progress ?? (() => undefined);
  const random = createRandom(seed);
  progress({ stage: 'build', done: 0, total: 0 });
  const { traced, plain } = await buildBoth(generated, options);
  const buildSeconds = (performance.now() - begin) / 1000;
  const coverage = unit.coverage(manifest);
  const stimulus = unit.stimulus(manifest);
  const parts = options.vectors === 0 ? [] : bulkParts(manifest, stimulus, random.fork('bulk'), seed, options.vectors, options.shard);
  return withScratch(join(options.cacheDir ?? defaultCacheDirectory(), 'tmp'), async scratch => {
    progress({ stage: 'waves', done: 0, total: options.waveBeats ?? 0 });
    const waves = options.waveBeats === 0
      ? { figures: noWaves, handshakes: {} }
      : await checkWaves(unit, traced, coverage, random.fork('waves'), { seed, beats: options.waveBeats, bubbles, backpressure, directory, signal }, scratch);
    const total = parts.reduce((sum, part) => sum + part.count, 0);
    progress({ stage: 'bulk', done: 0, total });
    const bulk = waves.failure !== undefined || parts.length === 0
      ? { figures: noBulk, coverage: [] }
      : await checkBulk(unit, plain, parts, coverage, { directory, signal, progress: done => progress({ stage: 'bulk', done, total }), traced: () => Promise.resolve(traced) }, scratch);
    const failure = waves.failure ?? bulk.failure ?? nothingCompared(manifest, waves.figures.beats + bulk.figures.beats);
    const checks = [
      ...(options.waveBeats === 0 ? [] : [certified({ method: 'waves', compared: waves.figures.beats }, waves.failure, { seed, bubbles: waves.figures.bubbles, backpressure: waves.figures.backpressure })]),
      ...(bulk.figures.method === 'none' ? [] : [certified({ method: bulk.figures.method, compared: bulk.figures.beats }, bulk.failure, {
        ...(bulk.figures.method === 'vectors' ? { seed } : {}), ...(options.shard === undefined ? {} : { shard: certifiedShard(options.shard, stimulus) }),
      })]),
    ];
    return {
      schema: 1, verdict: failure === undefined ? 'pass' : 'fail', unit: manifest.unit, top: manifest.top, parameters: manifest.parameters, seed,
      command: repeatCommand(manifest, { seed, vectors: options.vectors, shard: options.shard === undefined ? undefined : `${options.shard.index}/${options.shard.of}`, waveBeats: options.waveBeats, bubbles: options.bubbles, backpressure: options.backpressure }),
      waves: waves.figures, bulk: bulk.figures,
      coverage: mergeCoverage([coverageCounts(coverage), ...bulk.coverage, { counts: waves.handshakes, missed: [] }]),
      ...(failure === undefined ? {} : { failure }),
      checks, tools: toolVersions(manifest, plain),
      files: { [manifest.files[0] ?? `${manifest.top}.v`]: createHash('sha256').update(generated.verilog).digest('hex') },
      buildSeconds, seconds: (performance.now() - begin) / 1000,
    };
  });
}

/** A verification that compared nothing has not passed. */
function nothingCompared(manifest: Manifest, beats: number): Failure | undefined {
  return beats > 0 ? undefined : { stage: 'bulk', kind: 'run', message: `Nothing was compared: ${manifest.top} gave no output beat, and none was expected.`, files: [] };
}
