import { generate } from '../generators/index.js';
import { buildSimulator, findUnit, verify } from '../testbench/index.js';
import type { Row } from './row.js';

const mustBeBelow = 5;

/** Seconds in which all 2^26 pairs of operands of the 1-5-7 multiplier are compared, in each of its modes, once its simulator is built. */
export async function proofRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const rounding of ['nearest-even', 'truncate']) {
    for (const subnormals of ['gradual', 'flush']) {
      for (const specials of ['ieee', 'none']) {
        const design = generate('float-mul', { rounding, subnormals, specials });
        await buildSimulator(design, { trace: false });
        const { verdict, bulk } = await verify(findUnit('float-mul'), design, { vectors: 'exhaustive', waveBeats: 0 });
        rows.push({
          what: `all 2^26 products of 1-5-7: ${rounding}, ${subnormals}, ${specials}`, reached: `${bulk.seconds.toFixed(1)} s, ${(bulk.beats / bulk.seconds / 1e6).toFixed(1)} M/s`,
          must: `under ${mustBeBelow} s`, good: verdict === 'pass' && bulk.beats === 2 ** 26 && bulk.seconds < mustBeBelow, how: 'simulation, golden model, coverage and comparison, one run',
        });
      }
    }
  }
  return rows;
}
