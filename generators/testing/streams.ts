import type { Evaluator } from '../../hdl/index.js';
import type { Beat } from './handshake.js';

/** The beats of each input stream, by its name: ports `NAME_valid`, `NAME_ready`. */
export type StreamBeats = Readonly<Record<string, readonly Beat[]>>;

export interface StreamsOptions {
  /** The output stream; `out` where absent. */
  readonly output?: string;
  /** The ports of the output stream that are read. */
  readonly outputs: readonly string[];
  /** Beats of it to wait for. */
  readonly results: number;
  readonly random: () => number;
  /** Probability that a producer offers nothing, by stream, and that the consumer takes nothing, at a clock. */
  readonly bubbles: Readonly<Record<string, number>>;
  readonly stalls: number;
  /** Clocks without any movement after which the run is given up. */
  readonly patience: number;
  /** Ends the run after so many clocks, whatever came. */
  readonly clocks?: number;
}

export interface StreamsRun {
  /** Of each beat of the output the elements of its ports, in order. */
  readonly results: readonly (readonly bigint[])[];
  /** Clocks at which the beats of each stream moved, counted from the first clock after the reset. */
  readonly moved: Readonly<Record<string, readonly number[]>>;
}

/**
 * Sends beats on several streams and takes those of the output, by the rules of the handshake. Throws where the unit breaks a rule: a waiting result that
 * changes or goes away, a result beyond those that are expected, or no movement.
 */
export function streams(unit: Evaluator, beats: StreamBeats, options: StreamsOptions): StreamsRun {
  const { outputs, results: wanted, random, bubbles, stalls, patience, output = 'out', clocks = Infinity } = options;
  const names = Object.keys(beats);
  unit.set('rst', true).set(`${output}_ready`, false);
  for (const name of names) unit.set(`${name}_valid`, false);
  unit.step().set('rst', false);
  const results: (readonly bigint[])[] = [];
  const moved: Record<string, number[]> = Object.fromEntries([...names, output].map(name => [name, []]));
  const offered = new Set<string>();
  let waiting: string | undefined;
  for (let clock = 0, last = 0; clock < clocks && (results.length < wanted || clock < last + 30); clock++) {
    if (clock > last + patience) throw new Error(`nothing moved for ${patience} clocks; ${results.length} of ${wanted} results came`);
    for (const name of names) {
      const beat = beats[name]?.[moved[name]?.length ?? 0];
      if (beat !== undefined && (offered.has(name) || random() >= (bubbles[name] ?? 0))) {
        if (!offered.has(name)) for (const [port, value] of Object.entries(beat)) unit.set(port, value);
        offered.add(name);
      }
      unit.set(`${name}_valid`, offered.has(name));
    }
    const ready = random() >= stalls;
    unit.set(`${output}_ready`, ready);
    const movers = names.filter(name => offered.has(name) && unit.get(`${name}_ready`) === 1n);
    const valid = unit.get(`${output}_valid`) === 1n;
    if (waiting !== undefined || valid) {
      const values = outputs.flatMap(port => unit.getNumbers(port));
      const text = valid ? values.join() : 'nothing';
      if (waiting !== undefined && text !== waiting) throw new Error(`a waiting result of ${waiting} became ${text} at clock ${clock}`);
      waiting = valid && !ready ? text : undefined;
      if (valid && ready) {
        results.push(values);
        movers.push(output);
      }
    }
    for (const name of movers) {
      moved[name]?.push(clock);
      offered.delete(name);
      last = clock;
    }
    unit.step();
  }
  return { results, moved };
}
