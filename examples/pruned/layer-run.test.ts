import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { convolveDense, zeroSkipSchedule } from '../../golden/index.js';
import { readCertificate } from '../../testbench/certificate.js';
import { buildSimulator } from '../../testbench/verilator/simulator.js';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { runPrunedLayer } from './demo-part.js';
import { runLayer, type LayerInputs } from './layer-run.js';
import { classesOfSums, classifyDigits, featureCodes, layerOf, prunedWeights, readNetworks } from './network.js';
import { coreParameters, prunedLayer } from './plan.js';
import { generatePrunedCore } from './pruned-core.js';

const root = mkdtempSync(join(tmpdir(), 'pruned-layer-'));
afterAll(() => rmSync(root, { recursive: true }));
const test = readDigits('test');
const network = readNetworks().networks[1];
if (network === undefined) throw new TypeError('the second network is pruned');
// Fewer lanes than in the demo: the simulators are built sooner.
const parameters = { ...coreParameters('weight+input', 2), lanes: 4 };
const design = generatePrunedCore(parameters);
const inputsOf = (count: number): LayerInputs => ({ weights: layerOf(network, prunedLayer).weights, thresholds: network.thresholds, maps: featureCodes(network, test, 0, count) });

describe('the pruned layer in emitted RTL', { timeout: 600_000 }, () => {
  it('is bit-exact, counts as the cycle model, and reads each weight once', async () => {
    const simulator = await buildSimulator(design, { trace: true });
    const inputs = inputsOf(5);
    const run = await runLayer({ parameters, verilog: design.verilog, simulator }, inputs, { directory: root, tracedDigits: 1, seed: 1 });
    expect([run.wrong, run.failure, run.digits]).toEqual([0, undefined, 5]);
    const { weights, report } = prunedWeights(network);
    const size = 14 * 14 * 16;
    const maps = Array.from({ length: 5 }, (_, digit) => inputs.maps.subarray(digit * size, (digit + 1) * size));
    expect(run.sums).toEqual(Int32Array.from(maps.flatMap(map => [...convolveDense(map, weights, parameters)])));
    const counters = maps.map(map => zeroSkipSchedule({ weightBits: weights.map(Math.abs), inputBits: map }, parameters));
    expect([run.clocks, run.products]).toEqual([counters.reduce((sum, { cycles }) => sum + cycles, 0), counters.reduce((sum, { products }) => sum + products, 0)]);
    expect(run.report).toEqual(report);
    expect(run.report.reads).toBe(32 * 3 * 3 * 16);
    expect(classesOfSums(network, run.sums)).toEqual(classifyDigits(network, sliceDigits(test, 0, 5)));
    expect(run.traced).toBe(14 * 14 * 32);
    expect(run.stalledClocks).toBeGreaterThan(0);
    expect(statSync(join(root, `${design.manifest.top}.vcd`)).size).toBeGreaterThan(0);
    expect((await readCertificate(join(root, `${design.manifest.top}.certificate.json`))).verdict).toBe('pass');
  });

  it('that prunes weights at their threshold, too, is caught in bulk and on the waves', async () => {
    const broken = design.verilog.replace(/(is_small\s*=\s*[^;]*)<([^;]*;)/, '$1<=$2');
    expect(broken).not.toBe(design.verilog);
    const simulator = await buildSimulator({ verilog: broken, manifest: design.manifest }, { trace: true });
    const run = await runLayer({ parameters, verilog: broken, simulator }, inputsOf(2), { directory: join(root, 'wrong'), tracedDigits: 1, seed: 1 });
    expect(run.wrong).toBeGreaterThanOrEqual(2);
    expect(run.failure?.message).toMatch(/^Beat \d+ of stream '(output|report)': /);
    expect((await readCertificate(join(root, 'wrong', `${design.manifest.top}.certificate.json`))).verdict).toBe('fail');
  });
});

describe('the part of the demo', { timeout: 600_000 }, () => {
  it('has a row for each mode, and skipping is several times as fast', async () => {
    const lines: string[] = [];
    const part = await runPrunedLayer({
      digits: sliceDigits(test, 0, 3), directory: join(root, 'demo'), seed: 1, signal: new AbortController().signal, write: text => lines.push(text), say: (line = '') => lines.push(`${line}\n`),
    });
    expect(part.good).toBe(true);
    expect(part.rows.map(row => [row.length, ...row.slice(0, 3), row.at(-1)])).toEqual([['dense', 'none', '2'], ['dense', 'weight+input', '3'], ['pruned', 'weight+input', '3']].map(row => [part.head.length, ...row, '0']));
    const speedUps = part.rows.map(row => Number.parseFloat(row[part.head.indexOf('speed-up')] ?? ''));
    expect(speedUps[0]).toBe(1);
    expect(speedUps[2]).toBeGreaterThan(2 * (speedUps[1] ?? 0));
    expect(lines.join('')).toMatch(/pruned layer: .*: as the golden model\n.* test digits: [\d.]+ % dense, [\d.]+ % pruned after training, [\d.]+ % trained with pruning/);
    expect(JSON.stringify(part.report)).toContain('"reads":4608');
  });
});
