import { bool, type Int, type IntType, type ModuleBuilder } from '../../hdl/index.js';
import type { Adder } from './adder-tree.js';
import type { Named } from './strategy.js';
import type { Pipeline } from './stream.js';

/**
 * Adds the sums of beats up to one with `last`, modulo 2^width of `type`. It is the pipeline's last register: a result waits in it, and the
 * beat behind a result overwrites it as the result leaves, so that dot products follow each other without a gap.
 * @param pipe has registers; its flag `last` marks the last beat
 * @param type two's complement, no narrower than a beat's sum
 */
export function accumulator(m: ModuleBuilder, pipe: Pipeline, beat: Named, add: Adder, type: IntType): Int {
  const stage = pipe.stage(1);
  const sum = stage.enter(beat.name, beat.value);
  const { domain, valid, last } = pipe;
  if (domain === undefined) throw new TypeError('an accumulator without a clock');
  const enable = valid.constant === undefined ? { enable: valid } : {};
  const starting = domain.reg('starting', bool, { reset: true, ...enable });
  starting.drive(last);
  const running = domain.reg('accumulator', type, enable);
  const total = m.named('running_sum', add(running.q, sum, stage.source).wrap(type.width));
  running.drive(starting.q.mux(sum, total));
  pipe.end(last);
  return running.q;
}
