/**
 * `make demo`: unseen handwritten digits through emitted MAC trees that keep 8, 6, 5, 4 and 3 bits of each pixel, in Verilator, every sum and a
 * window of waveforms compared with the golden model; then through inner products in 1-5-7 floating point, and through the layers of two binarized
 * networks (`examples/binarized/`), and through a convolution that skips the zeros of pruned weights and of its inputs (`examples/pruned/`). Exit status: 0 good, 1 a tree is wrong, 2 the call is wrong, 3 a tool is missing or failed.
 */
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from '../../generators/index.js';
import { sumWidth, type MacTreeParameters } from '../../golden/index.js';
import { TestbenchError } from '../../testbench/errors.js';
import { ReportedError } from '../../system/error.js';
import { packageRoot } from '../../system/package-root.js';
import { writeWhole } from '../../testbench/write-file.js';
import { networkDigits, runBinarizedNetworks } from '../binarized/demo-part.js';
import { prunedDigits, runPrunedLayer } from '../pruned/demo-part.js';
import { accuracy, beatsPerNeuron, classes, classify, exactSums, readClassifier, sumErrors, type SumErrors } from './classifier.js';
import { percent, showFailure, stepWriter } from './demo-output.js';
import { DigitsError } from './error.js';
import { floatDigits, runFloatClassifier } from './float-part.js';
import { readDigits, sliceDigits } from './idx.js';
import { isGood, runTree, wrongCount, type TreeRun } from './tree-run.js';

const lanes = 16;
const keptBits = [8, 6, 5, 4, 3] as const;
const tracedDigits = 5;
const seed = 1;

const usage = `usage: node dist/examples/digits/demo.js [--digits ${tracedDigits}..10000] [--out DIRECTORY]`;

interface Row {
  readonly keptBits: number;
  readonly accuracy: number;
  readonly errors: SumErrors;
  readonly run: TreeRun;
}

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function treeParameters(kept: number): MacTreeParameters {
  return {
    lanes, activationBits: 8, activationSigned: false, weightBits: 8, keptBits: kept, rounding: 'truncate', shift: 'leading-one', encoding: 'inside', accumulate: 6,
  };
}

/** A table with its columns to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ');
  return [line(head), widths.map(width => '-'.repeat(width)).join('  '), ...rows.map(line)];
}

function resultTable(rows: readonly Row[]): readonly string[] {
  return table(
    ['K', 'right', 'mean error', 'largest', 'relative', 'beats', 'clocks', 'Mbeats/s', 'sums', 'on waves', 'mismatches'],
    rows.map(({ keptBits: kept, accuracy: right, errors, run }) => [
      `${kept}`, percent(right), errors.mean.toFixed(1), `${errors.max}`, percent(errors.relative), `${run.beats}`, `${run.clocks}`, (run.beats / run.seconds / 1e6).toFixed(1),
      `${run.sums.length}`, `${run.traced.sums}`, `${wrongCount(run)}`,
    ]),
  );
}

/** What the report in `directory` holds of one tree. */
function reportRow({ keptBits: kept, accuracy: right, errors, run }: Row, directory: string): object {
  const { sums, failure, seconds, files, ...facts } = run;
  const places = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, relative(directory, String(file))]));
  return {
    keptBits: kept, accuracy: right, errors, sums: sums.length, ...facts, seconds, beatsPerSecond: run.beats / seconds, files: places,
    ...(failure === undefined ? {} : { failure: failure.message }),
  };
}

function options(): { readonly digits: number; readonly out: string } {
  let values;
  try {
    ({ values } = parseArgs({ options: { digits: { type: 'string', default: '10000' }, out: { type: 'string', default: join(packageRoot(), 'build', 'demo') } } }));
  } catch (error) {
    throw new TestbenchError('usage', `${error instanceof Error ? error.message : String(error)} (${usage})`);
  }
  const digits = Number(values.digits);
  if (!Number.isInteger(digits) || digits < tracedDigits || digits > 10000) throw new TestbenchError('usage', `--digits is an integer in ${tracedDigits}..10000, not ${values.digits}.`);
  return { digits, out: values.out };
}

/** Runs all trees. Resolves to whether every one agreed with the golden model. */
async function demo(signal: AbortSignal): Promise<boolean> {
  const begin = performance.now();
  const { digits: count, out } = options();
  const classifier = readClassifier();
  const { training } = classifier;
  const digits = sliceDigits(readDigits('test'), 0, count);
  const exact = exactSums(classifier, digits);
  say(`A linear classifier of handwritten digits (784 pixels, int8 weights, trained on ${training.trainingDigits} digits) on ${count} digits it has not seen;`);
  say(`exact arithmetic gets ${percent(accuracy(classify(classifier, exact), digits.labels))} of them right. Each digit takes ${classes * beatsPerNeuron(classifier, lanes)} beats of a MAC tree of ${lanes} lanes`);
  say(`with a sum of ${sumWidth(treeParameters(4))} bits, in Verilator. The trees keep K of the 8 bits of a pixel, from its leading one on, and drop the rest.`);
  say();

  const write = (text: string): void => void process.stdout.write(text);
  const rows: Row[] = [];
  for (const kept of keptBits) {
    const parameters = treeParameters(kept);
    const directory = join(out, `k${kept}`);
    write(`K = ${kept}:`);
    const generated = generate('mac-tree', { ...parameters });
    const run = await runTree(generated, parameters, { classifier, digits }, {
      directory, tracedDigits, seed, signal,
      progress: stepWriter(write),
    });
    say(isGood(run) ? ': as the golden model' : ': NOT as the golden model');
    await showFailure(run.failure, directory, say);
    // Sums that are missing leave nothing to classify; the failure has been told.
    const whole = run.sums.length === exact.length;
    rows.push({
      keptBits: kept, run, accuracy: whole ? accuracy(classify(classifier, run.sums), digits.labels) : 0,
      errors: whole ? sumErrors(run.sums, exact) : { mean: 0, max: 0, relative: 0 },
    });
  }

  say();
  const floats = await runFloatClassifier(classifier, { digits: sliceDigits(digits, 0, Math.min(count, floatDigits)), directory: join(out, 'float'), seed, signal, say, write });

  say();
  const networks = await runBinarizedNetworks({
    digits: sliceDigits(digits, 0, Math.min(count, networkDigits)), directory: join(out, 'binarized'), seed, signal, say, write,
  });

  say();
  const pruned = await runPrunedLayer({ digits: sliceDigits(digits, 0, Math.min(count, prunedDigits)), directory: join(out, 'pruned'), seed, signal, say, write });

  const good = rows.every(({ run }) => isGood(run)) && floats.good && networks.good && pruned.good;
  const report = join(out, 'report.json');
  const seconds = (performance.now() - begin) / 1000;
  await writeWhole(report, `${JSON.stringify({ schema: 1, classifier: training, digits: { first: 0, count }, lanes, verdict: good ? 'pass' : 'fail', seconds, trees: rows.map(row => reportRow(row, out)), floats: floats.report, networks: networks.report, pruned: pruned.report }, undefined, 2)}\n`);
  say();
  for (const line of resultTable(rows)) say(line);
  say();
  say('right: digits classified right by the simulated sums; errors: of the simulated sums against the exact ones; mismatches: with the golden model');
  say();
  for (const line of table(floats.head, floats.rows)) say(line);
  say();
  say('alignment: bits that a product may be shifted, and guard bits; other class: digits whose class is not that of exact arithmetic on the same 1-5-7 numbers');
  say();
  for (const line of table(networks.head, networks.rows)) say(line);
  say();
  say('F: clocks an output pixel takes; results: codes or sums compared with the golden model; on time: output pixels in the very clock that the cycle model gives');
  say();
  for (const line of table(pruned.head, pruned.rows)) say(line);
  say();
  say('pairs left: products that are done, of those of the dense convolution with its padding; busy: products over lanes and clocks; clocks are those of the cycle model, each one');
  say();
  for (const { keptBits: kept, run } of rows) {
    const { verilog, manifest, waves, certificate } = run.files;
    say(`K = ${kept}: Verilog ${relative('', verilog)}, beside it ${basename(manifest)}, waveform ${basename(waves)}, ${basename(certificate)}`);
  }
  say(`report: ${relative('', report)}`);
  say(`${good ? 'All trees, inner products, networks and the pruned layer agree with the golden model' : 'A TREE, AN INNER PRODUCT, A NETWORK OR THE PRUNED LAYER DISAGREES WITH THE GOLDEN MODEL'}, in bulk and on the waves (${seconds.toFixed(0)} s).`);
  return good;
}

/** The exit status and the sentence of what ended the demo. */
function explain(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof ReportedError) return { status: error.exitCode, message: error.hint === undefined ? error.message : `${error.message} ${error.hint}` };
  if (error instanceof DigitsError) return { status: 3, message: error.message };
  return { status: 3, message: error instanceof Error ? error.message : String(error) };
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time it is meant: something does not listen.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new Error('interrupted'));
  });
}
try {
  process.exitCode = await demo(interruption.signal) ? 0 : 1;
} catch (error) {
  const { status, message } = explain(error);
  process.stderr.write(`\ndemo: ${message}\n`);
  process.exitCode = interruption.signal.aborted ? 130 : status;
}
