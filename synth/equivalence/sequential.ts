import { withinTime } from '../../system/time-limit.js';
import { SynthesisError } from '../error.js';
import { findSolver, type Solver } from '../smt/find.js';
import { runYosys, textOf, type YosysOptions } from '../yosys/run.js';
import { compareByAbc } from './abc.js';
import { decide, defaultTimeLimit, type EquivalenceOptions, type Pair } from './combinational.js';
import { elaborate, type ElaboratedDesign } from './elaborate.js';
import { differenceText, type Counterexample, type Equivalence, type Interface, type PortValue, type Verdict, type VerilogDesign } from './equivalence.js';
import { portDifference } from './ports.js';
import { clockStep, type ClockStep } from './registers.js';
import { clockOfPort, unroll } from './unroll.js';

export interface SequentialOptions extends EquivalenceOptions {
  /** Port of the synchronous reset, active high; `rst` if not given. */
  readonly reset?: string;
  /** Clocks that the second design is later than the first; 0 if not given. */
  readonly offset?: number;
}

type Steps = readonly [gold: ClockStep, gate: ClockStep];

/**
 * Proves two designs equal, clock by clock, or finds inputs after a reset for which they differ (in what an output stream carries, `out_sum`, only while its `out_valid` is
 * high). The same statements need no proof; designs without registers are compared
 * as they are. Else, in this order:
 * - registers of the same names and widths are taken for one another, and outputs and next values must be equal from equal values (an induction over the clocks); likewise memories of the
 *   same names and shapes, which must get the same from equal registers and equal values read;
 * - registers that are in no loop forget what they held: then a few clocks, laid out one behind the other, prove it for ever;
 * - after a reset from registers that are 0, the first clocks are searched for a difference; finding none proves nothing;
 * - ABC compares both as gates, from registers that are 0.
 * @param gold says what is right
 * @throws SynthesisError of kind 'design' where a design cannot be read, 'usage' where its registers are not of one clock, 'tool' where a tool is missing or fails
 */
export async function proveEqual(gold: VerilogDesign, gate: VerilogDesign, options: SequentialOptions = {}): Promise<Equivalence> {
  const begin = performance.now();
  const { offset = 0 } = options;
  if (!Number.isInteger(offset) || offset < 0) throw new SynthesisError('usage', `The offset is a number of clocks, 0 or more, not ${offset}.`);
  if (offset === 0 && gold.top === gate.top && statements(gold.verilog) === statements(gate.verilog)) return { verdict: 'equal', engine: 'the same Verilog', seconds: (performance.now() - begin) / 1000 };
  const solver = options.solver ?? await findSolver();
  const [how, { by = solver.version, ...verdict }] = await withinLimit(options, limited => compare(gold, gate, solver, limited));
  return { ...verdict, engine: how === 'ABC' ? 'ABC, from registers at 0' : `${by}, ${how}`, seconds: (performance.now() - begin) / 1000 };
}

/** What comes out within the time limit, which holds for all tools together. */
async function withinLimit(options: SequentialOptions, body: (limited: SequentialOptions) => Promise<Decision>): Promise<Decision> {
  const { timeLimit = defaultTimeLimit } = options;
  // The solver knows its limit, and ends with an answer; a little later whatever else still works is ended.
  const decision = await withinTime(timeLimit + 1, options.signal, signal => body({ ...options, signal }));
  return decision ?? ['nothing', { verdict: 'unknown', reason: `Nothing was decided in ${timeLimit} s.` }];
}

async function compare(gold: VerilogDesign, gate: VerilogDesign, solver: Solver, options: SequentialOptions): Promise<Decision> {
  const kept: Pair = [await elaborate(gold, options, 'kept'), await elaborate(gate, options, 'kept')];
  const hasMemories = kept.some(({ memories }) => memories > 0);
  if (hasMemories) {
    const decision = await compareWithMemories([clockStep(kept[0]), clockStep(kept[1])], kept, solver, options);
    if (decision !== undefined) return decision;
  }
  const designs: Pair = hasMemories ? [await elaborate(gold, options), await elaborate(gate, options)] : kept;
  if (designs.every(({ registers }) => registers === 0)) return ['outputs', await decide(designs, solver, options)];
  return compareClocked([clockStep(designs[0]), clockStep(designs[1])], designs, solver, options);
}

/** The Verilog without its comments and its line breaks. */
function statements(verilog: string): string {
  return verilog.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ' ').replace(/\s+/g, ' ').trim();
}

/** Memory that becomes registers at most, in bits, where it is searched for differences. */
const mostMemoryBits = 1 << 14;

/** Designs with memories: register by register and memory by memory; undefined where that decides nothing and they are small enough to be registers. */
async function compareWithMemories(steps: Steps, designs: Pair, solver: Solver, options: SequentialOptions): Promise<Decision | undefined> {
  const bits = Math.max(...designs.map(({ memoryBits }) => memoryBits));
  const [how, verdict] = await compareClocked(steps, designs, solver, options, 'paired');
  if (verdict.verdict === 'equal' || how === 'ports') return [how, verdict];
  if (bits <= mostMemoryBits) return undefined;
  const [gold, gate] = designs;
  return ['memories', { verdict: 'unknown', reason: `${gold.name} and ${gate.name} have memories of up to ${bits} bits, too many to look for a difference, and were not proven equal register by register and memory by memory.` }];
}

/** What decided, and what came out. */
type Decision = readonly [how: string, Verdict];

async function compareClocked([first, second]: Steps, designs: Pair, solver: Solver, options: SequentialOptions, most: 'paired' | 'all' = 'all'): Promise<Decision> {
  const { reset = 'rst' } = options;
  // A design without registers has neither clock nor reset, or does not use them.
  const withoutClock = (step: ClockStep): ClockStep => ({ ...step, ports: step.ports.filter(({ name }) => name !== first.clock && name !== second.clock) });
  const [gold, gate] = [withoutClock(first), withoutClock(second)];
  const compared = ({ name, ports }: ClockStep): Pick<ClockStep, 'name' | 'ports'> => ({ name, ports: ports.filter(port => port.name !== reset) });
  const reason = portDifference(compared(gold), compared(gate));
  return reason === undefined ? new Search([gold, gate], designs, solver, options).decide(most) : ['ports', { verdict: 'different', reason }];
}

class Search {
  private readonly deadline: number;
  private readonly reset: string | undefined;
  private readonly offset: number;

  constructor(private readonly steps: Steps, private readonly designs: Pair, private readonly solver: Solver, private readonly options: SequentialOptions) {
    this.deadline = performance.now() + 1000 * (options.timeLimit ?? defaultTimeLimit);
    const wanted = options.reset ?? 'rst';
    this.reset = steps.some(({ ports }) => ports.some(({ name, direction, width }) => name === wanted && direction === 'input' && width === 1)) ? wanted : undefined;
    this.offset = options.offset ?? 0;
  }

  async decide(most: 'paired' | 'all'): Promise<Decision> {
    const [gold, gate] = this.steps;
    if (this.offset === 0 && sameRegisters(gold, gate) && gold.ports.length === gate.ports.length) {
      const verdict = await this.ask(await this.paired());
      if (verdict.verdict === 'equal') return [gold.memories.length > 0 ? 'register by register and memory by memory' : 'register by register', verdict];
    }
    if (most === 'paired') return ['nothing', { verdict: 'unknown', reason: '' }];
    if (gold.depth !== undefined && gate.depth !== undefined) {
      const last = Math.max(gold.depth, gate.depth - this.offset);
      return [`${last + this.offset + 1} clocks`, this.inClocks(await this.ask(await this.unrolled(last + 1, [last], 0)), 0)];
    }
    return this.searchAndProve();
  }

  /** Short runs first, for what is wrong shows soon; then ABC's proof, then longer runs. */
  private async searchAndProve(): Promise<Decision> {
    const found = await this.searched([4, 8]);
    if (found !== undefined) return found;
    const timeLimit = Math.max(1, (this.deadline - performance.now()) / 2000);
    const answer = this.offset === 0 ? await compareByAbc(this.designs[0], this.designs[1], timeLimit, this.options) : 'unknown';
    if (answer === 'equal') return ['ABC', { verdict: 'equal' }];
    const [gold, gate] = this.steps;
    const first = `${gold.name} and ${gate.name} do the same in the first ${mostClocks} clocks after a reset`;
    const reason = answer === 'different' ? `${first}, but ABC finds them different from registers at 0 on.` : `${first}; whether they always do was not proven.`;
    return await this.searched([16, mostClocks]) ?? [`${mostClocks} clocks`, { verdict: 'unknown', reason }];
  }

  /** What the first clocks after a reset show; undefined where they show no difference. */
  private async searched(lengths: readonly number[]): Promise<Decision | undefined> {
    const resetClocks = this.reset === undefined ? 0 : 2;
    for (const clocks of lengths) {
      const observed = Array.from({ length: clocks }, (_, clock) => resetClocks + clock);
      const verdict = await this.ask(await this.unrolled(resetClocks + clocks, observed, resetClocks));
      if (verdict.verdict === 'different') return [`${clocks} clocks`, this.inClocks(verdict, resetClocks)];
      if (verdict.verdict === 'equal') continue;
      const [gold, gate] = this.steps;
      const same = clocks === 4 ? 'Nothing was decided' : `${gold.name} and ${gate.name} do the same in the first ${clocks / 2} clocks after a reset; more was not decided`;
      return [`${clocks} clocks`, { verdict: 'unknown', reason: `${same} in ${this.options.timeLimit ?? defaultTimeLimit} s.` }];
    }
    return undefined;
  }

  private ask(pair: Pair): Promise<Verdict> {
    return decide(pair, this.solver, { ...this.options, timeLimit: Math.max(0.1, (this.deadline - performance.now()) / 1000) });
  }

  /** The counterexample with clocks in the place of numbered ports, and the reset that went before. */
  private inClocks(verdict: Verdict, resetClocks: number): Verdict {
    if (verdict.verdict !== 'different' || verdict.counterexample === undefined) return verdict;
    const { inputs, outputs } = verdict.counterexample;
    const { reset } = this;
    const resets = reset === undefined ? [] : Array.from({ length: resetClocks }, (_, clock): PortValue => ({ port: reset, width: 1, value: 1n, clock }));
    const moved: Counterexample = {
      inputs: [...resets, ...inputs.map(each => ({ ...each, ...clockOfPort(each.port) }))],
      outputs: outputs.map(each => ({ ...each, ...clockOfPort(each.port) })).toSorted((a, b) => a.clock - b.clock),
      interfaces: [this.interfaceOf(0), this.interfaceOf(1)], offset: this.offset,
    };
    return { ...verdict, reason: differenceText(moved), counterexample: moved };
  }

  private interfaceOf(side: 0 | 1): Interface {
    const { clock } = this.steps[side];
    return { ports: this.designs[side].ports, ...(clock === undefined ? {} : { clock }) };
  }

  private paired(): Promise<Pair> {
    return both(this.steps, step => stepDesign(step, this.options));
  }

  /** Both designs over some clocks of the first, the second so much longer as it is later. */
  private unrolled(clocks: number, observed: readonly number[], resetClocks: number): Promise<Pair> {
    const reset = this.reset === undefined ? {} : { reset: { port: this.reset, clocks: resetClocks } };
    const total = clocks + this.offset;
    return both(this.steps, step => {
      const late = step === this.steps[1] ? this.offset : 0;
      return unroll(step, { clocks: total, ...reset, observed: observed.map(clock => clock + late), shift: -late }, this.options);
    });
  }
}

/** Clocks after a reset that are searched at most. */
const mostClocks = 32;

async function both<T, R>([gold, gate]: readonly [T, T], make: (of: T) => Promise<R>): Promise<readonly [R, R]> {
  return [await make(gold), await make(gate)];
}

function sameRegisters(gold: ClockStep, gate: ClockStep): boolean {
  const sameMemories = gold.memories.length === gate.memories.length && gold.memories.every(({ name, shape }, index) => gate.memories[index]?.name === name && gate.memories[index].shape === shape);
  return sameMemories && gold.registers.length === gate.registers.length && gold.registers.every(({ name, width }, index) => gate.registers[index]?.name === name && gate.registers[index].width === width);
}

/** One clock as a combinational design: registers are inputs, their next values outputs. */
async function stepDesign(step: ClockStep, options: YosysOptions): Promise<ElaboratedDesign> {
  const result = await runYosys(() => ['read_json step.json', 'rename step design', 'write_rtlil design.il'], { 'step.json': step.json }, ['design.il'], options);
  const state = step.registers.flatMap(({ width }, index) => [{ name: `q_${index}`, direction: 'input' as const, width }, { name: `d_${index}`, direction: 'output' as const, width }]);
  const memories = step.memories.flatMap(({ ports }) => ports);
  return { name: step.name, ports: [...step.ports, ...state, ...memories], memories: 0, memoryBits: 0, registers: 0, rtlil: textOf(result, 'design.il'), json: '' };
}
