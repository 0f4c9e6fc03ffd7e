import {
  bool, clock, input, literalBool, output, p, saysPlacesOfCallers,
  type Bits, type Bool, type BoolType, type Clock, type Domain, type HdlIssue, type Int, type ModuleBuilder, type Signal, type StreamPorts, type Target,
  type VariableOf,
} from '../../hdl/index.js';
import { cutsOf } from '../cost/cuts.js';
import { deepestStage, measuredStages } from '../cost/stages.js';
import type { Source } from './adder-tree.js';

saysPlacesOfCallers(import.meta.url);

/** How beats go through a unit: with valid and ready, with valid alone, or one every clock. */
export type Flow = 'stream' | 'valid' | 'none';

/** Where registers stand: nowhere, at the output, between all natural stages, or so that no stage has more levels of logic, where eight bits of a carry chain are a level. */
export type Pipelining = 'none' | 'output' | 'full' | number;

/** The parameters that every unit has for its flow and pipelining. */
export const flowParameters = {
  flow: p.choice(['stream', 'valid', 'none'], {
    default: 'stream',
    doc: 'handshake of the ports: valid and ready, valid alone, or none (a beat every clock)',
  }),
  pipeline: p.choiceOrInt(['none', 'output', 'full'], {
    default: 'full', min: 1, max: 64,
    doc: 'registers: none (combinational), one at the output, after each natural stage, or so many levels at most between registers (a LUT is one, as are 8 bits of a carry chain)',
  }),
} as const;

/** The values of `flowParameters`. */
export interface FlowParameters {
  readonly flow: Flow;
  readonly pipeline: Pipelining;
}

/** Contradictions between flow and pipelining. */
export function flowContradictions({ flow, pipeline }: FlowParameters): readonly (HdlIssueOf<'pipeline'>)[] {
  if (pipeline !== 'none' || flow === 'none') return [];
  return [{
    parameter: 'pipeline', message: `pipeline 'none' has no registers, and flow '${flow}' needs one at the output`,
    hint: 'use flow \'none\', or pipeline \'output\', \'full\' or a number',
  }];
}

/** What a generator's `check` says of a parameter. */
export type HdlIssueOf<K extends string> = Pick<HdlIssue, 'message'> & { readonly parameter: K; readonly hint?: string };

/**
 * Clock, reset and the handshake of the input `in`. Clock and reset are there where there are registers, whether or not any of them is reset, so
 * that units are instanced alike.
 */
export function inputPorts({ flow, pipeline }: FlowParameters) {
  const isStream = flow === 'stream';
  return {
    clk: pipeline === 'none' ? undefined : clock(),
    rst: pipeline === 'none' ? undefined : input(bool, 'reset, synchronous, active high'),
    in_valid: flow === 'none' ? undefined : input(bool, 'a beat is offered'),
    in_ready: isStream ? output(bool, 'a beat is accepted') : undefined,
  };
}

/** The handshake of the output `out`. */
export function outputPorts({ flow }: FlowParameters) {
  return {
    out_valid: flow === 'none' ? undefined : output(bool, 'a result is offered'),
    out_ready: flow === 'stream' ? input(bool, 'a result is accepted') : undefined,
  };
}

/** What a `build` sees of the ports of `inputPorts` and `outputPorts`. */
export interface FlowIo {
  readonly clk: Clock | undefined;
  readonly rst: Bool | undefined;
  readonly in_valid: Bool | undefined;
  readonly in_ready: Target<BoolType> | undefined;
  readonly out_valid: Target<BoolType> | undefined;
  readonly out_ready: Bool | undefined;
}

/** Values that a stage reads. */
export type Staged = Int | Bits | Bool;

/** Stages before which registers stand, or that they go by what units say of their stages. */
type Cuts = ReadonlySet<number> | 'declared';

/** One natural stage of a pipeline. */
export interface Stage {
  /** Whether registers stand before this stage. */
  readonly isCut: boolean;
  /** What the adders of this stage are fed by. In a trial, whose registers need not stay, always arithmetic. */
  readonly source: Source;
  /** A value of the stage before, through a register of this name where the stage is cut; a wire of this name where it is not. */
  enter<V extends Staged>(name: string, value: V, options?: { readonly keep?: boolean }): V;
}

/**
 * The way of the beats through a unit, from the ports `in` to the ports `out`, for every flow and pipelining. A unit says `stage(levels)` where a
 * natural stage begins, and `end()` where the results stand; registers are placed only where the pipelining wants them, and are counted.
 *
 * A stream stalls as one: all registers hold while a result waits. So `in_ready` depends on the output's register and `out_ready` alone, `out_valid`
 * is a register, and a beat moves through at one a clock. Valid bits are reset, data is not.
 *
 * The flag `last`, where the unit has one, goes along with each beat.
 */
export class Pipeline {
  /** Where registers of the unit's own belong: they hold while the pipeline stalls. Undefined without registers. */
  readonly domain: Domain | undefined;
  private readonly m: ModuleBuilder;
  private readonly io: FlowIo;
  private readonly parameters: FlowParameters;
  private readonly advance: VariableOf<BoolType> | undefined;
  private validNow: Bool;
  private lastNow: Bool | undefined;
  private stages = 0;
  private clocks = 0;
  private levelsUsed = 0;
  /** Where the pipelining is a number: stages before which registers stand. Undefined in the trial that it is measured on, which has them before all. */
  private readonly cuts: Cuts | undefined;
  /** The registers at each boundary of the trial. */
  private readonly boundaries: Signal[][] = [];

  constructor(m: ModuleBuilder, io: FlowIo, parameters: FlowParameters, last?: Bool) {
    this.m = m;
    this.io = io;
    this.parameters = parameters;
    this.validNow = io.in_valid ?? literalBool(true);
    this.lastNow = last;
    this.advance = parameters.flow === 'stream' ? m.wire('advance', bool) : undefined;
    const { clk, rst } = io;
    const domain = clk === undefined ? undefined : m.domain(clk, rst === undefined ? {} : { reset: rst });
    this.domain = this.advance === undefined ? domain : domain?.gated(this.advance.q);
    const { pipeline } = parameters;
    if (typeof pipeline === 'number') this.cuts = this.cutsFor(pipeline);
  }

  /** Whether there is a beat at this place of the pipeline. Without a handshake always true. */
  get valid(): Bool {
    return this.validNow;
  }

  /** The flag `last` of the beat at this place of the pipeline; false without one. */
  get last(): Bool {
    return this.lastNow ?? literalBool(false);
  }

  /** Clocks from the input to this place. */
  get latency(): number {
    return this.clocks;
  }

  /** Whether registers stand inside of so many levels of logic, one behind the other. */
  cutsInside(levels: number): boolean {
    const { pipeline } = this.parameters;
    return typeof pipeline === 'number' ? pipeline < levels : pipeline === 'full' && levels > 1;
  }

  /** How many of equal steps, one level of logic each, belong into one stage, where `natural` of them make a natural stage and there are `all`. */
  stepsInStage(natural: number, all: number): number {
    const { pipeline } = this.parameters;
    return pipeline === 'full' ? natural : typeof pipeline === 'number' ? 1 : all;
  }

  /**
   * Begins a natural stage. Where the pipelining is a number, the registers that are needed are found by measuring all stages on a trial; a stage that is deeper stands
   * alone between registers.
   * @param levels about how many levels of logic it has, for units that are too large to be measured
   */
  stage(levels: number): Stage {
    const { pipeline } = this.parameters;
    const isFirst = this.stages === 0;
    const isCut = !isFirst && (typeof pipeline === 'number' ? this.isCutBefore(this.stages, levels, pipeline) : pipeline === 'full');
    this.stages++;
    this.levelsUsed = isCut ? levels : this.levelsUsed + levels;
    return this.boundary(isCut);
  }

  /**
   * Cuts are chosen by what the stages have in a trial with all registers. Without some of them a stage may be built in another way and be deeper; so what is chosen is measured
   * as well, and chosen again for a level less where that is so.
   */
  private cutsFor(most: number): Cuts | undefined {
    const stages = this.m.trial(trial => measuredStages(trial, this.boundaries) ?? 'declared');
    if (stages === undefined || stages === 'declared') return stages;
    const allowed = Math.max(most, ...Array.from({ length: stages.count }, (_, stage) => stages.depth(stage, stage + 1)));
    let tried: readonly number[] = [];
    for (let levels = most; levels > 0; levels--) {
      const cuts = cutsOf(stages, levels);
      if (levels < most && cuts.join() === tried.join()) continue;
      tried = cuts;
      const depth = this.m.trial(deepestStage);
      if (depth === undefined || depth <= allowed) return new Set(cuts);
    }
    return new Set(Array.from({ length: stages.count - 1 }, (_, stage) => stage + 1));
  }

  /** Whether this is what the stages are measured on. */
  private get isTrial(): boolean {
    return typeof this.parameters.pipeline === 'number' && this.cuts === undefined;
  }

  private isCutBefore(stage: number, levels: number, most: number): boolean {
    if (this.cuts === undefined) return true;
    return this.cuts === 'declared' ? this.levelsUsed + levels > most : this.cuts.has(stage);
  }

  /**
   * The end of the pipeline: a register for the results where there is a clock at all, and the output's handshake.
   * @param isResult whether the beat here gives a result; where absent each does
   */
  end(isResult?: Bool): Stage {
    if (isResult !== undefined && this.validNow.constant === undefined) this.validNow = this.validNow.and(isResult);
    this.lastNow = undefined;
    const stage = this.boundary(this.domain !== undefined);
    const { out_valid, out_ready, in_ready } = this.io;
    out_valid?.drive(this.validNow);
    if (this.advance !== undefined && out_ready !== undefined) {
      this.advance.drive(this.validNow.not().or(out_ready));
      in_ready?.drive(this.advance.q);
    }
    return stage;
  }

  /** What the ports promise, after `end`. The flag `last`, where there is one, is the input's payload `in_last`. */
  promise(inputs: readonly string[], outputs: readonly string[]): void {
    const { flow } = this.parameters;
    const handshake = (name: 'in' | 'out'): Pick<StreamPorts, 'valid' | 'ready'> => ({
      ...(flow === 'none' ? {} : { valid: `${name}_valid` }),
      ...(flow === 'stream' ? { ready: `${name}_ready` } : {}),
    });
    const last = inputs.includes('in_last') ? { last: 'in_last' } : {};
    this.m.promise({
      flow, latency: this.clocks, interval: 1,
      streams: [
        { name: 'in', direction: 'input', ...handshake('in'), ...last, payload: inputs },
        { name: 'out', direction: 'output', ...handshake('out'), payload: outputs },
      ],
    });
  }

  private boundary(isCut: boolean): Stage {
    const { m, domain } = this;
    if (!isCut || domain === undefined) {
      return { isCut: false, source: 'arithmetic', enter: (name, value) => value.op === 'read' || value.constant !== undefined ? value : m.named(name, value) };
    }
    this.clocks++;
    const { clocks } = this;
    const registers: Signal[] = [];
    this.boundaries.push(registers);
    const delay = <V extends Staged>(name: string, value: V, options: { readonly keep?: boolean; readonly reset?: false } = {}): V => {
      const delayed = domain.delay(name, value, options);
      if (delayed.detail.signal !== undefined) registers.push(delayed.detail.signal);
      return delayed;
    };
    if (this.validNow.constant === undefined) this.validNow = delay(`valid_${clocks}`, this.validNow, { reset: false });
    if (this.lastNow !== undefined) this.lastNow = delay(`last_${clocks}`, this.lastNow);
    return { isCut: true, source: this.isTrial ? 'arithmetic' : 'other', enter: (name, value, options = {}) => value.constant === undefined ? delay(name, value, options) : value };
  }
}
