import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../testbench/index.js';
import { sweepPage } from './page.js';
import { plotSweep } from './plot.js';
import { layer, runTiles, utilization } from './run.js';
import type { LaneSweep } from './sweep.js';
import { sparseTile, zeroKinds } from './tiles.js';

const small = { ...layer, inputChannels: 16, outputChannels: 8, height: 5, width: 5, lanes: 4, lookahead: 32 };

describe('tiles through the emitted core', { timeout: 120_000 }, () => {
  it('are counted by it as by the cycle model, and all-zero tiles take next to nothing', async () => {
    const random = createRandom(3);
    const shares = [0, 0.6, 1];
    const runs = await runTiles(small, shares.flatMap(share => zeroKinds.map(kind => sparseTile(small, { weights: share, inputs: share }, kind, random))));
    expect(runs.map(({ good }) => good)).toEqual(runs.map(() => true));
    const [dense, , , , empty] = runs;
    expect(dense?.products).toBe(9 * 8 * 144);
    expect(utilization(dense ?? { products: 0, cycles: 1 }, small.lanes)).toBeGreaterThan(0.9);
    expect(empty?.products).toBe(0);
    expect(empty?.cycles).toBeLessThan(30);
  });
});

describe('the page and the plot of a sweep', () => {
  const measured = { clocks: 500, pairs: 4000, speedUp: 2, utilization: 0.5, good: true };
  const sweeps: readonly LaneSweep[] = [{ lanes: 16, denseClocks: 1000, good: true, cells: [{ weights: 0.5, inputs: 0.3, kinds: { random: measured, clustered: { ...measured, clocks: 501 } } }] }];

  it('have a line and two marks for each share of zeros', () => {
    expect(sweepPage(sweeps, [], 'plot.svg', [])).toContain('| 50 | 30 | 4.0 x | 500 | 2.0 x | 50.0 | 501 | 2.0 x | 50.0 |');
    const svg = plotSweep(sweeps, 'a < b', 128);
    expect(svg).toContain('a &lt; b');
    // A circle and a diamond in each of the two panels, and in the legend.
    expect([svg.match(/<circle /g)?.length, svg.match(/<path /g)?.length]).toEqual([3, 3]);
    // Four times ideal and two times reached, on axes of 260 and 220 points up to a factor of 450.
    const rounded = (value: number): number => Number(value.toFixed(1));
    expect(svg).toContain(`cx="${rounded(260 * Math.log(4) / Math.log(450))}" cy="${rounded(220 - 220 * Math.log(2) / Math.log(450))}"`);
  });

  it('that are checked in are of the layer that is swept', () => {
    const page = readFileSync(new URL('../../docs/zero-skip-bench.md', import.meta.url), 'utf8');
    expect(page.startsWith(sweepPage([], [], 'zero-skip.svg', []).split('\n## ')[0]?.trimEnd() ?? '-')).toBe(true);
    expect(page.match(/^\| \d+ \| \d+ \| [\d.]+ x \|/gm)?.length).toBe(3 * 49);
    expect(page).not.toContain('(missed)');
  });
});
