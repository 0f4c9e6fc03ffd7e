import { generate } from '../generators/index.js';
import { buildSimulator, findUnit, verify } from '../testbench/index.js';
import type { Row } from './row.js';

/** Seconds for plain Verilog; how long that of primitives may take is not said. */
const mustBeBelow = 5;
const modes = ['nearest-even', 'truncate'].flatMap(rounding => ['gradual', 'flush'].flatMap(subnormals => ['ieee', 'none'].map(specials => ({ rounding, subnormals, specials }))));

/** All 2^26 pairs of operands of the 1-5-7 multiplier, in each of its modes and for each target: how long the comparison takes, once the simulator is built. */
export async function proofRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const target of ['generic', 'ice40', 'ecp5', 'xc7']) for (const mode of modes) rows.push(await proofRow(target, mode));
  return rows;
}

async function proofRow(target: string, mode: typeof modes[number]): Promise<Row> {
  const isPlain = target === 'generic';
  const design = generate('float-mul', { ...mode, target, ...(isPlain ? {} : { dsp: false }) });
  await buildSimulator(design, { trace: false });
  const { verdict, bulk } = await verify(findUnit('float-mul'), design, { vectors: 'exhaustive', waveBeats: 0 });
  const allAgree = verdict === 'pass' && bulk.beats === 2 ** 26;
  return {
    what: `all 2^26 products of 1-5-7: ${mode.rounding}, ${mode.subnormals}, ${mode.specials}${isPlain ? '' : `, ${target}`}`,
    reached: `${allAgree ? '' : 'not all agree, '}${bulk.seconds.toFixed(1)} s, ${(bulk.beats / bulk.seconds / 1e6).toFixed(1)} M/s`,
    must: isPlain ? `under ${mustBeBelow} s` : 'all agree', good: allAgree && (!isPlain || bulk.seconds < mustBeBelow), how: 'simulation, golden model, coverage and comparison, one run',
  };
}
