/** The part of `make demo` that runs the classifier in 1-5-7: what it says, and the rows of its table. */
import { join } from 'node:path';
import { generate } from '../../generators/index.js';
import type { FloatDotParameters } from '../../golden/index.js';
import { accuracy, type Classifier } from './classifier.js';
import { percent, showFailure, stepWriter, type DemoPart, type DemoPartOptions } from './demo-output.js';
import { classifyExactly, floatClassifier, format157 } from './float-classifier.js';
import { runFloatDigits } from './float-run.js';

/** Digits that the inner products are simulated on. */
export const floatDigits = 2000;
const lanes = 16;
const tracedDigits = 2;

/** Alignment by `maxShift` bits with as many guard bits: all that there can be in 1-5-7, what the published finding says is enough for inference, and half of that. */
const reaches = [58, 8, 4] as const;

/** Runs the classifier through the inner products and tells what it does. Throws a TestbenchError where a tool is missing or fails. */
export async function runFloatClassifier(integers: Classifier, { digits, directory, seed, signal, write, say }: DemoPartOptions): Promise<DemoPart> {
  const classifier = floatClassifier(integers);
  const exact = classifyExactly(classifier, digits);
  const rows: (readonly string[])[] = [];
  const report: object[] = [];
  let good = true;
  say(`The same classifier in 1-5-7 floating point on ${digits.count} of the digits: exact arithmetic gets ${percent(accuracy(exact, digits.labels))} right. float-dot aligns ${lanes} products to the largest of them`);
  say('by so many bits and no more; each beat comes out as binary32, and software adds those of a neuron one after the other, in binary32.');
  say();
  for (const reach of reaches) {
    const place = join(directory, `shift${reach}`);
    const parameters: FloatDotParameters = { lanes, ...format157, guardBits: reach, maxShift: reach, result: 'fp32', rounding: 'nearest-even', subnormals: 'gradual' };
    write(`alignment ${reach}:`);
    const run = await runFloatDigits(generate('float-dot', { ...parameters }), parameters, { classifier, digits }, {
      directory: place, tracedDigits: Math.min(tracedDigits, digits.count), seed, signal,
      progress: stepWriter(write),
    });
    say(`: ${run.wrong === 0 ? 'as the golden model' : 'NOT as the golden model'}`);
    await showFailure(run.failure, place, say);
    good &&= run.wrong === 0;
    const right = accuracy(run.classes, digits.labels);
    const changed = run.classes.reduce((count, found, index) => count + (found === exact[index] ? 0 : 1), 0);
    const name = reach === reaches[0] ? `${reach} (exact)` : `${reach}`;
    rows.push([name, percent(right), `${changed}`, `${run.beats}`, `${run.clocks}`, (run.beats / run.seconds / 1e6).toFixed(1), `${run.traced}`, `${run.wrong}`]);
    const { beats, clocks, seconds, traced, stalledClocks, wrong, failure } = run;
    report.push({ parameters, digits: digits.count, accuracy: right, changed, beats, clocks, seconds, traced, stalledClocks, wrong, ...(failure === undefined ? {} : { failure: failure.message }) });
  }
  return { good, rows, report, head: ['alignment', 'right', 'other class', 'beats', 'clocks', 'Mbeats/s', 'on waves', 'mismatches'] };
}
