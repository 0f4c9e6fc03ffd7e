import { HdlError, elaborateAny, type Design } from '../hdl/index.js';
import { predictCost, type Cost } from './cost/cost.js';
import type { GeneratorEntry } from './index.js';

/** Which structures a unit is built of: those fitted to the device, plain Verilog, or of these the ones that are predicted smaller. */
export type StrategyName = 'fitted' | 'generic' | 'auto';

export const strategyNames: readonly StrategyName[] = ['fitted', 'generic', 'auto'];

/** What is left to the cost model. */
export interface Wishes {
  /** The device whose area and clock count. */
  readonly device: Cost['device'];
  /** Where absent the unit's parameter `target` stays as it is. */
  readonly strategy?: StrategyName;
  /** The clock that the unit must reach; its parameter `pipeline` is chosen for it. */
  readonly megahertz?: number;
}

/** A unit as it may be built. */
export interface Candidate {
  /** The given ones and those that are chosen. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly cost: Cost;
  /** Clocks from input to output, where they do not depend on data. */
  readonly latency?: number;
}

export interface Choice {
  /** Undefined where no candidate reaches the clock. */
  readonly chosen?: Candidate;
  /** The candidate with the fastest clock; undefined where the unit is too large for the cost model. */
  readonly fastest?: Candidate;
}

/**
 * Elaborates a unit in each way that is wished for, and takes the one with the least predicted area among those whose predicted clock is fast enough; of equal ones that with
 * the least latency, then with the least depth, then the first. Registers are always at least at the output where a clock is wished for.
 * @throws HdlError for parameters that are wrong in each of these ways
 */
export function choose({ generator }: GeneratorEntry, parameters: Readonly<Record<string, unknown>>, { device, strategy, megahertz }: Wishes): Choice {
  const { params } = generator.spec;
  const targets = strategy === undefined || !('target' in params) ? [{}] : targetsOf(strategy, device).map(target => ({ target }));
  const pipelines = megahertz === undefined || !('pipeline' in params) ? [{}] : pipelinings.map(pipeline => ({ pipeline }));
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  let refusal: HdlError | undefined;
  for (const target of targets) {
    for (const pipeline of pipelines) {
      const given = { ...parameters, ...target, ...pipeline };
      let design: Design;
      try {
        design = elaborateAny(generator, given);
      } catch (error) {
        if (!(error instanceof HdlError)) throw error;
        refusal ??= error;
        continue;
      }
      const key = fingerprint(design);
      if (seen.has(key)) continue;
      seen.add(key);
      const cost = predictCost(design, device, { dsp: design.top.parameters.dsp === true });
      const latency = design.top.timing?.latency;
      if (cost !== undefined) candidates.push({ parameters: given, cost, ...(latency === undefined ? {} : { latency }) });
      // From here on numbers give the same.
      if (typeof given.pipeline === 'number' && latency === 1) break;
    }
  }
  if (candidates.length === 0 && seen.size === 0 && refusal !== undefined) throw refusal;
  const fastest = best(candidates, (x, y) => y.cost.megahertz - x.cost.megahertz || byArea(x, y));
  const chosen = best(candidates.filter(({ cost }) => cost.megahertz >= (megahertz ?? 0)), byArea);
  return { ...(fastest === undefined ? {} : { fastest }), ...(chosen === undefined ? {} : { chosen }) };
}

const mostLevels = 64;
const pipelinings: readonly (string | number)[] = ['output', 'full', ...Array.from({ length: mostLevels }, (_, i) => i + 1)];

function targetsOf(strategy: StrategyName, device: Cost['device']): readonly string[] {
  return strategy === 'auto' ? [device, 'generic'] : [strategy === 'fitted' ? device : 'generic'];
}

/** What tells designs of one unit apart that differ in target and registers alone. */
function fingerprint({ top, modules }: Design): string {
  return JSON.stringify([top.parameters.target, modules.length, top.signals.map(({ name, kind, width }) => [name, kind, width])]);
}

function byArea(x: Candidate, y: Candidate): number {
  return x.cost.area - y.cost.area || (x.latency ?? 0) - (y.latency ?? 0) || x.cost.depth - y.cost.depth;
}

function best(candidates: readonly Candidate[], order: (x: Candidate, y: Candidate) => number): Candidate | undefined {
  return candidates.toSorted(order)[0];
}
