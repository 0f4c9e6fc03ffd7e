/** A binarized network of digits through emitted RTL, layer after layer: what a layer gives in simulation is what the next one takes. */
import { join } from 'node:path';
import { generate } from '../../generators/index.js';
import { streamSizes } from '../../golden/index.js';
import { buildSimulator } from '../../testbench/verilator/simulator.js';
import { DigitsError } from '../digits/error.js';
import type { Digits } from '../digits/idx.js';
import { runLayerMaps, type LayerRun, type SimulatedLayer } from './layer-run.js';
import { classOf, digitCodes, type BinarizedLayer, type BinarizedNetwork } from './network.js';

/** A network and all that was seen of it. */
export interface NetworkRun {
  readonly network: BinarizedNetwork;
  /** Of every digit, the class that the sums of the simulated last layer give. */
  readonly classes: Uint8Array;
  readonly layers: readonly { readonly simulated: SimulatedLayer; readonly run: LayerRun }[];
}

export interface NetworkRunOptions {
  /** Gets a folder for each layer. */
  readonly directory: string;
  readonly tracedDigits: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called when a step has ended, with what it was and what came of it. */
  readonly progress?: (step: string) => void;
}

async function simulate(layer: BinarizedLayer, signal: AbortSignal | undefined): Promise<SimulatedLayer> {
  const { verilog, manifest } = generate('xnor-conv', { ...layer.parameters });
  const simulator = await buildSimulator({ verilog, manifest }, { trace: true, ...(signal === undefined ? {} : { signal }) });
  return { layer, verilog, manifest, simulator };
}

/**
 * Runs digits through all layers of a network. There are at least `options.tracedDigits` digits. A layer that is wrong is no error, its run says so; what it gave goes on
 * to the next. Throws a TestbenchError where a tool is missing or fails, a DigitsError where a layer gave too few results to go on with.
 */
export async function runNetwork(network: BinarizedNetwork, digits: Digits, options: NetworkRunOptions): Promise<NetworkRun> {
  const { directory, tracedDigits, seed, signal, progress = () => undefined } = options;
  const stop = signal === undefined ? {} : { signal };
  const simulated = await Promise.all(network.layers.map(layer => simulate(layer, signal)));
  const built = simulated.filter(({ simulator }) => !simulator.cacheHit).reduce((sum, { simulator }) => sum + simulator.buildSeconds, 0);
  progress(built === 0 ? 'simulators from the cache' : `simulators built in ${built.toFixed(1)} s`);
  const layers: { readonly simulated: SimulatedLayer; readonly run: LayerRun }[] = [];
  let maps: Uint8Array = new Uint8Array(digits.count * digits.pixels);
  for (let digit = 0; digit < digits.count; digit++) maps.set(digitCodes(network, digits, digit), digit * digits.pixels);
  let sums: ArrayLike<number> = [];
  for (const [index, layer] of simulated.entries()) {
    const run = await runLayerMaps(layer, maps, { directory: join(directory, `layer-${index + 1}`), tracedMaps: tracedDigits, seed, ...stop });
    layers.push({ simulated: layer, run });
    progress(`layer ${index + 1} in ${run.seconds.toFixed(1)} s`);
    const wanted = digits.count * streamSizes(layer.layer.parameters).pixelsOut * layer.layer.parameters.outputChannels;
    if (run.results.length !== wanted) throw new DigitsError(`Layer ${index + 1} of the ${network.plan.name} network gave ${run.results.length} results, not ${wanted}: ${run.failure?.message ?? ''}`);
    if (run.results instanceof Uint8Array) maps = run.results;
    else sums = run.results;
  }
  const perDigit = network.biases.length;
  const classes = Uint8Array.from({ length: digits.count }, (_, digit) => classOf(Array.from({ length: perDigit }, (_each, k) => sums[digit * perDigit + k] ?? 0), network));
  return { network, classes, layers };
}

/** Whether nothing at all was wrong. */
export function isNetworkGood({ layers }: NetworkRun): boolean {
  return layers.every(({ run }) => run.wrong === 0 && run.failure === undefined);
}
