import type { Evaluator, PortValue } from '../../hdl/index.js';

/** Numbers from 0 up to 1, reproducible (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One beat: a value for each payload port. */
export type Beat = Readonly<Record<string, PortValue>>;

export interface StreamRun {
  readonly results: readonly bigint[];
  /** Clock at which each input beat was accepted and each result taken, counted from 0. */
  readonly accepted: readonly number[];
  readonly taken: readonly number[];
}

export interface StreamOptions {
  readonly output: string;
  /** Results to wait for. */
  readonly results: number;
  readonly random: () => number;
  /** Probability that the producer offers nothing, and that the consumer takes nothing, at a clock. */
  readonly bubbles: number;
  readonly stalls: number;
}

/**
 * Sends beats through a unit of flow `stream` and takes its results, by the rules of the handshake: an offer stands until it is taken. Throws where
 * the unit breaks a rule: a waiting result that changes or goes away, or a result that nobody sent.
 */
export function stream(unit: Evaluator, beats: readonly Beat[], { output, results: wanted, random, bubbles, stalls }: StreamOptions): StreamRun {
  unit.set('rst', true).set('in_valid', false).set('out_ready', false).step().set('rst', false);
  const results: bigint[] = [];
  const [accepted, taken]: [number[], number[]] = [[], []];
  let waiting: bigint | undefined;
  let offered = false;
  const idle = Math.ceil(200 / (1 - stalls) / (1 - bubbles));
  for (let clock = 0, last = 0; results.length < wanted || clock < last + 20; clock++) {
    if (clock > last + idle) throw new Error(`no result for ${idle} clocks; ${results.length} of ${wanted} came`);
    const beat = beats[accepted.length];
    offered = beat !== undefined && (offered || random() >= bubbles);
    unit.set('in_valid', offered);
    if (beat !== undefined) for (const [port, value] of Object.entries(beat)) unit.set(port, value);
    const ready = random() >= stalls;
    unit.set('out_ready', ready);
    const [moves, valid] = [offered && unit.get('in_ready') === 1n, unit.get('out_valid') === 1n];
    const value = unit.getNumber(output);
    if (waiting !== undefined && (!valid || value !== waiting)) throw new Error(`a waiting result of ${waiting} became ${valid ? value : 'none'} at clock ${clock}`);
    const takes = valid && ready;
    waiting = valid && !takes ? value : undefined;
    if (takes) {
      results.push(value);
      taken.push(clock);
      last = clock;
    }
    if (moves) {
      accepted.push(clock);
      offered = false;
      last = clock;
    }
    unit.step();
  }
  return { results, accepted, taken };
}
