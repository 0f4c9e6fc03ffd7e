/**
 * The trained binarized networks of digits: reading them, and what their layers are as convolutions over bit-planes. Everything is on integers: pixels become the
 * codes of their first bits, each layer's sums become codes by thresholds folded from batch normalization, the last layer's sums and biases are compared.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { applyThresholds, convolutionRange, convolveCodes, type ThresholdSet, type XnorConvParameters } from '../../golden/index.js';
import { packageRoot } from '../../system/package-root.js';
import { DigitsError } from '../digits/error.js';
import type { Digits } from '../digits/idx.js';
import { parseJson, readText } from '../digits/json-file.js';
import { sizes } from '../training/float-convolution.js';
import type { NormalizedChannel } from '../training/batch-norm.js';
import { foldChannel } from './folding.js';
import { codeBounds } from './levels.js';
import { networkPlans, type LayerPlan, type NetworkPlan } from './plan.js';

/** A trained layer: a code for each weight (OHWI), and for each channel what its sum goes through before it is coded or, in the last layer, compared. */
export interface TrainedLayer {
  readonly weightCodes: Uint8Array;
  readonly channels: readonly NormalizedChannel[];
}

/** A layer as the unit computes it. */
export interface BinarizedLayer {
  readonly plan: LayerPlan;
  readonly parameters: XnorConvParameters;
  /** Codes [outputChannels][kernel][kernel][inputChannels]. */
  readonly weights: Uint8Array;
  /** What each channel's sums went through in training. */
  readonly channels: readonly NormalizedChannel[];
  /** That, folded; none in the last layer. */
  readonly thresholds?: ThresholdSet;
}

/** A network, ready to compute. */
export interface BinarizedNetwork {
  readonly plan: NetworkPlan;
  readonly layers: readonly BinarizedLayer[];
  /** What is added to the ten sums of the last layer before they are compared. */
  readonly biases: readonly number[];
  /** Share of the 10000 test digits that the integer network classifies right, measured after training. */
  readonly testAccuracy: number;
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const fileSchema = z.strictObject({
  training: z.strictObject({
    seed: z.int(), epochs: z.int().positive(), batch: z.int().positive(), learningRate: z.number().positive(), trainingDigits: z.int().positive(), testDigits: z.int().positive(),
  }).readonly(),
  networks: z.array(z.strictObject({
    name: z.string(),
    testAccuracy: z.number().min(0).max(1),
    layers: z.array(z.strictObject({ weights: base64, channels: z.array(z.tuple([z.number(), z.number(), z.number()])) })),
  })),
});

/** What `weights.json` holds: how the networks were trained; of each layer its weight codes, bit after bit, and mean, slope and offset of each channel. */
export type NetworksFile = z.infer<typeof fileSchema>;

/** The file of the trained networks, in the source tree, wherever this code runs from. */
export function networksFile(): string {
  return join(packageRoot(), 'examples', 'binarized', 'weights.json');
}

/** The first `planes` bits of a pixel of 0..255 as an integer. */
export function pixelCode(pixel: number, planes: number): number {
  return pixel >>> (8 - planes);
}

/** Codes of `planes` bits each, one after the other from the lowest bit of the first byte on, in base 64. */
export function packCodes(codes: Uint8Array, planes: number): string {
  const bytes = new Uint8Array(Math.ceil((codes.length * planes) / 8));
  codes.forEach((code, index) => {
    for (let plane = 0; plane < planes; plane++) {
      const bit = index * planes + plane;
      bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) | (((code >>> plane) & 1) << (bit & 7));
    }
  });
  return Buffer.from(bytes).toString('base64');
}

/** The codes that `packCodes` packed. Throws a DigitsError where there are not `count` of them. */
export function unpackCodes(text: string, count: number, planes: number): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== Math.ceil((count * planes) / 8)) throw new DigitsError(`${count} weights of ${planes} planes take ${Math.ceil((count * planes) / 8)} bytes, not ${bytes.length}.`);
  return Uint8Array.from({ length: count }, (_, index) => {
    let code = 0;
    for (let plane = 0; plane < planes; plane++) {
      const bit = index * planes + plane;
      code |= (((bytes[bit >>> 3] ?? 0) >>> (bit & 7)) & 1) << plane;
    }
    return code;
  });
}

/** The parameters of a layer's convolution. */
export function layerParameters(plan: LayerPlan): XnorConvParameters {
  const { height, width, inputChannels, outputChannels, kernel, stride, padding, activationPlanes, activationAlphabet, weightPlanes, outputPlanes, simd, pe } = plan;
  return {
    height, width, inputChannels, outputChannels, kernelHeight: kernel, kernelWidth: kernel, stride, padding, pad: 'mask', simd, pe,
    activationPlanes, weightPlanes, activationAlphabet, weightAlphabet: 'pm1', activationDistances: [], weightDistances: [],
    output: outputPlanes === 0 ? 'integer' : outputPlanes === 1 ? 'sign' : 'levels', levelBits: Math.max(1, outputPlanes),
  };
}

/** The layer with its normalization folded into thresholds. */
export function foldLayer(plan: LayerPlan, { weightCodes, channels }: TrainedLayer): BinarizedLayer {
  const parameters = layerParameters(plan);
  const layer = { plan, parameters, channels, weights: weightCodes };
  if (plan.outputPlanes === 0) return layer;
  const { min, max } = convolutionRange(parameters);
  const folded = channels.map(channel => foldChannel(channel, codeBounds(plan.outputPlanes), min, max));
  return { ...layer, thresholds: { values: folded.flatMap(({ thresholds }) => thresholds), directions: folded.map(({ falling }) => (falling ? 1 : 0)) } };
}

/** The network of trained layers. */
export function foldNetwork(plan: NetworkPlan, layers: readonly TrainedLayer[], testAccuracy: number): BinarizedNetwork {
  // All channels of the last layer have one slope, so comparing (sum + offset / slope) compares what was trained, to half a step of a sum.
  const biases = (layers.at(-1)?.channels ?? []).map(({ slope, offset }) => Math.round(offset / slope));
  return { plan, biases, testAccuracy, layers: plan.layers.flatMap((layer, index) => (layers[index] === undefined ? [] : [foldLayer(layer, layers[index])])) };
}

/** The networks of a JSON text. `name` stands in the errors. Throws a DigitsError that says what is wrong where. */
export function parseNetworks(text: string, name: string): { readonly training: NetworksFile['training']; readonly networks: readonly BinarizedNetwork[] } {
  const data = parseJson(text, name, fileSchema, 'holds no binarized networks');
  const { training, networks } = data;
  return {
    training,
    networks: networks.map(network => {
      const plan = networkPlans.find(candidate => candidate.name === network.name);
      if (plan?.layers.length !== network.layers.length) throw new DigitsError(`${name} has a network ${network.name} of ${network.layers.length} layers; there are ${networkPlans.map(known => `${known.name} of ${known.layers.length}`).join(', ')}.`);
      const layers = network.layers.map(({ weights, channels }, index): TrainedLayer => {
        const layer = plan.layers[index];
        if (layer?.outputChannels !== channels.length) throw new DigitsError(`${name}, network ${network.name}, layer ${index} has ${channels.length} channels, not ${layer?.outputChannels ?? 0}.`);
        return {
          weightCodes: unpackCodes(weights, layer.outputChannels * sizes(layer).window, layer.weightPlanes),
          channels: channels.map(([mean, slope, offset]) => ({ mean, slope, offset })),
        };
      });
      return foldNetwork(plan, layers, network.testAccuracy);
    }),
  };
}

/** Reads the trained networks. Throws a DigitsError where the file is missing or broken. */
export function readNetworks(file: string = networksFile()): ReturnType<typeof parseNetworks> {
  return parseNetworks(readText(file), file);
}

/** The codes of one digit, as the first layer takes them. */
export function digitCodes({ plan }: BinarizedNetwork, digits: Digits, digit: number): Uint8Array {
  return digits.images.slice(digit * digits.pixels, (digit + 1) * digits.pixels).map(pixel => pixelCode(pixel, plan.pixelPlanes));
}

/** What a layer makes of one map: codes, or in the last layer the ten sums. By the golden model. */
export function runLayer({ parameters, weights, thresholds }: BinarizedLayer, activations: ArrayLike<number>): Uint8Array | Float64Array {
  const sums = convolveCodes(activations, weights, parameters);
  return thresholds === undefined ? sums : applyThresholds(sums, thresholds, parameters);
}

/** The class of ten sums: the largest with its bias; among equal ones the first. */
export function classOf(sums: ArrayLike<number>, { biases }: BinarizedNetwork): number {
  let [best, most] = [0, -Infinity];
  biases.forEach((bias, digit) => {
    const score = (sums[digit] ?? 0) + bias;
    if (score > most) [best, most] = [digit, score];
  });
  return best;
}

/** The class of every digit, by the golden model. */
export function classifyDigits(network: BinarizedNetwork, digits: Digits): Uint8Array {
  return Uint8Array.from({ length: digits.count }, (_, digit) => {
    let map: ArrayLike<number> = digitCodes(network, digits, digit);
    for (const layer of network.layers) map = runLayer(layer, map);
    return classOf(map, network);
  });
}
