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
 * Elaborates and emits trees with a register at each level, each in a process of its own so that the first, cold run
 * counts and the peak of memory is its own: the exact tree of products, and the default unit with an encoder and a shifter a lane.
 */
export function elaborationRows(): readonly Row[] {
  const exact = samplesOf(8);
  const encoding = samplesOf(4);
  for (let i = 0; i < 3; i++) elaborateOnce(4096);
  const perLane = lanes.map(count => median(Array.from({ length: 8 * 4096 / count }, () => elaborateOnce(count))) / count * 1e6);
  const spread = Math.max(...perLane) / Math.min(...perLane) - 1;
  return [
    {
      what: 'elaborate + emit, 4096-lane tree', reached: `${exact.seconds.toFixed(2)} s`, must: 'under 1 s', good: exact.seconds < 1,
      how: `median of ${runs} cold processes, imports excluded; all 8 bits kept, a register at each level`,
    },
    {
      what: 'its memory', reached: `${exact.megabytes.toFixed(0)} MB`, must: 'under 200 MB', good: exact.megabytes < 200,
      how: 'largest resident set of the whole process',
    },
    {
      what: 'the same with encoders', reached: `${encoding.seconds.toFixed(2)} s, ${encoding.megabytes.toFixed(0)} MB`, must: '', good: true,
      how: '4096 lanes of the default unit: seven times the nodes',
    },
    {
      what: 'its growth, 256 to 4096 lanes', reached: `${(spread * 100).toFixed(0)} % (${perLane.map(each => each.toFixed(0)).join(', ')} us a lane)`,
      must: 'within 20 %', good: spread <= 0.2, how: 'warm medians, most against least expensive lane',
    },
  ];
}

/** The middle of some cold runs with 4096 lanes. */
function samplesOf(keptBits: number): Sample {
  const samples = Array.from({ length: runs }, () => {
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '4096', String(keptBits)], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(`elaborating 4096 lanes failed: ${child.stderr}`);
    return JSON.parse(child.stdout) as Sample;
  });
  return { seconds: median(samples.map(each => each.seconds)), megabytes: Math.max(...samples.map(each => each.megabytes)) };
}

function elaborateOnce(count: number, keptBits = 8): number {
  const begin = performance.now();
  generate('mac-tree', { lanes: count, keptBits });
  return (performance.now() - begin) / 1000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seconds = elaborateOnce(Number(process.argv[2]), Number(process.argv[3]));
  process.stdout.write(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 } satisfies Sample));
}
