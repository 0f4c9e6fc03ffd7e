/**
 * The trained network: reading it, and its way around the pruned convolution. That one is computed on integers, uint8 feature maps by int8 weights; the small layers before and
 * behind it are computed in floating point, with int8 weights too.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { convolveDense, pruneWeights, type PrunedWeights, type PruneThresholds } from '../../golden/index.js';
import { packageRoot } from '../../system/package-root.js';
import { DigitsError } from '../digits/error.js';
import { sliceDigits, type Digits } from '../digits/idx.js';
import { parseJson, readText } from '../digits/json-file.js';
import { normalize, type NormalizedChannel } from '../training/batch-norm.js';
import { FloatConvolution, sizes, type ConvolutionShape } from '../training/float-convolution.js';
import { coreParameters, layerShapes, networkPlans, pruneParameters, prunedLayer } from './plan.js';

/** A convolution with int8 weights, [outputChannels][kernel][kernel][inputChannels], each worth `scale`; what becomes of the sum of each output channel. */
export interface QuantizedLayer {
  readonly shape: ConvolutionShape;
  readonly weights: Int32Array;
  readonly scale: number;
  readonly channels: readonly NormalizedChannel[];
}

/** A network, ready to compute. The weights of its second layer are dense; what its thresholds leave of them is what it computes with. */
export interface PrunedNetwork {
  readonly name: string;
  readonly layers: readonly QuantizedLayer[];
  readonly thresholds: PruneThresholds;
  /** What a step of a feature map before the pruned layer is worth. */
  readonly featureScale: number;
  /** Share of the 10000 test digits that it classifies right, measured after training. */
  readonly testAccuracy: number;
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const threshold = z.array(z.int().nonnegative()).length(pruneParameters.inputChannels);
const fileSchema = z.strictObject({
  training: z.strictObject({
    seed: z.int(), epochs: z.int().positive(), batch: z.int().positive(), learningRate: z.number().positive(), trainingDigits: z.int().positive(), testDigits: z.int().positive(),
    prunedAtOnce: z.number().min(0).max(1),
  }).readonly(),
  networks: z.array(z.strictObject({
    name: z.string(),
    testAccuracy: z.number().min(0).max(1),
    featureScale: z.number().positive(),
    thresholds: z.strictObject({ fine: threshold, magnitude: threshold, similarity: threshold }),
    layers: z.array(z.strictObject({ weights: base64, scale: z.number().positive(), channels: z.array(z.tuple([z.number(), z.number(), z.number()])) })).length(layerShapes.length),
  })),
});

/**
 * What `weights.json` holds: how the networks were trained, and how much of the dense one is right when it is pruned like the other one without being trained for it; of each
 * network its thresholds, and of each layer its int8 weights, their scale, and mean, slope and offset of each channel.
 */
export type NetworksFile = z.infer<typeof fileSchema>;

/** The file of the trained networks, in the source tree, wherever this code runs from. */
export function networksFile(): string {
  return join(packageRoot(), 'examples', 'pruned', 'weights.json');
}

/** What the file holds of a network. */
export function networkToFile({ name, layers, thresholds: { fine, magnitude, similarity }, featureScale, testAccuracy }: PrunedNetwork): NetworksFile['networks'][number] {
  const list = (values: ArrayLike<number> | undefined): number[] => Array.from(values ?? []);
  return {
    name, testAccuracy, featureScale, thresholds: { fine: list(fine), magnitude: list(magnitude), similarity: list(similarity) },
    layers: layers.map(({ weights, scale, channels }) => ({
      weights: Buffer.from(Int8Array.from(weights).buffer).toString('base64'), scale, channels: channels.map(({ mean, slope, offset }): [number, number, number] => [mean, slope, offset]),
    })),
  };
}

function networkOfFile({ layers, ...rest }: NetworksFile['networks'][number], name: string): PrunedNetwork {
  return {
    ...rest,
    layers: layers.map(({ weights, scale, channels }, index) => {
      const shape = layerShapes[index];
      const values = Int32Array.from(new Int8Array(Buffer.from(weights, 'base64')));
      const wanted = shape === undefined ? 0 : sizes(shape).window * shape.outputChannels;
      if (shape?.outputChannels !== channels.length || values.length !== wanted) {
        throw new DigitsError(`${name}, network ${rest.name}, layer ${index} has ${values.length} weights and ${channels.length} channels, not ${wanted} and ${shape?.outputChannels ?? 0}.`);
      }
      return { shape, weights: values, scale, channels: channels.map(([mean, slope, offset]) => ({ mean, slope, offset })) };
    }),
  };
}

/** The networks of a JSON text. `name` stands in the errors. Throws a DigitsError that says what is wrong where. */
export function parseNetworks(text: string, name: string): { readonly training: NetworksFile['training']; readonly networks: readonly PrunedNetwork[] } {
  const data = parseJson(text, name, fileSchema, 'holds no pruned networks');
  const stray = networkPlans.find((plan, index) => data.networks[index]?.name !== plan.name);
  if (stray !== undefined || data.networks.length !== networkPlans.length) throw new DigitsError(`${name} holds other networks than ${networkPlans.map(plan => plan.name).join(' and ')}.`);
  return { training: data.training, networks: data.networks.map(network => networkOfFile(network, name)) };
}

/** Reads the trained networks. Throws a DigitsError where the file is missing or broken. */
export function readNetworks(file: string = networksFile()): ReturnType<typeof parseNetworks> {
  return parseNetworks(readText(file), file);
}

/** A layer in floating point. */
class FloatLayer {
  private readonly convolution: FloatConvolution;
  private readonly weights: Float32Array;
  readonly output: Float32Array;

  constructor(private readonly layer: QuantizedLayer) {
    this.convolution = new FloatConvolution(layer.shape);
    this.weights = Float32Array.from(layer.weights, weight => weight * layer.scale);
    this.output = new Float32Array(sizes(layer.shape).output);
  }

  /** Normalized sums of one map, in `output`, below 0 too. */
  run(input: Float32Array): Float32Array {
    this.convolution.forward(input, this.weights, this.output);
    return normalizeInPlace(this.output, this.layer);
  }
}

function normalizeInPlace(sums: Float32Array, { channels }: QuantizedLayer): Float32Array {
  channels.forEach((channel, c) => {
    for (let at = c; at < sums.length; at += channels.length) sums[at] = normalize(sums[at] ?? 0, channel);
  });
  return sums;
}

/** A layer by its number. Throws a DigitsError where there is none. */
export function layerOf({ layers }: PrunedNetwork, index: number): QuantizedLayer {
  const layer = layers[index];
  if (layer === undefined) throw new DigitsError(`The network has ${layers.length} layers, not ${index + 1} or more.`);
  return layer;
}

const rectify = (values: Float32Array): Float32Array => values.map(value => Math.max(0, value));

/** The feature maps before the pruned layer of `count` digits from `first` on, real numbers, [digit][row][column][channel]. */
export function featureMaps(network: PrunedNetwork, digits: Digits, first: number, count: number): Float32Array {
  const layer = new FloatLayer(layerOf(network, prunedLayer - 1));
  const maps = new Float32Array(count * layer.output.length);
  const { images, pixels } = sliceDigits(digits, first, count);
  for (let digit = 0; digit < count; digit++) {
    const image = Float32Array.from(images.subarray(digit * pixels, (digit + 1) * pixels), pixel => pixel / 255);
    maps.set(rectify(layer.run(image)), digit * layer.output.length);
  }
  return maps;
}

/** The largest value of feature maps. */
export function largestFeature(maps: Float32Array): number {
  return maps.reduce((a, b) => Math.max(a, b), 0);
}

/** The same, as the pruned layer takes them: integers of 0..255. */
export function featureCodes(network: PrunedNetwork, digits: Digits, first: number, count: number): Int32Array {
  return Int32Array.from(featureMaps(network, digits, first, count), value => Math.min(255, Math.round(value / network.featureScale)));
}

/** The weights of the pruned layer as they come to the pruning unit, and as they leave it. */
export function prunedWeights(network: PrunedNetwork): PrunedWeights {
  return pruneWeights(layerOf(network, prunedLayer).weights, network.thresholds, pruneParameters);
}

/** The classes of digits of which the sums of the pruned layer are given, [digit][row][column][output channel]: what the layers behind it make of them. */
export function classesOfSums(network: PrunedNetwork, sums: Int32Array): Uint8Array {
  const pruned = layerOf(network, prunedLayer);
  const behind = network.layers.slice(prunedLayer + 1).map(layer => new FloatLayer(layer));
  const size = sizes(pruned.shape).output;
  const step = network.featureScale * pruned.scale;
  return Uint8Array.from({ length: sums.length / size }, (_, digit) => {
    let map = normalizeInPlace(Float32Array.from(sums.subarray(digit * size, (digit + 1) * size), sum => sum * step), pruned);
    for (const layer of behind) map = layer.run(rectify(map));
    return map.indexOf(largest(map));
  });
}

function largest(values: Float32Array): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** The class of every digit, the pruned layer by the golden model. */
export function classifyDigits(network: PrunedNetwork, digits: Digits): Uint8Array {
  const parameters = coreParameters('none', 1);
  const { weights } = prunedWeights(network);
  return Uint8Array.from({ length: digits.count }, (_, digit) => classesOfSums(network, convolveDense(featureCodes(network, digits, digit, 1), weights, parameters))[0] ?? 0);
}
