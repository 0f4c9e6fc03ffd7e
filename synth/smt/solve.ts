import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDirectory, explainFileError } from '../../system/cache.js';
import { runChild, type ChildResult } from '../../system/child.js';
import { withScratch } from '../../system/scratch.js';
import { withinTime } from '../../system/time-limit.js';
import { SynthesisError } from '../error.js';
import { findSolver, type Solver } from './find.js';

export interface SolveOptions {
  /** `findSolver()` if not given. */
  readonly solver?: Solver;
  /** Seconds after which the solver is ended. */
  readonly timeLimit: number;
  /** Temporary folders stand below it; `defaultCacheDirectory()` if not given. */
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** What a solver found of a formula. */
export type Solution =
  | { readonly answer: 'unsat' }
  /** Values of the terms that were asked for, by term. */
  | { readonly answer: 'sat'; readonly values: ReadonlyMap<string, bigint> }
  /** One sentence says why it is not known. */
  | { readonly answer: 'unknown'; readonly reason: string };

/**
 * Asks z3 whether a formula of SMT-LIB 2 can be satisfied, and if so, for values of bit-vector and Boolean terms. What does not end with a clear answer is
 * 'unknown': a time limit, too little memory, a solver that gives up.
 * @throws SynthesisError of kind 'tool' where the solver is missing, or does not take the formula
 */
export async function solve(formula: string, terms: readonly string[], options: SolveOptions): Promise<Solution> {
  const solver = options.solver ?? await findSolver();
  const question = `${formula}\n(check-sat)\n${terms.length === 0 ? '' : `(get-value (${terms.join(' ')}))\n`}`;
  const cacheDirectory = options.cacheDir ?? defaultCacheDirectory();
  const solved = withScratch(join(cacheDirectory, 'tmp'), async (folder): Promise<Solution> => {
    const file = join(folder, 'formula.smt2');
    writeFileSync(file, question);
    const ended = await withinTime(options.timeLimit, options.signal, signal => runChild([...solver.command, file], { signal }));
    if (ended === undefined) return { answer: 'unknown', reason: `${solver.version} found nothing in ${Number(options.timeLimit.toPrecision(2))} s.` };
    return read(ended, terms, solver);
  });
  return solved.catch((error: unknown) => {
    throw explainFileError(error, cacheDirectory);
  });
}

const noMemory = /out of memory|bad_alloc|memory access out of bounds|Cannot allocate memory|unreachable/i;

function read({ output, endedBy }: ChildResult, terms: readonly string[], solver: Solver): Solution {
  const [first = ''] = output.trimStart().split('\n', 1);
  if (first.trim() === 'unsat') return { answer: 'unsat' };
  if (first.trim() === 'sat') return { answer: 'sat', values: valuesOf(output, terms, solver) };
  if (endedBy !== undefined || noMemory.test(output)) return { answer: 'unknown', reason: `${solver.version} ran out of memory.` };
  if (first.trim() === 'unknown' || first.trim() === 'timeout') return { answer: 'unknown', reason: `${solver.version} gave up.` };
  throw new SynthesisError('tool', `${solver.version} failed: ${first.trim() || 'it said nothing'}.`);
}

/** The values behind `sat`: `((term value) …)`, in the order of the terms. */
function valuesOf(output: string, terms: readonly string[], solver: Solver): ReadonlyMap<string, bigint> {
  const values = [...output.matchAll(/\s(#b[01]+|#x[0-9a-fA-F]+|true|false)\)/g)].map(([, text = '']) => valueOf(text));
  if (values.length !== terms.length) throw new SynthesisError('tool', `${solver.version} gave ${values.length} values where ${terms.length} were asked for.`);
  return new Map(terms.map((term, index) => [term, values[index] ?? 0n]));
}

function valueOf(text: string): bigint {
  if (text === 'true') return 1n;
  return text === 'false' ? 0n : BigInt(`0${text.slice(1)}`);
}
