import { SynthesisError } from '../error.js';
import { findSolver, type Solver } from '../smt/find.js';
import { solve } from '../smt/solve.js';
import type { Yosys } from '../yosys/find.js';
import { runYosys, textOf } from '../yosys/run.js';
import { elaborate, type ElaboratedDesign } from './elaborate.js';
import { compareBlif } from './abc.js';
import { compareByLeaves, leavesEngine } from './leaves.js';
import { differenceText, type Counterexample, type Equivalence, type OutputDifference, type PortValue, type Verdict, type VerilogDesign } from './equivalence.js';
import { portDifference } from './ports.js';

export interface EquivalenceOptions {
  /** False leaves all to z3; otherwise it gets what is not proven leaf by leaf. */
  readonly leaves?: boolean;
  /** Seconds that the solver may take; 60 if not given. */
  readonly timeLimit?: number;
  readonly solver?: Solver;
  readonly yosys?: Yosys;
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** The design that says what is right, and the one that is compared with it. */
export type Pair = readonly [gold: ElaboratedDesign, gate: ElaboratedDesign];

/** Seconds of a proof if nobody says. */
export const defaultTimeLimit = 60;

const sides = ['gold', 'gate'] as const;

/**
 * Proves two combinational designs equal, or finds inputs for which they differ: leaf by leaf, and where outputs are left by ABC on what is left, then by z3 on both designs as words, as they are
 * written, not as gates. A counterexample counts only when Yosys, evaluating both designs, confirms it. Bits that a design leaves undefined may be anything in the proof.
 * @param gold says what is right
 * @throws SynthesisError of kind 'design' where a design cannot be read, 'usage' where one has registers, 'tool' where a tool is missing or fails
 */
export async function proveCombinational(gold: VerilogDesign, gate: VerilogDesign, options: EquivalenceOptions = {}): Promise<Equivalence> {
  const begin = performance.now();
  const solver = options.solver ?? await findSolver();
  const pair: Pair = [await elaborate(gold, options), await elaborate(gate, options)];
  const { by = solver.version, ...verdict } = await decide(pair, solver, options);
  return { ...verdict, engine: by, seconds: (performance.now() - begin) / 1000 };
}

/** The same for designs that are elaborated already. */
export async function decide(pair: Pair, solver: Solver, options: EquivalenceOptions): Promise<Verdict> {
  const [gold, gate] = pair;
  for (const { name, registers } of pair) if (registers > 0) throw new SynthesisError('usage', `${name} has registers, and is to be compared as a combinational design.`);
  const reason = portDifference(gold, gate);
  if (reason !== undefined) return { verdict: 'different', reason };
  const deadline = performance.now() + 1000 * (options.timeLimit ?? defaultTimeLimit);
  const leaves = options.leaves === false ? undefined : await withoutArithmetic(pair, deadline, options);
  if (typeof leaves === 'object' && 'verdict' in leaves) return leaves;
  return decideByWords(pair, leaves, solver, { ...options, timeLimit: Math.max(0.1, (deadline - performance.now()) / 1000) });
}

/** The verdict, or the outputs that are left for z3. */
async function withoutArithmetic(pair: Pair, deadline: number, options: EquivalenceOptions): Promise<Verdict | readonly string[]> {
  const found = await compareByLeaves(pair, deadline, options);
  if (found.answer === 'equal') return { verdict: 'equal', by: leavesEngine };
  if (found.answer === 'different') {
    const counterexample = await evaluated(pair, found.inputs, options);
    if (counterexample !== undefined) return { verdict: 'different', reason: differenceText(counterexample), counterexample, by: found.by };
    return pair[0].ports.filter(({ direction }) => direction === 'output').map(({ name }) => name);
  }
  if (found.networks !== undefined) {
    const seconds = (deadline - performance.now()) / 1000;
    if (seconds > 0 && await compareBlif(found.networks, Math.max(0.5, seconds / 5), options) === 'equal') return { verdict: 'equal', by: `${leavesEngine}; ABC for the rest` };
  }
  return found.outputs;
}

/** @param outputs those that are compared; all if not given */
async function decideByWords(pair: Pair, outputs: readonly string[] | undefined, solver: Solver, options: EquivalenceOptions): Promise<Verdict> {
  const [gold, gate] = pair;
  const inputs = gold.ports.filter(({ direction }) => direction === 'input');
  const terms = inputs.map(({ name }) => `|m_n in_${name}|`);
  const equal = gold.ports.filter(({ name, direction }) => direction === 'output' && outputs?.includes(name) === false).map(({ name }) => name);
  const formula = await runYosys(() => [...miter('-anyconst', equal), 'write_smt2 -bv m.smt2'], filesOf(pair), ['m.smt2'], options);
  const solution = await solve(`${bitVectors(textOf(formula, 'm.smt2'))}\n(assert |m_n trigger|)`, terms, { ...options, solver, timeLimit: options.timeLimit ?? defaultTimeLimit });
  if (solution.answer === 'unsat') return { verdict: 'equal', ...(equal.length === 0 ? {} : { by: `${leavesEngine}; ${solver.version} for the rest` }) };
  if (solution.answer === 'unknown') return { verdict: 'unknown', reason: solution.reason };
  const values = inputs.map(({ name, width }, index): PortValue => ({ port: name, width, value: solution.values.get(terms[index] ?? '') ?? 0n }));
  const counterexample = await evaluated(pair, values, options);
  if (counterexample !== undefined) return { verdict: 'different', reason: differenceText(counterexample), counterexample };
  return { verdict: 'unknown', reason: `${gold.name} and ${gate.name} differ at most in bits that one of them leaves undefined: the inputs that ${solver.version} found do not tell them apart.` };
}

/**
 * Makes the module `m`, which gives both designs the same inputs `in_…`, and whose `trigger` is high where an output `gold_…` is not `gate_…`.
 * @param undefinedBits what Yosys puts in the place of bits that a design leaves undefined
 * @param left outputs that are not compared
 */
function miter(undefinedBits: '-anyconst' | '-zero', left: readonly string[] = []): readonly string[] {
  return [
    ...sides.flatMap(side => [`read_rtlil ${side}.il`, ...left.map(name => `delete -port design/${name}`), 'opt_clean', `rename design ${side}`]), 'simplemap t:$lut', `setundef -undriven ${undefinedBits}`,
    'miter -equiv -flatten -make_outputs gold gate m', 'hierarchy -top m',
  ];
}

function filesOf([gold, gate]: Pair): Readonly<Record<string, string>> {
  return { 'gold.il': gold.rtlil, 'gate.il': gate.rtlil };
}

/**
 * The formula that Yosys writes, as one of bit-vectors alone: it makes every signal a function of the state, and without state that is a constant. z3 takes a
 * hundredth to a thousandth of the time.
 */
function bitVectors(smt: string): string {
  const lines = smt.split('\n');
  // Behind the signals come the transition relation and what is asserted of states.
  const signals = lines.slice(0, lines.findIndex(line => line.startsWith('(define-fun |m_a|')));
  return ['(set-logic QF_BV)', ...signals.filter(line => !/^\(declare-sort|^\(declare-fun \|m_is\|/.test(line)).map(line => line
    .replace(/^\(declare-fun (\|[^|]*\|) \(\|m_s\|\)/, '(declare-fun $1 ()').replace('((state |m_s|))', '()').replaceAll(/\((\|m[^|]*\|) state\)/g, '$1'))].join('\n');
}

/** What both designs give for some inputs, by Yosys' own evaluation; undefined where they give the same. */
async function evaluated(pair: Pair, inputs: readonly PortValue[], options: EquivalenceOptions): Promise<Counterexample | undefined> {
  const outputs = pair[0].ports.filter(({ direction }) => direction === 'output');
  const sets = inputs.map(({ port, width, value }) => `-set in_${port} ${width}'h${value.toString(16)}`);
  const shows = outputs.flatMap(({ name }) => sides.map(side => `-show ${side}_${name}`));
  const { output } = await runYosys(() => [...miter('-zero'), `eval ${[...sets, ...shows].join(' ')} m`], filesOf(pair), [], options);
  const results = new Map([...output.matchAll(/^Eval result: \\(\S+) = \d+'([01]+)\.?$/gm)].map(([, name = '', digits = '']) => [name, BigInt(`0b${digits}`)]));
  const differences = outputs.flatMap(({ name, width }): readonly OutputDifference[] => {
    const [expected, seen] = [results.get(`gold_${name}`), results.get(`gate_${name}`)];
    return expected === undefined || seen === undefined || expected === seen ? [] : [{ port: name, width, expected, seen }];
  });
  return differences.length === 0 ? undefined : { inputs, outputs: differences, interfaces: [{ ports: pair[0].ports }, { ports: pair[1].ports }], offset: 0 };
}
