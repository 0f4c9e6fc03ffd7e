/** The part of `make demo` that runs the pruned layer: what it says, and the rows of its table. */
import { join, relative } from 'node:path';
import { zeroSkipSizes, type ZeroSkipParameters } from '../../golden/index.js';
import { buildSimulator } from '../../testbench/verilator/simulator.js';
import { accuracy } from '../digits/classifier.js';
import { percent, showFailure, stepWriter, type DemoPart, type DemoPartOptions } from '../digits/demo-output.js';
import { runLayer, type LayerRun, type SimulatedCore } from './layer-run.js';
import { classesOfSums, featureCodes, layerOf, readNetworks, type PrunedNetwork } from './network.js';
import { coreParameters, prunedLayer } from './plan.js';
import { generatePrunedCore } from './pruned-core.js';

/** Digits that the layer is simulated on, by what is skipped: all at most, of the pruned network; a few where the weights are dense or nothing is skipped. */
export const prunedDigits = 100;
const denseDigits = 10;
const unskippedDigits = 2;
/** Digits with each set of weights. */
const digitsOfSet = 50;

/** One network in one mode. */
interface Mode {
  readonly network: PrunedNetwork;
  readonly skip: ZeroSkipParameters['skip'];
  readonly digits: number;
  readonly tracedDigits: number;
}

async function simulated(skip: ZeroSkipParameters['skip'], trace: boolean, signal: AbortSignal): Promise<SimulatedCore> {
  const parameters = coreParameters(skip, digitsOfSet);
  const design = generatePrunedCore(parameters);
  return { parameters, verilog: design.verilog, simulator: await buildSimulator(design, { trace, signal }) };
}

function rowOf({ network, skip, digits }: Mode, run: LayerRun, { products }: { readonly products: number }, clocksOfNone: number, lanes: number): readonly string[] {
  const clocks = run.clocks / run.digits;
  return [
    network.name, skip, `${digits}`, percent(run.weightZeros, 1), percent(run.inputZeros, 1), percent(run.products / (products * run.digits), 1), clocks.toFixed(0),
    `${(clocksOfNone / clocks).toFixed(1)} x`, percent(run.products / (lanes * run.clocks), 1), `${run.sums.length}`, `${run.traced}`, `${run.wrong}`,
  ];
}

/** Runs the layer of both networks and tells what it does. Throws a TestbenchError where a tool is missing or fails. */
export async function runPrunedLayer({ digits, directory, seed, signal, write, say }: DemoPartOptions): Promise<DemoPart> {
  const { training, networks } = readNetworks();
  const [dense, pruned] = networks;
  if (dense === undefined || pruned === undefined) throw new TypeError('a dense network and a pruned one');
  const { shape } = layerOf(pruned, prunedLayer);
  say(`A convolution of a small network, ${shape.outputChannels} x ${shape.kernel} x ${shape.kernel} x ${shape.inputChannels} int8 weights on maps of ${shape.height} x ${shape.width} uint8, trained on ${training.trainingDigits} digits, dense and with the project's pruning;`);
  say('in Verilog prune-unit, which reads each weight once, prunes and compresses it, feeds zero-skip-conv.');
  say();
  const stepped = stepWriter(write);
  write('pruned layer:');
  const [none, both] = await Promise.all([simulated('none', false, signal), simulated('weight+input', true, signal)]);
  const built = [none, both].filter(({ simulator }) => !simulator.cacheHit).reduce((sum, { simulator }) => sum + simulator.buildSeconds, 0);
  stepped(built === 0 ? 'simulators from the cache' : `simulators built in ${built.toFixed(1)} s`);

  const count = (most: number): number => Math.min(most, digits.count);
  const modes: readonly Mode[] = [
    { network: dense, skip: 'none', digits: count(unskippedDigits), tracedDigits: 0 }, { network: dense, skip: 'weight+input', digits: count(denseDigits), tracedDigits: 0 },
    { network: pruned, skip: 'weight+input', digits: count(prunedDigits), tracedDigits: 1 },
  ];
  const sizes = zeroSkipSizes(both.parameters);
  const rows: (readonly string[])[] = [];
  const report: object[] = [];
  let [good, clocksOfNone, right] = [true, 0, 0];
  for (const mode of modes) {
    const { network, skip } = mode;
    const place = join(directory, `${network.name}-${skip.replace('+', '-')}`);
    const core = skip === 'none' ? none : both;
    const maps = featureCodes(network, digits, 0, mode.digits);
    const run = await runLayer(core, { weights: layerOf(network, prunedLayer).weights, thresholds: network.thresholds, maps }, { directory: place, tracedDigits: mode.tracedDigits, seed, signal });
    stepped(`${network.name}, skip ${skip}: ${mode.digits} digits in ${run.seconds.toFixed(1)} s`);
    if (skip === 'none') clocksOfNone = run.clocks / run.digits;
    const share = accuracy(classesOfSums(network, run.sums), digits.labels.subarray(0, mode.digits));
    if (network === pruned) right = share;
    good &&= run.wrong === 0 && run.failure === undefined;
    rows.push(rowOf(mode, run, sizes, clocksOfNone, core.parameters.lanes));
    const { sums, failure, ...facts } = run;
    report.push({ network: network.name, skip, parameters: core.parameters, accuracy: share, testAccuracy: network.testAccuracy, results: sums.length, ...facts, ...(failure === undefined ? {} : { failure: failure.message }) });
    if (failure !== undefined) {
      say();
      await showFailure(failure, place, say);
    }
  }
  say(`: ${good ? 'as the golden model' : 'NOT as the golden model'}`);
  say(`  right, of all ${training.testDigits} test digits: ${percent(dense.testAccuracy)} dense, ${percent(training.prunedAtOnce)} pruned after training, ${percent(pruned.testAccuracy)} trained with pruning; ${percent(right)} of those simulated`);
  say(`  Verilog, manifests, waveform and certificates: ${relative('', directory)}`);
  return {
    good, rows, report,
    head: ['weights', 'skip', 'digits', 'zero weights', 'zero inputs', 'pairs left', 'clocks/digit', 'speed-up', 'busy', 'sums', 'on waves', 'mismatches'],
  };
}
