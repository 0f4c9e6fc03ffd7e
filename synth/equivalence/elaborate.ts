import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../system/package-root.js';
import { SynthesisError } from '../error.js';
import { runYosys, textOf, YosysFailure, type YosysOptions } from '../yosys/run.js';
import type { VerilogDesign } from './equivalence.js';
import { parseNetlist } from './netlist.js';
import { listedPorts, type Port } from './ports.js';

/** A design as Yosys has read it: one flat module, still of words. */
export interface ElaboratedDesign {
  readonly name: string;
  /** In the order of the module. */
  readonly ports: readonly Port[];
  /** Registers, latches and memories. */
  readonly registers: number;
  /** Memories that were kept, and all of their bits. */
  readonly memories: number;
  readonly memoryBits: number;
  /** The module, named `design`, in Yosys' own language. */
  readonly rtlil: string;
  /** The same in JSON. */
  readonly json: string;
}

/** The vendors' primitives that generators instance, as tables, so that what a primitive takes in and gives can still be seen. */
export function primitiveTables(): string {
  return readFileSync(join(packageRoot(), 'synth', 'cells', 'tables.v'), 'utf8');
}

/**
 * Reads a design, and flattens it. The vendors' primitives that generators instance need no definition in it.
 * @param memories whether memories stay what they are, or become registers
 * @throws SynthesisError of kind 'design' where Yosys does not take it or it has not its top module, 'tool' where Yosys is missing or fails
 */
export async function elaborate(design: VerilogDesign, options: YosysOptions = {}, memories: 'kept' | 'mapped' = 'mapped'): Promise<ElaboratedDesign> {
  const { name, verilog, top } = design;
  const script = [
    'read_verilog design.v', 'delete =A:blackbox', 'read_verilog -icells -defer -nooverwrite primitives.v', `hierarchy -check -top ${top}`, 'proc', 'flatten', memories === 'kept' ? 'memory_collect' : 'memory', 'dffunmap', 'opt_clean', `rename ${top} design`, 'portlist design',
    'log Registers:', 'select -list t:$*ff* t:$*latch* t:$sr t:$mem*', 'log End.', 'write_rtlil design.il', 'write_json design.json',
  ];
  try {
    const result = await runYosys(() => script, { 'design.v': verilog, 'primitives.v': primitiveTables() }, ['design.il', 'design.json'], options);
    const [, registers = ''] = /^Registers:\s*\n([\s\S]*?)^End\.\s*$/m.exec(result.output) ?? [];
    const json = textOf(result, 'design.json');
    const memorySizes = Object.values(parseNetlist(json, 'design').cells).filter(({ type }) => type.startsWith('$mem')).map(({ parameters: { SIZE, WIDTH } }) => parseInt(String(SIZE), 2) * parseInt(String(WIDTH), 2));
    return { name, ports: listedPorts(result.output).at(-1) ?? [], memories: memorySizes.length, memoryBits: memorySizes.reduce((sum, bits) => sum + bits, 0), registers: registers.split('\n').filter(line => line.startsWith('design/')).length, rtlil: textOf(result, 'design.il'), json };
  } catch (error) {
    if (!(error instanceof YosysFailure) || error.outOfMemory) throw error;
    const { problem } = error;
    if (/Module `?\\?\S+' not found|top module .* not found/i.test(problem)) throw new SynthesisError('design', `${name} has no module '${top}'.`, { cause: error });
    throw new SynthesisError('design', `Yosys refuses ${name}: ${problem.replace(/^design\.v/, 'line').replace(/^line:(\d+):?/, 'line $1:')}.`, { cause: error });
  }
}
