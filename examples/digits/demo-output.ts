/** What the parts of the demo share: how they are called, what they give, and how they show a failure. */
import { join, relative } from 'node:path';
import { renderSvg } from '../../testbench/picture/svg.js';
import { renderText, wantsColor } from '../../testbench/picture/text.js';
import { writeWhole } from '../../testbench/write-file.js';
import type { Digits } from './idx.js';
import type { RunFailure } from './on-waves.js';

/** Writes a line. */
export type Say = (line?: string) => void;

export interface DemoPartOptions {
  readonly digits: Digits;
  /** Gets a folder for each thing that is run. */
  readonly directory: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Writes text as it is. */
  readonly write: (text: string) => void;
  readonly say: Say;
}

/** What the demo needs of a part. */
export interface DemoPart {
  /** Everything agreed with the golden model. */
  readonly good: boolean;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** For the report, with the paths relative to the directory of the demo. */
  readonly report: readonly object[];
}

/** A share of 1 in percent. */
export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;

/** Writes steps one after the other into one line, as they end. */
export function stepWriter(write: DemoPartOptions['write']): (step: string) => void {
  let separator = ' ';
  return step => {
    write(`${separator}${step}`);
    separator = ', ';
  };
}

/** Says what is wrong, with the picture as text and in `directory` as SVG. */
export async function showFailure(failure: RunFailure | undefined, directory: string, say: Say): Promise<void> {
  if (failure === undefined) return;
  say(failure.message);
  if (failure.picture === undefined) return;
  say(renderText(failure.picture, { color: wantsColor(process.stdout, process.env), ...(process.stdout.columns > 40 ? { width: process.stdout.columns } : {}) }));
  const file = join(directory, 'mismatch.svg');
  await writeWhole(file, await renderSvg(failure.picture));
  say(`the picture: ${relative('', file)}`);
}
