/** The part of `make demo` that runs the binarized networks: what it says, and the rows of its table. */
import { join, relative } from 'node:path';
import { streamSizes } from '../../golden/index.js';
import { accuracy } from '../digits/classifier.js';
import { percent, showFailure, stepWriter, type DemoPart, type DemoPartOptions } from '../digits/demo-output.js';
import { readNetworks } from './network.js';
import { isNetworkGood, runNetwork, type NetworkRun } from './network-run.js';

/** Digits that the networks are simulated on. */
export const networkDigits = 1000;
const tracedDigits = 3;

function rowsOf({ network, layers }: NetworkRun, digits: number): readonly (readonly string[])[] {
  return layers.map(({ simulated: { layer: { parameters: p, plan } }, run }, index) => [
    network.plan.name, `${index + 1}`, `${p.height} x ${p.width} x ${p.inputChannels}`, `${p.outputChannels} x ${p.kernelHeight} x ${p.kernelWidth}, /${p.stride}`,
    `${p.activationPlanes} x ${p.weightPlanes}`, plan.outputPlanes === 0 ? 'sums' : `${plan.outputPlanes} bit`, `${p.simd} x ${p.pe}`, `${streamSizes(p).folding}`,
    (run.clocks / digits).toFixed(1), `${run.results.length}`, `${run.promised}`, `${run.traced}`, `${run.wrong}`,
  ]);
}

function reportOf({ network, layers }: NetworkRun, found: number, digits: number, directory: string): object {
  return {
    network: network.plan.name, digits, accuracy: found, testAccuracy: network.testAccuracy,
    layers: layers.map(({ simulated: { layer: { parameters } }, run: { results, files, failure, ...facts } }) => ({
      parameters, results: results.length, ...facts, files: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, relative(directory, String(file))])),
      ...(failure === undefined ? {} : { failure: failure.message }),
    })),
  };
}

/** Runs both networks and tells what it does. Throws a TestbenchError where a tool is missing or fails. */
export async function runBinarizedNetworks({ digits, directory, seed, signal, write, say }: DemoPartOptions): Promise<DemoPart> {
  const rows: (readonly string[])[] = [];
  const report: object[] = [];
  let good = true;
  const { training, networks } = readNetworks();
  say(`Two binarized networks of three convolutions (trained on ${training.trainingDigits} digits; batch normalization folded into integer thresholds), layer after layer through`);
  say(`xnor-conv in Verilog, on ${digits.count} digits they have not seen: pixels, codes and weights of one plane, and of two.`);
  say();
  for (const network of networks) {
    const { name } = network.plan;
    const place = join(directory, name);
    write(`${name}:`);
    const run = await runNetwork(network, digits, {
      directory: place, tracedDigits: Math.min(tracedDigits, digits.count), seed, signal,
      progress: stepWriter(write),
    });
    const found = accuracy(run.classes, digits.labels);
    const isGood = isNetworkGood(run);
    good &&= isGood;
    say(`: ${isGood ? 'as the golden model' : 'NOT as the golden model'}, ${percent(found)} right (${percent(network.testAccuracy)} of all ${training.testDigits} test digits)`);
    for (const { run: layer } of run.layers) await showFailure(layer.failure, place, say);
    rows.push(...rowsOf(run, digits.count));
    report.push(reportOf(run, found, digits.count, directory));
    say(`  Verilog, manifests, waveforms and certificates: ${relative('', place)}`);
  }
  return {
    good, rows, report,
    head: ['network', 'layer', 'map', 'kernels', 'planes', 'out', 'simd x pe', 'F', 'clocks/digit', 'results', 'on time', 'on waves', 'mismatches'],
  };
}
