import { generate } from '../generators/index.js';
import { buildSimulator, createRandom, findUnit, verify } from '../testbench/index.js';
import { median, type Row } from './row.js';

const bulkBeats = 12_000_000;
const builds = 5;

/** Building a simulator for changed Verilog, and the rate of bulk verification. */
export async function simulationRows(): Promise<readonly Row[]> {
  const unit = findUnit('mac-tree');
  const design = generate('mac-tree', {});
  await buildSimulator(design, { trace: false });

  const seconds: number[] = [];
  for (let i = 0; i < builds; i++) {
    // A comment is enough of a change for the cache; the model is built anew.
    const changed = { ...design, verilog: `${design.verilog}// ${performance.now()}\n` };
    const begin = performance.now();
    const simulator = await buildSimulator(changed, { trace: false });
    await simulator.run(unit.stimulus(design.manifest).random(createRandom(i), 1), { seed: i });
    seconds.push((performance.now() - begin) / 1000);
  }
  const build = median(seconds);

  const verdict = await verify(unit, design, { seed: 1, vectors: bulkBeats });
  const rate = verdict.bulk.beats / verdict.bulk.seconds / 1e6;
  return [
    {
      what: 'changed Verilog to running model', reached: `${build.toFixed(2)} s`, must: 'under 1 s', good: build < 1,
      how: `median of ${builds}, runtime compiled before; Verilator, g++ and one beat`,
    },
    {
      what: 'verify mac-tree, bulk', reached: `${rate.toFixed(1)} M beats/s`, must: 'at least 3 M beats/s', good: rate >= 3,
      how: `${bulkBeats / 1e6} M compared beats, golden model and comparison included`,
    },
  ];
}
