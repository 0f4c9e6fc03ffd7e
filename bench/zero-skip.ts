import { join } from 'node:path';
import { writeWhole } from '../testbench/index.js';
import { packageRoot } from '../system/package-root.js';
import { machineLines } from './machine.js';
import { rowsMarkdown, type Row } from './row.js';
import { mustRows } from './zero-skip/musts.js';
import { sweepPage, sweepTitle } from './zero-skip/page.js';
import { plotSweep } from './zero-skip/plot.js';
import { layer } from './zero-skip/run.js';
import { sweep } from './zero-skip/sweep.js';

const plotName = 'zero-skip.svg';

/**
 * What the zero-skip convolution reaches on tiles with random and clustered zeros, all through the emitted core in Verilator. Leaves the figures, their table and the plot in
 * `build/bench/`, and with `write` the page and the plot in `docs/`.
 */
export async function zeroSkipRows(write: boolean): Promise<readonly Row[]> {
  const sweeps = await sweep();
  const rows = await mustRows(sweeps);
  const page = sweepPage(sweeps, rowsMarkdown(rows), plotName, machineLines());
  const plot = plotSweep(sweeps, sweepTitle, layer.lookahead);
  const place = join(packageRoot(), 'build', 'bench');
  await writeWhole(join(place, 'zero-skip.json'), `${JSON.stringify({ schema: 1, layer, rows, sweeps }, undefined, 1)}\n`);
  for (const folder of [place, ...(write ? [join(packageRoot(), 'docs')] : [])]) {
    await writeWhole(join(folder, 'zero-skip-bench.md'), page);
    await writeWhole(join(folder, plotName), plot);
  }
  return rows;
}
