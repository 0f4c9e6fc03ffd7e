import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accuracy } from '../digits/classifier.js';
import { DigitsError } from '../digits/error.js';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { classifyDigits, featureCodes, layerOf, networkToFile, networksFile, parseNetworks, prunedWeights, readNetworks, type NetworksFile } from './network.js';
import { prunedLayer } from './plan.js';

const { training, networks } = readNetworks();
const [dense, pruned] = networks;
if (dense === undefined || pruned === undefined) throw new TypeError('two networks are trained');
const test = readDigits('test');

describe('the trained networks', () => {
  it('classify unseen digits as their file says', { timeout: 240_000 }, () => {
    const some = sliceDigits(test, 4000, 400);
    for (const network of networks) {
      expect(network.testAccuracy).toBeGreaterThan(0.97);
      expect(Math.abs(accuracy(classifyDigits(network, some), some.labels) - network.testAccuracy)).toBeLessThan(0.03);
    }
    expect(pruned.testAccuracy).toBeGreaterThan(training.prunedAtOnce);
  });

  it('are dense, and pruned finely and by runs', () => {
    const [all, some] = [dense, pruned].map(network => prunedWeights(network).report);
    expect(all).toMatchObject({ reads: 4608, fine: 0, runs: 0 });
    expect(some?.reads).toBe(4608);
    expect(some?.kept).toBeLessThan(0.25 * 4608);
    expect(some?.runs).toBeGreaterThan(100);
    // Before pruning, its weights are as dense as the other's.
    expect(layerOf(pruned, prunedLayer).weights.filter(weight => weight === 0).length).toBeLessThan(0.1 * 4608);
  });

  it('have feature maps that fill their eight bits and are zero in many places', () => {
    const codes = featureCodes(pruned, test, 0, 100);
    expect(codes.length).toBe(100 * 14 * 14 * 16);
    expect(codes.every(code => code >= 0 && code <= 255)).toBe(true);
    expect(codes.reduce((a, b) => Math.max(a, b), 0)).toBeGreaterThan(200);
    expect(codes.filter(code => code === 0).length / codes.length).toBeGreaterThan(0.3);
  });
});

describe('the file of networks', () => {
  const text = readFileSync(networksFile(), 'utf8');

  it('is what its networks are written as', () => {
    const file: NetworksFile = { training, networks: networks.map(networkToFile) };
    expect(`${JSON.stringify(file, undefined, 1)}\n`).toBe(text);
  });

  it.each([
    ['{', /^w\.json is not JSON: /],
    [text.replace('"testAccuracy"', '"accuracy"'), /^w\.json holds no pruned networks: networks\.0/],
    [text.replace('"pruned"', '"other"'), /^w\.json holds other networks than dense and pruned\.$/],
    [text.replace(/"weights": "..../, '"weights": "'), /^w\.json, network dense, layer 0 has 397 weights and 16 channels, not 400 and 16\.$/],
  ])('is refused in one sentence where it is broken', (broken, message) => {
    expect(broken).not.toBe(text);
    const parse = (): unknown => parseNetworks(broken, 'w.json');
    expect(parse).toThrow(DigitsError);
    expect(parse).toThrow(message);
  });

  it('that is not there is named', () => {
    expect(() => readNetworks('no/such.json')).toThrow(/^no\/such\.json cannot be read: /);
  });
});
