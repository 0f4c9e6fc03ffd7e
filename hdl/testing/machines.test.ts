import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluate, verilog, type PortValue } from '../index.js';
import { legalValues, type InputType } from './random-graph.js';
import { randomMachine, type Machine } from './random-machine.js';
import { Random, runSeed } from './random.js';
import { patternOf } from './reference.js';
import { Bench, complaints, inFolder, isInstalled, type Vector } from './simulators.js';

const machinesInBench = 24;
const benches = 2;
const cycles = 120;
/** Cycles under reset at first, until every register of every domain holds a known value. */
const settling = 8;

/** What a machine is given in one cycle, by port. */
type Stimulus = ReadonlyMap<string, { readonly given: PortValue; readonly pattern: bigint }>;

function stimulusOf({ resets, inputs }: Machine, cycle: number, random: Random): Stimulus {
  const stimulus = new Map<string, { given: PortValue; pattern: bigint }>();
  for (const { name, activeLow } of resets) {
    const active = cycle < settling || random.chance(0.04);
    stimulus.set(name, { given: active !== activeLow, pattern: active !== activeLow ? 1n : 0n });
  }
  const go = cycle >= settling;
  stimulus.set('go', { given: go, pattern: go ? 1n : 0n });
  for (const { name, type } of inputs) stimulus.set(name, valueOf(type, random));
  return stimulus;
}

function valueOf(type: InputType, random: Random): { readonly given: PortValue; readonly pattern: bigint } {
  const { min, max, count } = legalValues(type);
  const elements = Array.from({ length: count }, () => random.inside(min, max));
  const width = type.kind === 'vec' ? type.element.width : type.width;
  const pattern = elements.reduceRight((high, value) => (high << BigInt(width)) | patternOf(value, width), 0n);
  return { given: type.kind === 'vec' ? elements : elements[0] ?? 0n, pattern };
}

/** The patterns of all outputs in each cycle before its edge, by machine. */
function evaluated(machine: Machine, stimuli: readonly Stimulus[], clocks: readonly string[], powerUpSeed: number): readonly (readonly string[])[] {
  const evaluator = evaluate(machine.design, { powerUp: 'random', seed: powerUpSeed });
  const outputs = machine.design.top.ports.filter(port => port.direction === 'output').map(port => port.signal);
  return stimuli.map((stimulus, cycle) => {
    for (const [port, { given }] of stimulus) evaluator.set(port, given);
    const seen = outputs.map(({ name, width }) => {
      const elements = evaluator.getNumbers(name);
      return elements.map(each => patternOf(each, width / elements.length).toString(2).padStart(width / elements.length, '0')).toReversed().join('');
    });
    const clock = clocks[cycle] ?? '';
    if (machine.clocks.includes(clock)) evaluator.step(clock);
    return seen;
  });
}

describe('random clocked designs mean the same everywhere', () => {
  test.concurrent.each(Array.from({ length: benches }, (_, i) => i))('simulation %i', async bench => {
    const random = new Random(runSeed * 1000 + bench);
    const machines = Array.from({ length: machinesInBench }, (_, i) => {
      const seed = runSeed * 100_003 + bench * 1000 + i;
      return { seed, ...randomMachine(`machine_${i}`, seed) };
    });
    const clocks = Array.from({ length: cycles }, (_, cycle) => cycle % 2 === 0 || (cycle >= settling && random.chance(0.4)) ? 'clk' : 'clk_b');
    const stimuli = machines.map(machine => Array.from({ length: cycles }, (_, cycle) => stimulusOf(machine, cycle, random)));
    const wanted = machines.map((machine, i) => evaluated(machine, stimuli[i] ?? [], clocks, bench + 1));
    await inFolder(async folder => {
      for (const { design } of machines) writeFileSync(join(folder, `${design.top.name}.v`), verilog(design));
      for (const { design, seed } of machines) expect(await complaints(folder, `${design.top.name}.v`, design.top.name), `machine of seed ${seed}`).toEqual([]);
      const simulation = new Bench(machines.map(({ design }) => ({ design, file: `${design.top.name}.v` })));
      const vectors: readonly Vector[] = clocks.map((clock, cycle) => ({
        clock, inputs: stimuli.map(stimulus => [...stimulus[cycle]?.values() ?? []].map(each => each.pattern)),
      }));
      const compare = (simulator: string, results: readonly (readonly (readonly string[])[])[]): void => {
        for (let cycle = settling; cycle < cycles; cycle++) {
          machines.forEach(({ seed, design }, i) => {
            expect(results[cycle]?.[i], `${simulator}, ${design.top.name} of seed ${seed}, cycle ${cycle}`).toEqual(wanted[i]?.[cycle]);
          });
        }
      };
      compare('Verilator', await simulation.verilator(folder, vectors));
      if (isInstalled('iverilog')) compare('Icarus Verilog', await simulation.icarus(folder, vectors));
    });
  });
});
