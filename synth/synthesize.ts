import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, contentHash, defaultCacheDirectory } from '../system/cache.js';
import { SynthesisError } from './error.js';
import { cellsByKind, cellsByType, clockNets, lutLevels, netlistModule, outputsOfLuts, portOf, type NetlistModule } from './netlist.js';
import type { HarnessPort } from './placement/harness.js';
import { targets, type CellKind, type Target, type TargetName } from './targets.js';
import { findYosys, type Yosys } from './yosys/find.js';
import { runYosys, textOf, YosysFailure } from './yosys/run.js';

/** Verilog that is to be mapped. */
export interface Source {
  readonly verilog: string;
  /** Name of its file, for messages. */
  readonly file: string;
  readonly top: string;
}

export interface SynthesisOptions {
  readonly target: TargetName;
  /** May hard multipliers be used? */
  readonly dsp: boolean;
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** What synthesis made of a design. */
export interface Synthesis {
  readonly source: Source;
  readonly target: Target;
  readonly dsp: boolean;
  readonly yosys: Yosys;
  /** Cells by their type. */
  readonly cells: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<CellKind, number>>;
  /** LUTs on the longest path; carry chains cost nothing. */
  readonly levels: number;
  /** Bits of the outputs that a LUT drives. */
  readonly outputLuts: number;
  /** Nets that clock flip-flops. */
  readonly clocks: number;
  readonly clockPort?: string;
  readonly ports: readonly HarnessPort[];
  /** The mapped netlist as Verilog. */
  readonly netlist: string;
}

/** Raised when what is kept changes in a way that the hash does not see. */
const layout = '2';

/**
 * Maps a design to the cells of a target with Yosys, or takes the result from the cache.
 * @throws SynthesisError of kind 'usage' where the Verilog does not parse, has no such top or lacks a module; 'tool' where Yosys is missing, fails or runs out of memory
 */
export async function synthesize(source: Source, options: SynthesisOptions): Promise<Synthesis> {
  const target = targets[options.target];
  const yosys = await findYosys();
  const cacheDirectory = options.cacheDir ?? defaultCacheDirectory();
  const dsp = options.dsp && target.hasDsp;
  const script = scriptOf(source, target, dsp);
  const key = contentHash([layout, yosys.version, ...script, source.verilog]);
  const { directory } = await cached(cacheDirectory, 'synthesis', key, async folder => {
    const made = await runYosys(() => script, { [source.file]: source.verilog }, outputs, { yosys, cacheDir: cacheDirectory, ...(options.signal === undefined ? {} : { signal: options.signal }) })
      .catch((error: unknown) => {
        throw explained(error, source, target);
      });
    for (const name of outputs) writeFileSync(join(folder, name), textOf(made, name));
  });
  const [netlist = '', json = ''] = outputs.map(name => readFileSync(join(directory, name), 'utf8'));
  const module = netlistModule(json, source.top);
  for (const type of Object.keys(cellsByType(module))) {
    const stranger = strangerOf(type, target, source);
    if (stranger !== undefined) throw stranger;
  }
  return { source, target, dsp, yosys, netlist, ...figuresOf(target, module) };
}

const outputs = ['netlist.v', 'netlist.json'] as const;

function scriptOf({ file, top }: Source, target: Target, dsp: boolean): readonly string[] {
  return [
    // The synthesis of a target checks the hierarchy as well, once it has read the target's cells, which the design may instance.
    `read_verilog ${file.endsWith('.sv') ? '-sv ' : ''}${file}`, `${target.synthesis(dsp)} -top ${top}`,
    'write_json netlist.json', 'write_verilog -noattr netlist.v',
  ];
}

function figuresOf(target: Target, module: NetlistModule): Omit<Synthesis, 'source' | 'target' | 'dsp' | 'yosys' | 'netlist'> {
  const cells = cellsByType(module);
  const clocks = clockNets(target, module);
  const clockPort = portOf(module, clocks);
  return {
    cells, kinds: cellsByKind(target, cells), levels: lutLevels(target, module), outputLuts: outputsOfLuts(target, module), clocks: clocks.length, ...(clockPort === undefined ? {} : { clockPort }),
    ports: Object.entries(module.ports).map(([name, { direction, bits }]) => ({ name, direction: direction === 'input' ? 'input' : 'output', width: bits.length })),
  };
}

/** The error of a cell that another target has and this one has not; undefined for all others. */
function strangerOf(type: string, target: Target, { file }: Source): SynthesisError | undefined {
  const has = ({ cells }: Target): boolean => cells.some(([pattern]) => pattern.test(type));
  const owner = has(target) ? undefined : Object.values(targets).find(has);
  return owner === undefined ? undefined
    : new SynthesisError('usage', `${file} instantiates ${type}, a cell of ${owner.title}, and was to be synthesized for ${target.title}: give --target ${owner.name}.`);
}

/** What Yosys says of the Verilog is the caller's; all else is the tool's. */
export function explained(error: unknown, source: Source, target?: Target): unknown {
  const { file, top } = source;
  if (!(error instanceof YosysFailure) || error.outOfMemory) return error;
  const { problem } = error;
  if (/^Module .*not found/.test(problem)) return new SynthesisError('usage', `${file} has no module '${top}'.`, { cause: error });
  const missing = /^Module `\\?([^']+)' referenced in module `\\?([^']+)' .*is not part of the design/.exec(problem);
  const stranger = missing === null || target === undefined ? undefined : strangerOf(missing[1] ?? '', target, source);
  if (stranger !== undefined) return stranger;
  if (missing !== null) return new SynthesisError('usage', `The module '${missing[1] ?? ''}' that '${missing[2] ?? ''}' instantiates is not in ${file}.`, { cause: error });
  return problem.startsWith(`${file}:`) ? new SynthesisError('usage', `Yosys does not take ${problem}.`, { cause: error }) : error;
}
