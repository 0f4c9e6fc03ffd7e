import { rootsOf } from '../../hdl/check.js';
import type { Design, Module } from '../../hdl/index.js';

/**
 * What a design is made of, each kind as `count (bits)`: the operators of its modules, each module once, with the bits of their results, and its
 * registers. It is no estimate of area: it shows that a design became larger or smaller.
 */
export function inventory(design: Design): string {
  const [multipliers, adders, selections, registers] = [new Tally(), new Tally(), new Tally(), new Tally()];
  for (const module of design.modules) {
    for (const { op, width } of expressionsOf(module)) {
      if (op === 'mul') multipliers.add(width);
      else if (op === 'add' || op === 'sub' || op === 'neg') adders.add(width);
      else if (op === 'mux' || op === 'select') selections.add(width);
    }
    for (const signal of module.signals) if (signal.kind === 'register') registers.add(signal.width);
  }
  return `multipliers ${multipliers.text}, adders ${adders.text}, selections ${selections.text}, registers ${registers.text}`;
}

class Tally {
  private count = 0;
  private bits = 0;

  add(width: number): void {
    this.count++;
    this.bits += width;
  }

  get text(): string {
    return `${this.count} (${this.bits})`;
  }
}

type Expression = ReturnType<typeof rootsOf> extends Iterable<infer E> ? E : never;

/** Every expression that a module's signals need, once. */
function expressionsOf(module: Module): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  const pending = [...rootsOf(module)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    pending.push(...node.args);
  }
  return found;
}
