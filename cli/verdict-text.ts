import { coverageTable } from '../testbench/coverage-report.js';
import { grouped, many } from '../testbench/many.js';
import type { Verdict } from '../testbench/verify.js';

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w.,:=/+@%-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

/** A verdict for people: what was compared and how fast, what was never seen, the first failure with its picture, and how to repeat it. */
export function verdictText(verdict: Verdict): string {
  const { waves, bulk, failure, coverage } = verdict;
  const lines = [`${verdict.verdict === 'pass' ? 'PASS' : 'FAIL'}  ${verdict.top}`];
  if (waves.beats > 0) lines.push(`  waveforms  ${many(waves.beats, 'beat', grouped)} compared over ${many(waves.cycles, 'clock', grouped)}, ${percent(waves.bubbles)} bubbles, ${percent(waves.backpressure)} backpressure${waves.promisedClocks === 0 ? '' : `, ${many(waves.promisedClocks, 'beat', grouped)} in the promised clock`} (${seconds(waves.seconds)})`);
  if (bulk.beats > 0) {
    const how = bulk.method === 'exhaustive' ? operandsText(verdict) : `seed ${verdict.seed}`;
    // Of a few beats a rate says nothing.
    const rate = bulk.beats < 100_000 ? '' : `, ${rateText(bulk.beats / Math.max(bulk.seconds, 1e-6))}`;
    lines.push(`  bulk       ${many(bulk.beats, 'beat', grouped)} compared, ${how} (${seconds(bulk.seconds)}${rate})`);
  }
  lines.push(`  ${coverageTable(coverage).trimEnd().split('\n').at(-1) ?? ''}`);
  if (failure !== undefined) {
    lines.push('', failure.message);
    if (failure.picture !== undefined) lines.push('', failure.picture.trimEnd());
    if (failure.files.length > 0) lines.push('', `Files: ${failure.files.join(', ')}`);
  }
  if (failure !== undefined) lines.push(`Repeat: ${verdict.command}`);
  return `${lines.join('\n')}\n`;
}

function operandsText({ checks }: Verdict): string {
  const shard = checks.find(check => check.shard !== undefined)?.shard;
  return shard === undefined ? 'all operands' : `operands ${grouped(shard.first)} to ${grouped(shard.first + shard.count - 1)} of ${grouped(shard.total)}`;
}

function percent(probability: number): string {
  return `${Math.round(probability * 100)} %`;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** Beats a second, in thousands where they are few. */
function rateText(rate: number): string {
  return rate < 1e5 ? `${(rate / 1e3).toFixed(0)} k beats/s` : `${(rate / 1e6).toFixed(1)} M beats/s`;
}
