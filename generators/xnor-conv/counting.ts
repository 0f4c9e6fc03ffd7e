import { int, narrowTo, range, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';

/** A count from 0 to `states` - 1 and round again. With one state it is the constant 0. */
export interface Counter {
  readonly q: Int;
  readonly isLast: Bool;
}

/** A counter that moves on where `step` holds. */
export function counter(m: ModuleBuilder, domain: Domain, name: string, states: number, step: Bool): Counter {
  if (states === 1) return { q: int(0), isLast: int(0).eq(0) };
  const register = domain.reg(name, range(0, states - 1), { reset: 0, enable: step });
  const isLast = m.named(`${name}_is_last`, register.q.eq(states - 1));
  register.drive(isLast.mux(0, narrowTo(register.q.add(1), { min: 1n, max: BigInt(states - 1) })));
  return { q: register.q, isLast };
}

/** `value + by` modulo `modulus`; the value is below it. */
export function addModulo(value: Int, by: Int, modulus: number): Int {
  const sum = value.add(by);
  const within = { min: 0n, max: BigInt(modulus - 1) };
  return narrowTo(sum.ge(modulus).mux(sum.sub(modulus), sum), within);
}

/** The entry of a table at an index within it: the entry that is most frequent, and a comparison for each of the others. */
export function entryOf(table: readonly number[], index: Int): Int {
  const counts = new Map<number, number>();
  for (const entry of table) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  const [usual] = [...counts].reduce((best, each) => each[1] > best[1] ? each : best, [table[0] ?? 0, 0]);
  return table.reduce((value, entry, i) => entry === usual ? value : index.eq(i).mux(entry, value), int(usual));
}
