/** The part of `make demo` that runs the classifier in 1-5-7: what it says, and the rows of its table. */
import { join, relative } from 'node:path';
import { generate } from '../../generators/index.js';
import type { FloatDotParameters } from '../../golden/index.js';
import { renderSvg } from '../../testbench/picture/svg.js';
import { renderText, wantsColor } from '../../testbench/picture/text.js';
import { writeWhole } from '../../testbench/write-file.js';
import { accuracy, type Classifier } from './classifier.js';
import { classifyExactly, floatClassifier, format157 } from './float-classifier.js';
import { runFloatDigits, type FloatRun } from './float-run.js';
import type { Digits } from './idx.js';

/** Digits that the inner products are simulated on. */
export const floatDigits = 2000;
const lanes = 16;
const tracedDigits = 2;

/** Alignment by `maxShift` bits with as many guard bits: all that there can be in 1-5-7, what the published finding says is enough for inference, and half of that. */
const reaches = [58, 8, 4] as const;

export interface FloatPartOptions {
  readonly digits: Digits;
  /** Gets a folder for each inner product. */
  readonly directory: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Writes text as it is, and a line. */
  readonly write: (text: string) => void;
  readonly say: (line?: string) => void;
}

/** What the demo needs of the inner products. */
export interface FloatPart {
  readonly good: boolean;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly report: readonly object[];
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

async function showFailure({ failure }: FloatRun, directory: string, say: FloatPartOptions['say']): Promise<void> {
  if (failure === undefined) return;
  say(failure.message);
  if (failure.picture === undefined) return;
  say(renderText(failure.picture, { color: wantsColor(process.stdout, process.env), ...(process.stdout.columns > 40 ? { width: process.stdout.columns } : {}) }));
  const file = join(directory, 'mismatch.svg');
  await writeWhole(file, await renderSvg(failure.picture));
  say(`the picture: ${relative('', file)}`);
}

/** Runs the classifier through the inner products and tells what it does. Throws a TestbenchError where a tool is missing or fails. */
export async function runFloatClassifier(integers: Classifier, { digits, directory, seed, signal, write, say }: FloatPartOptions): Promise<FloatPart> {
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
    let separator = ' ';
    const run = await runFloatDigits(generate('float-dot', { ...parameters }), parameters, { classifier, digits }, {
      directory: place, tracedDigits: Math.min(tracedDigits, digits.count), seed, signal,
      progress: step => {
        write(`${separator}${step}`);
        separator = ', ';
      },
    });
    say(`: ${run.wrong === 0 ? 'as the golden model' : 'NOT as the golden model'}`);
    await showFailure(run, place, say);
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
