import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generate } from '../generators/index.js';
import { median, type Row } from './row.js';

const lanes = [256, 512, 1024, 2048, 4096] as const;
const runs = 5;

interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

/**
 * Elaborates and emits MAC trees with a register at each level, each in a process of its own so that the first, cold run
 * counts and the peak of memory is its own.
 */
export function elaborationRows(): readonly Row[] {
  const samples = lanes.map(count => Array.from({ length: runs }, () => sample(count)));
  const seconds = samples.map(each => median(each.map(one => one.seconds)));
  const largest = seconds.at(-1) ?? Number.NaN;
  const memory = Math.max(...(samples.at(-1) ?? []).map(one => one.megabytes));
  const perLane = lanes.map((count, i) => warmSeconds(count, i === 0 ? 21 : 7) / count * 1e6);
  const spread = Math.max(...perLane) / Math.min(...perLane) - 1;
  return [
    {
      what: 'elaborate + emit, 4096 lanes', reached: `${largest.toFixed(2)} s`, must: 'under 1 s', good: largest < 1,
      how: `median of ${runs} cold processes, imports excluded`,
    },
    { what: 'its memory', reached: `${memory.toFixed(0)} MB`, must: 'under 200 MB', good: memory < 200, how: 'largest resident set of the whole process' },
    {
      what: 'its growth, 256 to 4096 lanes', reached: `${(spread * 100).toFixed(0)} % (${perLane.map(each => each.toFixed(0)).join(', ')} us a lane)`,
      must: 'within 20 %', good: spread <= 0.2, how: 'warm medians, most against least expensive lane',
    },
  ];
}

function sample(count: number): Sample {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(count)], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`elaborating ${count} lanes failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Sample;
}

function elaborateOnce(count: number): number {
  const begin = performance.now();
  generate('mac-tree', { lanes: count });
  return (performance.now() - begin) / 1000;
}

function warmSeconds(count: number, times: number): number {
  elaborateOnce(count);
  return median(Array.from({ length: times }, () => elaborateOnce(count)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seconds = elaborateOnce(Number(process.argv[2]));
  process.stdout.write(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 } satisfies Sample));
}
