import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Counterexample, OutputDifference, VerilogDesign } from '../synth/equivalence/equivalence.js';
import { defaultCacheDirectory } from '../system/cache.js';
import { ReportedError } from '../system/error.js';
import { withScratch } from '../system/scratch.js';
import type { WavePicture } from '../testbench/picture/picture.js';
import { renderSvg } from '../testbench/picture/svg.js';
import { renderText } from '../testbench/picture/text.js';
import { pictureOfReplays, replay, type Replay } from '../testbench/replay.js';
import { writeFiles } from './write-files.js';

/** What a run of both designs in Verilator shows of a counterexample. */
export type Replayed =
  /** They differ there as well. */
  | { readonly confirmed: true; readonly picture: string; readonly files: readonly string[] }
  /** They do the same there, so it is none. */
  | { readonly confirmed: false }
  /** They could not be run. */
  | { readonly confirmed: 'unknown'; readonly why: string };

/**
 * Runs both designs in Verilator with the inputs of a counterexample, from registers at 0.
 * @param folder where text, picture and waveforms (`NAME.txt`, `.svg`, `.vcd` of the second design and `.expected.vcd` of the first) are left
 */
export async function replayed(designs: readonly [VerilogDesign, VerilogDesign], counterexample: Counterexample, reason: string, folder: string, signal: AbortSignal): Promise<Replayed> {
  try {
    return await withScratch(join(defaultCacheDirectory(), 'tmp'), async directory => {
      const runs = await runBoth(designs, counterexample, directory, signal);
      const difference = counterexample.outputs.find(each => isSeen(each, counterexample, runs));
      if (difference === undefined) return { confirmed: false };
      const { port, clock = 0 } = difference;
      const { offset } = counterexample;
      const picture = await pictureOfReplays(runs[1], runs[0], { port, clock: clock + offset, offset, title: reason });
      const files = await leave(folder, designs[1].top, picture, runs, signal);
      return { confirmed: true, picture: renderText(picture, { title: false }), files };
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReportedError) return { confirmed: 'unknown', why: error.message };
    throw error;
  }
}

async function runBoth([gold, gate]: readonly [VerilogDesign, VerilogDesign], { inputs, outputs, interfaces, offset }: Counterexample, directory: string, signal: AbortSignal): Promise<readonly [Replay, Replay]> {
  const values = inputs.map(({ port, value, clock = 0 }) => ({ port, value, clock }));
  const clocks = 1 + Math.max(...[...values, ...outputs].map(({ clock = 0 }) => clock));
  const run = (design: VerilogDesign, side: 0 | 1, name: string): Promise<Replay> =>
    replay({ verilog: design.verilog, top: design.top, ...interfaces[side] }, values, { directory, name, clocks: clocks + (side === 0 ? 0 : offset), signal });
  return [await run(gold, 0, 'expected'), await run(gate, 1, 'seen')];
}

function isSeen({ port, expected, seen, clock = 0 }: OutputDifference, { offset }: Counterexample, [gold, gate]: readonly [Replay, Replay]): boolean {
  return gold.output(port, clock) === expected && gate.output(port, clock + offset) === seen;
}

async function leave(folder: string, top: string, picture: WavePicture, [gold, gate]: readonly [Replay, Replay], signal: AbortSignal): Promise<readonly string[]> {
  const contents: readonly (readonly [string, string | Uint8Array])[] = [
    ['txt', renderText(picture)], ['svg', await renderSvg(picture)], ['vcd', await readFile(gate.vcdFile)], ['expected.vcd', await readFile(gold.vcdFile)],
  ];
  const files = contents.map(([ending, content]) => ({ path: join(folder, `${top}.${ending}`), content, flag: '--out' }));
  await writeFiles(files, signal);
  return files.map(({ path }) => path);
}
