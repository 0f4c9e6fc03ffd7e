import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  Int, elaborate, evaluate, generator, input, output, range, u, verilog,
  type Design, type PortDeclaration, type Ports, type PortValue, type ScalarType,
} from '../index.js';
import { design } from './messages.js';
import { RandomGraph, legalValues, randomInputType, type InputType } from './random-graph.js';
import { Random, runSeed } from './random.js';
import { leastWidth, patternOf } from './reference.js';
import { Bench, complaints, inFolder, isInstalled } from './simulators.js';

/** Graphs that go into one module, modules into one simulation, and simulations. */
const graphsInModule = 50;
const modulesInBench = 10;
const benches = 4;
const vectorsPerBench = 64;

interface PlannedInput {
  readonly name: string;
  readonly type: InputType;
  readonly text: string;
}

interface PlannedOutput {
  readonly name: string;
  readonly node: number;
  readonly type: ScalarType;
}

/** One random graph: what it is made from, and what became of it. */
interface PlannedGraph {
  readonly seed: number;
  readonly prefix: string;
  readonly inputs: readonly PlannedInput[];
  /** Known when the graph was built once. */
  outputs: readonly PlannedOutput[];
  graph: RandomGraph | undefined;
}

interface PlannedModule {
  readonly name: string;
  readonly graphs: readonly PlannedGraph[];
  readonly design: Design;
}

function planGraph(seed: number, prefix: string): PlannedGraph {
  const random = new Random(seed);
  const inputs = Array.from({ length: random.between(1, 4) }, (_, i) => ({ name: `${prefix}_${'abcd'.charAt(i)}`, ...randomInputType(random) }));
  return { seed, prefix, inputs, outputs: [], graph: undefined };
}

function isTarget(value: unknown): value is { readonly drive: (value: unknown) => void } {
  return typeof value === 'object' && value !== null && 'drive' in value;
}

/** Builds all graphs of a module, with the outputs that are known so far. */
function buildModule(name: string, graphs: readonly PlannedGraph[]): Design {
  const unit = generator({
    name, doc: 'Random expressions.', params: {},
    ports: (): Ports => {
      const ports: Record<string, PortDeclaration> = {};
      for (const { inputs, outputs } of graphs) {
        for (const each of inputs) ports[each.name] = input(each.type);
        for (const each of outputs) ports[each.name] = output(each.type);
      }
      return ports;
    },
    build(m, io) {
      for (const planned of graphs) {
        const graph = new RandomGraph(m, new Random(planned.seed + 1), planned.prefix);
        for (const each of planned.inputs) {
          graph.addInput(each.name, io[each.name]);
          m.unused(io[each.name]);
        }
        graph.grow(new Random(planned.seed + 2).between(6, 30));
        planned.graph = graph;
        for (const each of planned.outputs) {
          const target: unknown = io[each.name];
          if (isTarget(target)) target.drive(graph.nodes[each.node]?.value);
        }
        m.unused(...graph.nodes.map(node => node.value));
      }
    },
  });
  return elaborate(unit);
}

/** The last node and some others; now and then at a wider type than their own. */
function chooseOutputs(planned: PlannedGraph): readonly PlannedOutput[] {
  const random = new Random(planned.seed + 3);
  const nodes = planned.graph?.nodes ?? [];
  const chosen = new Set([nodes.length - 1, random.below(nodes.length), random.below(nodes.length), random.below(nodes.length)]);
  return [...chosen].flatMap((node, i) => {
    const value = nodes[node]?.value;
    if (value === undefined) return [];
    const wider = value instanceof Int && random.chance(0.3);
    const type = wider ? range(value.min - BigInt(random.below(50)), value.max + BigInt(random.below(5000))) : value.type;
    return [{ name: `${planned.prefix}_y${i}`, node, type }];
  });
}

function planModule(name: string, seed: number): PlannedModule {
  const graphs = Array.from({ length: graphsInModule }, (_, i) => planGraph(seed + 10 * i, `g${i}`));
  buildModule(name, graphs);
  for (const planned of graphs) planned.outputs = chooseOutputs(planned);
  return { name, graphs, design: buildModule(name, graphs) };
}

/** A graph as it could be typed in again. */
function source({ seed, inputs, outputs, graph }: PlannedGraph): string {
  return [
    `graph of seed ${seed}:`,
    ...inputs.map(({ name, text }) => `  ${name}: input(${text})`),
    ...(graph?.nodes ?? []).filter(node => node.reference !== undefined).map(({ name, text }) => `  const ${name} = ${text};`),
    ...outputs.map(({ name, node }) => `  ${name}.drive(${graph?.nodes[node]?.name ?? ''})`),
  ].join('\n');
}

/** The values of one vector: by graph and input the elements, and by graph and node what they must be. */
interface Trial {
  readonly elements: readonly (readonly (readonly bigint[])[])[];
  readonly nodes: readonly (readonly bigint[])[];
}

function trial({ graphs }: PlannedModule, random: Random): Trial {
  const elements = graphs.map(({ inputs }) => inputs.map(({ type }) => {
    const { min, max, count } = legalValues(type);
    return Array.from({ length: count }, () => random.inside(min, max));
  }));
  const nodes = graphs.map(({ graph }, g) => {
    const given = (elements[g] ?? []).flat();
    let next = 0;
    const values: bigint[] = [];
    for (const { reference, operands } of graph?.nodes ?? []) {
      values.push(reference === undefined ? given[next++] ?? 0n : reference(operands.map(index => values[index] ?? 0n)));
    }
    return values;
  });
  return { elements, nodes };
}

function describeInputs(planned: PlannedGraph, elements: readonly (readonly bigint[])[]): string {
  return planned.inputs.map(({ name }, i) => `${name} = ${(elements[i] ?? []).join(' ')}`).join(', ');
}

/** Every value lies in the interval of its node. */
function checkIntervals({ graphs }: PlannedModule, { elements, nodes }: Trial): void {
  graphs.forEach((planned, g) => planned.graph?.nodes.forEach(({ value, name }, i) => {
    if (!(value instanceof Int)) return;
    const found = nodes[g]?.[i] ?? 0n;
    if (found >= value.min && found <= value.max) return;
    throw new Error(`${name} is ${found}, outside ${value.min}..${value.max}, for ${describeInputs(planned, elements[g] ?? [])}\n${source(planned)}`);
  }));
}

function checkEvaluator(module: PlannedModule, trials: readonly Trial[]): void {
  const evaluator = evaluate(module.design);
  for (const { elements, nodes } of trials) {
    module.graphs.forEach((planned, g) => planned.inputs.forEach(({ name, type }, i) => {
      const given: readonly PortValue[] = elements[g]?.[i] ?? [];
      evaluator.set(name, type.kind === 'vec' ? given : given[0] ?? 0n);
    }));
    module.graphs.forEach((planned, g) => planned.outputs.forEach(({ name, node }) => {
      const found = evaluator.getNumber(name);
      const wanted = nodes[g]?.[node];
      if (found === wanted) return;
      throw new Error(`the evaluator gives ${name} = ${found}, not ${wanted}, for ${describeInputs(planned, elements[g] ?? [])}\n${source(planned)}`);
    }));
  }
}

function checkSimulation(
  simulator: string, modules: readonly PlannedModule[], trials: readonly (readonly Trial[])[], results: readonly (readonly (readonly string[])[])[],
): number {
  let compared = 0;
  results.forEach((units, v) => modules.forEach((module, k) => {
    const { elements, nodes } = trials[k]?.[v] ?? { elements: [], nodes: [] };
    let next = 0;
    module.graphs.forEach((planned, g) => planned.outputs.forEach(({ name, node, type }) => {
      const found = units[k]?.[next++];
      const wanted = patternOf(nodes[g]?.[node] ?? 0n, type.width).toString(2).padStart(type.width, '0');
      compared++;
      if (found === wanted) return;
      throw new Error(`${simulator} gives ${name} of ${module.name} = ${found}, not ${wanted}, for ${describeInputs(planned, elements[g] ?? [])}\n${source(planned)}`);
    }));
  }));
  return compared;
}

function patterns(module: PlannedModule, { elements }: Trial): readonly bigint[] {
  return module.graphs.flatMap(({ inputs }, g) => inputs.map(({ type }, i) => {
    const width = type.kind === 'vec' ? type.element.width : type.width;
    return (elements[g]?.[i] ?? []).reduceRight((high, value) => (high << BigInt(width)) | patternOf(value, width), 0n);
  }));
}

/** Every operator of the table of widths. */
const operators = [
  '.add(', '.sub(', '.neg()', '.mul(', '.abs()', 'sum([', 'm.sumTree(', '.shl(', '.shr(', '.shlBy(', '.shrBy(', '.mux(', 'select(', '.eq(', '.ne(', '.lt(',
  '.le(', '.gt(', '.ge(', '.and(', '.or(', '.xor(', '.not()', '.slice(', '.bit(', 'cat(', '.reduceAnd()', '.reduceOr()', '.reduceXor()', '.popcount()',
  '.wrap(', '.saturate(', '\'truncate\'', '\'floor\'', '\'nearest-even\'', '\'half-up\'', 'm.expect(', '.asU()', '.asS()', '.bits()', '.is(', 'm.named(', '.select(', 'int(',
];

function checkVariety(modules: readonly PlannedModule[]): void {
  const nodes = modules.flatMap(({ graphs }) => graphs.flatMap(({ graph }) => graph?.nodes ?? []));
  const rare = operators.filter(operator => nodes.filter(({ text }) => text.includes(operator)).length < 10);
  expect(rare, 'operators that hardly occur').toEqual([]);
  expect(Math.max(...nodes.map(node => node.depth))).toBe(8);
}

describe('random graphs of every operator mean the same everywhere', () => {
  test.concurrent.each(Array.from({ length: benches }, (_, i) => i))('simulation %i', async bench => {
    const modules = Array.from({ length: modulesInBench }, (_, k) =>
      planModule(`graphs_${k}`, runSeed * 10_000_019 + (bench * modulesInBench + k) * 10 * graphsInModule));
    for (const { graphs } of modules) {
      for (const { value } of graphs.flatMap(({ graph }) => graph?.nodes ?? [])) {
        if (value instanceof Int) expect(value.width).toBe(leastWidth(value.min, value.max));
      }
    }
    checkVariety(modules);
    const random = new Random(runSeed + bench);
    const trials = modules.map(module => Array.from({ length: vectorsPerBench }, () => trial(module, random)));
    modules.forEach((module, k) => {
      for (const each of trials[k] ?? []) checkIntervals(module, each);
      checkEvaluator(module, trials[k] ?? []);
    });
    await inFolder(async folder => {
      for (const { name, design } of modules) writeFileSync(join(folder, `${name}.v`), verilog(design, { sourceLines: false }));
      for (const { name } of modules) expect(await complaints(folder, `${name}.v`, name)).toEqual([]);
      const simulation = new Bench(modules.map(({ name, design }) => ({ design, file: `${name}.v` })));
      const vectors = Array.from({ length: vectorsPerBench }, (_, v) => ({
        inputs: modules.map((module, k) => patterns(module, trials[k]?.[v] ?? { elements: [], nodes: [] })),
      }));
      const outputs = modules.flatMap(({ graphs }) => graphs.flatMap(graph => graph.outputs)).length;
      expect(checkSimulation('Verilator', modules, trials, await simulation.verilator(folder, vectors))).toBe(outputs * vectorsPerBench);
      if (bench === 0 && isInstalled('iverilog')) {
        expect(checkSimulation('Icarus Verilog', modules, trials, await simulation.icarus(folder, vectors))).toBe(outputs * vectorsPerBench);
      }
    });
  });
});

test('a wrong operator in the Verilog is caught', async () => {
  const unit = design({ a: input(u(8)), b: input(u(8)), y: output(range(-255, 255)) }, (_, io) => { io.y.drive(io.a.sub(io.b)); });
  const text = verilog(unit);
  expect(text).toContain('a - b');
  const given = [[200n, 100n], [0n, 0n], [3n, 255n]] as const;
  await inFolder(async folder => {
    const simulation = new Bench([{ design: unit, file: 'unit.v' }]);
    const vectors = given.map(inputs => ({ inputs: [inputs] }));
    const wanted = given.map(([a, b]) => [[patternOf(a - b, 9).toString(2).padStart(9, '0')]]);
    writeFileSync(join(folder, 'unit.v'), text);
    expect(await simulation.verilator(folder, vectors)).toEqual(wanted);
    writeFileSync(join(folder, 'unit.v'), text.replace('a - b', 'a + b'));
    expect(await simulation.verilator(folder, vectors)).not.toEqual(wanted);
  });
});
