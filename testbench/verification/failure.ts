import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mismatch } from '../compare.js';
import { mismatchText } from '../compare.js';
import type { Manifest } from '../manifest.js';
import type { WavePicture } from '../picture/picture.js';
import { renderSvg } from '../picture/svg.js';
import { renderText } from '../picture/text.js';
import { writeWhole } from '../write-file.js';

/** Why a design failed. It can be written as JSON: integers of any size are decimal strings. */
export interface Failure {
  /** `waves`: seen on the waveforms of a traced run; `bulk`: in a run without waveforms. */
  readonly stage: 'waves' | 'bulk';
  /**
   * `mismatch`: another result than the golden model's; `handshake`: a rule of the wires; `timing`: the right result in another clock than was promised; `run`: a
   * deadlock, a failed check inside the design, output without end.
   */
  readonly kind: 'mismatch' | 'handshake' | 'timing' | 'run';
  /** One sentence. */
  readonly message: string;
  /** Of a mismatch: where, and what. */
  readonly mismatch?: FirstMismatch;
  /** The window of the waveform around it, drawn as text; `message` is its title. */
  readonly picture?: string;
  /** Files about it: waveform, picture. */
  readonly files: readonly string[];
}

export interface FirstMismatch {
  readonly kind: Mismatch['kind'];
  readonly stream: string;
  /** Output beat of its run, from 0. */
  readonly beat: number;
  readonly port?: string;
  readonly element?: number;
  readonly expected?: string;
  readonly seen?: string;
}

/** The mismatch as plain data. */
export function plainMismatch(mismatch: Mismatch): FirstMismatch {
  const { kind, stream, beat } = mismatch;
  if (mismatch.kind !== 'value') return { kind, stream, beat };
  const { port, element, expected, seen } = mismatch;
  return { kind, stream, beat, port, element, expected: String(expected), seen: String(seen) };
}

/** What a failure can show: a picture, and the waveform file that it is of. */
export interface Evidence {
  readonly picture: WavePicture;
  readonly vcdFile: string;
}

/**
 * A failure of a stage. With a directory, waveform (`TOP.vcd`), picture (`TOP.svg`) and text (`TOP.txt`) are left in it.
 */
export async function failureOf(
  manifest: Manifest, stage: Failure['stage'], what: { readonly kind: Failure['kind']; readonly message: string; readonly mismatch?: Mismatch },
  evidence: Evidence | undefined, directory: string | undefined,
): Promise<Failure> {
  const { kind, message, mismatch } = what;
  const base = { stage, kind, message, ...(mismatch === undefined ? {} : { mismatch: plainMismatch(mismatch) }) };
  if (evidence === undefined) return { ...base, files: [] };
  const picture = renderText(evidence.picture, { title: false });
  if (directory === undefined) return { ...base, picture, files: [] };
  const [text, svg, vcd] = ['txt', 'svg', 'vcd'].map(extension => join(directory, `${manifest.top}.${extension}`));
  if (text === undefined || svg === undefined || vcd === undefined) return { ...base, picture, files: [] };
  await writeWhole(text, `${message}\n\n${picture}`);
  await writeWhole(svg, await renderSvg(evidence.picture));
  copyFileSync(evidence.vcdFile, vcd);
  return { ...base, picture, files: [text, svg, vcd] };
}

/** A mismatch as a sentence. */
export function mismatchMessage(manifest: Manifest, mismatch: Mismatch, what: string): string {
  return `${manifest.top}, ${what}: ${mismatchText(mismatch)}`;
}
