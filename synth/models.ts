import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { primitiveModels } from '../generators/primitives/index.js';
import { packageRoot } from '../system/package-root.js';
import type { Synthesis } from './synthesize.js';
import type { Target } from './targets.js';
import { runYosys, textOf, YosysFailure, type YosysOptions } from './yosys/run.js';

/** Our simulation models of the cells that synthesis makes of logic on a target; empty where it makes none that need them. */
export function ownModels({ name }: Target): string {
  return name === 'generic' ? '' : `${primitiveModels(name)}\n${readFileSync(join(packageRoot(), 'synth', 'cells', `${name}.v`), 'utf8')}`;
}

/**
 * Lines of a script of Yosys that give the cells of the design models, also where there is a module with nothing but its ports: ours from `cells.v` among its files, and those that come with Yosys for what ours lack.
 */
export function readModels({ models }: Target): readonly string[] {
  return ['delete =A:blackbox', 'read_verilog -defer -nooverwrite cells.v', ...models.map(file => `read_verilog -defer -nooverwrite -D NO_ICE40_DEFAULT_ASSIGNMENTS ${file}`)];
}

/** A netlist that any simulator runs, or the type of a cell that has no model. */
export type Modelled = { readonly verilog: string } | { readonly missing: string };

/**
 * The netlist of a synthesis with the models of its cells in place of them.
 * @throws YosysFailure where Yosys fails
 */
export async function modelled({ netlist, source: { top }, target, yosys }: Synthesis, options: Pick<YosysOptions, 'cacheDir' | 'signal'> = {}): Promise<Modelled> {
  const script = ['read_verilog netlist.v', ...readModels(target), `hierarchy -check -top ${top}`, 'proc', 'flatten', 'opt_clean', 'write_verilog -noattr modelled.v'];
  try {
    const result = await runYosys(() => script, { 'netlist.v': netlist, 'cells.v': ownModels(target) }, ['modelled.v'], { ...options, yosys });
    return { verilog: withPortList(textOf(result, 'modelled.v')) };
  } catch (error) {
    const missing = error instanceof YosysFailure ? /^Module `\\?([^']+)' referenced/.exec(error.problem)?.[1] : undefined;
    if (missing === undefined) throw error;
    return { missing };
  }
}

/** A module of Yosys with its ports declared in its head, as simulators that trace ports alone look for them there. */
function withPortList(verilog: string): string {
  const [head = ''] = /^module .*$/m.exec(verilog) ?? [];
  const ports = [...verilog.matchAll(/^ {2}(input|output|inout) (\[\d+:\d+\] )?(\S+) ?;$/gm)].map(([line, direction = '', range = '', name = '']) => ({ line, direction, range, name }));
  const gone = new Set<string>();
  const lines = verilog.split('\n');
  const declared = ports.map(({ line, direction, range, name }) => {
    const register = lines.find(each => each === `  reg ${range}${name};` || each.startsWith(`  reg ${range}${name} = `));
    for (const each of [line, `  wire ${range}${name};`, register ?? '']) gone.add(each);
    return `  ${direction} ${register === undefined ? `${range}${name}` : register.trim().replace(';', '')}`;
  });
  const list = `${head.slice(0, head.indexOf('('))}(\n${declared.join(',\n')}\n);`;
  return lines.filter(line => line === '' || !gone.has(line)).map(line => (line === head ? list : line)).join('\n');
}
