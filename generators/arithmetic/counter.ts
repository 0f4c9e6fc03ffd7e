import { int, literalBool, type Bool, type Domain, type Int, type IntLike } from '../../hdl/index.js';
import { indexType } from './fields.js';

/** A number from 0 to `count` - 1 that steps through its values; where there is only one it costs nothing. */
export interface Counter {
  readonly q: Int;
  /** Whether it is at its last value: `count` - 1, or 0 where it counts down. */
  readonly last: Bool;
  /** The value behind this one: after the last one the first. */
  readonly after: Int;
  readonly count: number;
  set(value: IntLike): void;
  /** Goes on to the value behind this one. */
  step(): void;
}

/** A counter in a register of this name. */
export function counter(domain: Domain, name: string, count: number, direction: 'up' | 'down' = 'up', options: { readonly reset?: number } = {}): Counter {
  if (count === 1) return { q: int(0), last: literalBool(true), after: int(0), count, set: () => undefined, step: () => undefined };
  const type = indexType(count);
  const value = domain.reg(name, type, options);
  const [first, end, distance] = direction === 'up' ? [0, count - 1, 1] : [count - 1, 0, 2 ** type.width - 1];
  const last = value.q.eq(end);
  const next = value.q.add(distance).wrap(type.width).asU();
  const after = count === 2 ** type.width ? next : last.mux(first, next);
  return {
    q: value.q, last, after, count,
    set: to => value.set(to),
    step: () => value.set(after),
  };
}
