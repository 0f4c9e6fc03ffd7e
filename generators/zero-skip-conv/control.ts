import { bits, bool, sum, u, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { counter } from '../arithmetic/counter.js';
import type { CoreParameters } from './shape.js';

/** How many of two banks are in use, and the number, modulo 4, of what is put in next and of what is taken out next. */
export interface Banks {
  readonly isFull: Bool;
  readonly isEmpty: Bool;
  readonly putting: Bits;
  readonly taking: Bits;
}

export function banks(m: ModuleBuilder, sync: Domain, name: string, put: Bool, take: Bool): Banks {
  const [putting, taking] = [sync.reg(`${name}_put`, u(2), { reset: 0 }), sync.reg(`${name}_taken`, u(2), { reset: 0 })];
  m.when(put, () => putting.set(putting.q.add(1).wrap(2)));
  m.when(take, () => taking.set(taking.q.add(1).wrap(2)));
  const used = m.named(`${name}_in_use`, putting.q.sub(taking.q).wrap(2).asU());
  return { isFull: used.eq(2), isEmpty: used.eq(0), putting: putting.q.bits(), taking: taking.q.bits() };
}

/** The course of a tile. */
export interface Course {
  /** The tile begins with the next clock. */
  readonly start: Bool;
  /** Its last sum is written in this clock. */
  readonly end: Bool;
  /** The set of weights is not needed any more after this clock. */
  readonly setEnd: Bool;
  readonly cycles: Int;
  readonly products: Int;
  readonly stalls: Int;
}

/** Begins a tile when everything for it is there, counts while any lane is active, and lets the last products through. */
export function course(
  m: ModuleBuilder, sync: Domain, { lanes, weightTiles }: CoreParameters, canStart: Bool, active: Bool, multiplies: readonly Bool[],
): Course {
  const [start, end] = [m.wire('start', bool), m.wire('tile_ends', bool)];
  const state = sync.fsm('state', ['IDLE', 'RUN', 'FLUSH_1', 'FLUSH_2'], {
    IDLE: go => m.when(canStart, () => go('RUN')),
    RUN: go => m.when(active.not(), () => go('FLUSH_1')),
    FLUSH_1: go => go('FLUSH_2'),
    FLUSH_2: go => go('IDLE'),
  });
  start.drive(state.is('IDLE').and(canStart));
  end.drive(state.is('FLUSH_2'));
  const tile = counter(sync, 'tile_of_set', weightTiles, 'up', { reset: 0 });
  m.when(end.q, () => tile.step());
  const running = m.named('is_computing', state.is('RUN').and(active));
  const popped = m.named('products_now', sum(multiplies.map(each => each.asU())));
  const now = sync.delay('products_counted', popped);
  const idle = sync.delay('stalls_counted', running.mux(popped.neg().add(lanes), 0));
  const count = (name: string, by: Int): Int => {
    const counted = sync.reg(name, u(32));
    m.when(start.q, () => counted.set(0)).otherwise(() => counted.set(counted.q.add(by).wrap(32).asU()));
    return counted.q;
  };
  return {
    start: start.q, end: end.q, setEnd: m.named('set_ends', end.q.and(tile.last)),
    cycles: count('cycles', running.asU()), products: count('products', now), stalls: count('stalls', idle),
  };
}

/** Of each bank of sums: a value that is kept when its tile ends. */
export function keptOf(m: ModuleBuilder, sync: Domain, name: string, value: Bits, end: Bool, bank: Bool): readonly [Bits, Bits] {
  const keep = (at: 0 | 1): Bits => {
    const held = sync.reg(`${name}_${at}`, bits(value.width));
    m.when(end.and(bank.eq(at === 1)), () => held.set(value));
    return held.q;
  };
  return [keep(0), keep(1)];
}
