import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import createParser from 'vcd-stream/lib/parser.js';
import { generate } from '../generators/index.js';
import { buildSimulator, createRandom, findUnit, readTransactions } from '../testbench/index.js';
import { median, type Row } from './row.js';

const beats = 60_000;
const rounds = 5;

/** Reading the transactions of a waveform file beside vcd-stream alone on the same file, in turns. */
export async function waveRows(): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'narrowgate-bench-'));
  try {
    const file = join(directory, 'waves.vcd');
    const design = generate('mac-tree', {});
    const simulator = await buildSimulator(design, { trace: true });
    const inputs = findUnit('mac-tree').stimulus(design.manifest).random(createRandom(1), beats);
    const { cycles } = await simulator.run(inputs, { seed: 1, bubbles: 0.2, backpressure: 0.2, vcd: { file, firstCycle: 0, lastCycle: Number.MAX_SAFE_INTEGER } });
    const megabytes = statSync(file).size / 1e6;
    const alone: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round++) {
      alone.push(await seconds(() => pipeline(createReadStream(file), changesOnly())));
      ours.push(await seconds(() => readTransactions(file, design.manifest)));
    }
    const [base, whole] = [median(alone), median(ours)];
    return [{
      what: 'waveform comparison', reached: `${(megabytes / whole).toFixed(0)} MB/s (${((whole / base - 1) * 100).toFixed(0)} % over vcd-stream's ${(megabytes / base).toFixed(0)} MB/s)`,
      must: 'at most 20 % over vcd-stream', good: whole / base <= 1.2,
      how: `${megabytes.toFixed(0)} MB, ${cycles} clocks of the default MAC tree; medians of ${rounds} in turns; vcd-stream with a listener on every change`,
    }];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function changesOnly(): ReturnType<typeof createParser> {
  const parser = createParser();
  parser.change.any(() => undefined);
  return parser;
}

async function seconds(task: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await task();
  return (performance.now() - begin) / 1000;
}
