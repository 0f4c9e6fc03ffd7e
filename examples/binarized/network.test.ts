import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { convolutionSizes } from '../../golden/index.js';
import { accuracy } from '../digits/classifier.js';
import { DigitsError } from '../digits/error.js';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { classifyDigits, classOf, networksFile, packCodes, parseNetworks, pixelCode, readNetworks, unpackCodes } from './network.js';

const { networks } = readNetworks();
const test = readDigits('test');

describe('the trained networks', () => {
  it('fit together layer by layer, with planes of one and of two bits', () => {
    expect(networks.map(({ plan }) => plan.name)).toEqual(['1-bit', '2-bit']);
    for (const { plan, layers, biases } of networks) {
      expect(layers.length).toBe(3);
      expect(biases.length).toBe(10);
      layers.forEach(({ parameters }, index) => {
        const { outputHeight, outputWidth } = convolutionSizes(parameters);
        const next = layers[index + 1]?.parameters;
        if (next === undefined) expect([outputHeight, outputWidth, parameters.outputChannels, parameters.output]).toEqual([1, 1, 10, 'integer']);
        else expect([next.height, next.width, next.inputChannels, next.activationPlanes]).toEqual([outputHeight, outputWidth, parameters.outputChannels, plan.layers[index]?.outputPlanes]);
      });
    }
    expect(networks.map(({ layers }) => layers[1]?.parameters.output)).toEqual(['sign', 'levels']);
  });

  it('reach on all test digits what their file says, with two bits at least 95 %', () => {
    const [oneBit, twoBit] = networks;
    if (oneBit === undefined || twoBit === undefined) throw new Error('two networks are trained');
    expect(accuracy(classifyDigits(twoBit, test), test.labels)).toBe(twoBit.testAccuracy);
    expect(twoBit.testAccuracy).toBeGreaterThanOrEqual(0.95);
    const some = sliceDigits(test, 5000, 1000);
    expect(Math.abs(accuracy(classifyDigits(oneBit, some), some.labels) - oneBit.testAccuracy)).toBeLessThan(0.04);
  }, 60_000);

  it('choose the largest sum with its bias, the first of equal ones', () => {
    const [network] = networks;
    if (network === undefined) throw new Error('a network is trained');
    const flat = { ...network, biases: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1] };
    expect([classOf([0, 2, 0, 2, 0, 0, 0, 0, 0, 0], flat), classOf([0, 2, 0, 2, 0, 0, 0, 0, 0, 1], flat), classOf([0, 2, 0, 2, 0, 0, 0, 0, 0, 2], flat)]).toEqual([1, 1, 9]);
  });
});

describe('the file of the networks', () => {
  const text = readFileSync(networksFile(), 'utf8');
  it.each([
    ['{', /^w.json is not JSON: /],
    ['{}', /^w.json holds no binarized networks: training: /],
    [text.replace('"seed": 1', '"seed": 0.5'), /^w.json holds no binarized networks: training.seed: /],
    [text.replace('"name": "1-bit"', '"name": "3-bit"'), /^w.json has a network 3-bit of 3 layers; there are 1-bit of 3, 2-bit of 3.$/],
    [text.replace(/"weights": "..../, '"weights": "'), /^400 weights of 1 planes take 50 bytes, not 47.$/],
    [text.replace(/"weights": "./, '"weights": "*'), /^w.json holds no binarized networks: networks.0.layers.0.weights: /],
    [text.replace(/"channels": \[\s*\[[^\]]*\],/, '"channels": ['), /^w.json, network 1-bit, layer 0 has 15 channels, not 16.$/],
  ])('that is broken says where: %#', (broken, message) => {
    expect(() => parseNetworks(broken, 'w.json')).toThrow(DigitsError);
    expect(() => parseNetworks(broken, 'w.json')).toThrow(message);
  });

  it('that is not there is named', () => {
    expect(() => readNetworks('/nowhere/w.json')).toThrow(/^\/nowhere\/w.json cannot be read: ENOENT/);
  });

  it('packs codes of any number of planes', () => {
    for (const planes of [1, 2, 3]) {
      const codes = Uint8Array.from({ length: 29 }, (_, index) => (index * 5 + 1) % 2 ** planes);
      expect(unpackCodes(packCodes(codes, planes), 29, planes)).toEqual(codes);
    }
    expect(packCodes(Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 0), 1)).toBe(Buffer.from([0b01000001]).toString('base64'));
  });
});

it('the code of a pixel is its first bits', () => {
  expect([0, 63, 64, 128, 255].map(pixel => [pixelCode(pixel, 1), pixelCode(pixel, 2)])).toEqual([[0, 0], [0, 0], [0, 1], [1, 2], [1, 3]]);
});
