import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { readCertificate, verifyCertificate } from '../../testbench/certificate.js';
import { renderText } from '../../testbench/picture/text.js';
import { buildSimulator } from '../../testbench/verilator/simulator.js';
import { accuracy } from '../digits/classifier.js';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { runBinarizedNetworks } from './demo-part.js';
import { runLayerMaps } from './layer-run.js';
import { classifyDigits, pixelCode, readNetworks, type BinarizedNetwork } from './network.js';
import { isNetworkGood, runNetwork } from './network-run.js';

const root = mkdtempSync(join(tmpdir(), 'network-run-'));
afterAll(() => rmSync(root, { recursive: true }));
const test = readDigits('test');

function named(name: string): BinarizedNetwork {
  const network = readNetworks().networks.find(({ plan }) => plan.name === name);
  if (network === undefined) throw new Error(`a network ${name} is trained`);
  return network;
}

describe('a binarized network in emitted RTL', { timeout: 600_000 }, () => {
  it('of two planes is bit-exact, on time, and right on 95 % of 250 unseen digits', async () => {
    const network = named('2-bit');
    const digits = sliceDigits(test, 0, 250);
    const steps: string[] = [];
    const run = await runNetwork(network, digits, { directory: join(root, 'good'), tracedDigits: 2, seed: 1, progress: step => steps.push(step) });
    expect(isNetworkGood(run)).toBe(true);
    expect(run.classes).toEqual(classifyDigits(network, digits));
    expect(accuracy(run.classes, digits.labels)).toBeGreaterThanOrEqual(0.95);
    expect(run.layers.map(({ run: { results, promised, late, traced } }) => [results.length, promised, late, traced])).toEqual([
      [250 * 196 * 16, 250 * 196, 0, 2 * 196], [250 * 49 * 32, 250 * 49, 0, 2 * 49], [2500, 250, 0, 2],
    ]);
    for (const { run: { clocks, stalledClocks, files } } of run.layers) {
      // 784 clocks a digit, and a start of weights and rows.
      expect(clocks).toBeGreaterThanOrEqual(250 * 784);
      expect(clocks).toBeLessThan(251 * 784 + 1000);
      expect(stalledClocks).toBeGreaterThan(0);
      expect([files.verilog, files.manifest, files.waves, files.certificate].map(file => statSync(file).size > 0)).toEqual([true, true, true, true]);
    }
    const [first] = run.layers;
    if (first === undefined) throw new Error('a network has layers');
    const certificate = await readCertificate(first.run.files.certificate);
    expect(certificate.checks.map(({ method, compared, verdict }) => [method, compared, verdict])).toEqual([['vectors', 250 * 196, 'pass'], ['waves', 2 * 196, 'pass']]);
    expect(await verifyCertificate(certificate, join(root, 'good', 'layer-1'))).toEqual({ valid: true, problems: [] });
    expect(steps.length).toBe(4);
  });

  it('that is wrong for a sum on its threshold says which map, with a picture, and certifies the failure', async () => {
    const [layer] = named('1-bit').layers;
    if (layer === undefined) throw new Error('a network has layers');
    const { verilog, manifest } = generate('xnor-conv', { ...layer.parameters });
    const broken = verilog.replace(/ <= (\(threshold_word\[\d+\] \?)/, ' < $1');
    expect(broken).not.toBe(verilog);
    const simulator = await buildSimulator({ verilog: broken, manifest }, { trace: true });
    const maps = test.images.slice(0, 4 * 784).map(pixel => pixelCode(pixel, 1));
    const directory = join(root, 'wrong');
    const run = await runLayerMaps({ layer, verilog: broken, manifest, simulator }, maps, { directory, tracedMaps: 1, seed: 1 });
    expect(run.wrong).toBeGreaterThan(0);
    expect(run.late).toBe(0);
    expect(run.failure?.message).toMatch(/^Beat \d+ of stream 'out': .*out_activation.* \(map [0-3]\)\.$/);
    expect(run.failure?.picture === undefined ? '' : renderText(run.failure.picture)).toMatch(/out_activation.*channel 0: sum -?\d+, at (least|most)/s);
    expect((await readCertificate(run.files.certificate)).verdict).toBe('fail');
  });
});

describe('the part of the demo', { timeout: 600_000 }, () => {
  it('tells of both networks and has a row for each layer', async () => {
    const lines: string[] = [];
    const part = await runBinarizedNetworks({
      digits: sliceDigits(test, 0, 5), directory: join(root, 'demo'), seed: 1, signal: new AbortController().signal, write: text => lines.push(text), say: (line = '') => lines.push(`${line}\n`),
    });
    expect(part.good).toBe(true);
    expect(part.rows.map(row => [row.length, ...row.slice(0, 2), row.at(-1)])).toEqual(['1-bit', '2-bit'].flatMap(name => ['1', '2', '3'].map(layer => [part.head.length, name, layer, '0'])));
    expect(lines.join('')).toMatch(/1-bit: .*: as the golden model, [\d.]+ % right \([\d.]+ % of all 10000 test digits\)/);
    expect(JSON.stringify(part.report)).toContain('"network":"2-bit"');
  });
});
