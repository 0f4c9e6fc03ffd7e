import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../system/package-root.js';
import type { Target } from './targets.js';

/** Our simulation models of the cells that synthesis makes of logic on a target; empty where it makes none that need them. */
export function ownModels({ name }: Target): string {
  return name === 'generic' ? '' : readFileSync(join(packageRoot(), 'synth', 'cells', `${name}.v`), 'utf8');
}

/**
 * Lines of a script of Yosys that give the cells of the design models: ours from `cells.v` among its files, and those that come with Yosys for what ours lack.
 */
export function readModels({ models }: Target): readonly string[] {
  return ['read_verilog -defer -nooverwrite cells.v', ...models.map(file => `read_verilog -defer -nooverwrite -D NO_ICE40_DEFAULT_ASSIGNMENTS ${file}`)];
}
