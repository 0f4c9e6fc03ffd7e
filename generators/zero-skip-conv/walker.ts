import { int, u, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { counter } from '../arithmetic/counter.js';
import { bitsFor } from '../arithmetic/fields.js';
import type { CoreParameters, Shape } from './shape.js';

/** A task of a lane: an output channel of it at a position. */
export interface TaskPlace {
  readonly slot: Int;
  readonly position: Int;
  /** Row and column of the output; the row counts with padding only. */
  readonly row: Int;
  readonly column: Int;
  /** Pixel under the first tap, modulo the power of two that holds all pixels. */
  readonly base: Int;
  /** Slot and position as they are in the next clock. */
  readonly nextSlot: Int;
  readonly nextPosition: Int;
}

/**
 * Goes through the tasks of a lane, up from the first one or down from the last one: it stands at the task that is done, or else at the one that is to be claimed.
 * @param start puts it at its first task
 * @param step takes it on to the next
 * @param lastSlot of the tasks, where it goes down
 */
export function walker(
  m: ModuleBuilder, domain: Domain, name: string, shape: Shape, P: CoreParameters,
  { start, step, direction, lastSlot }: { readonly start: Bool; readonly step: Bool; readonly direction: 'up' | 'down'; readonly lastSlot: Int },
): TaskPlace {
  const { rows, columns, positions, slots, pixels } = shape;
  const isUp = direction === 'up';
  const [slot, position] = [counter(domain, `${name}_slot`, slots, direction), counter(domain, `${name}_position`, positions, direction)];
  // Without padding nobody asks for the row.
  const [row, column] = [counter(domain, `${name}_row`, P.padding === 0 ? 1 : rows, direction), counter(domain, `${name}_column`, columns, direction)];
  const bits = bitsFor(pixels);
  const modulus = 2 ** bits;
  const place = (y: number, x: number): number => modulo(((y * P.stride) - P.padding) * P.width + x * P.stride - P.padding, modulus);
  const [first, sign] = isUp ? [place(0, 0), 1] : [place(rows - 1, columns - 1), -1];
  const toNext = modulo(sign * P.stride, modulus);
  const toNextRow = modulo(sign * (P.stride * P.width - (columns - 1) * P.stride), modulus);
  const base = pixels === 1 ? undefined : domain.reg(`${name}_base`, u(bits));
  m.when(start, () => {
    slot.set(isUp ? 0 : lastSlot);
    position.set(isUp ? 0 : positions - 1);
    row.set(isUp ? 0 : rows - 1);
    column.set(isUp ? 0 : columns - 1);
    base?.set(first);
  }).elseWhen(step, () => {
    position.step();
    column.step();
    base?.set(base.q.add(column.last.mux(toNextRow, toNext)).wrap(bits));
    m.when(column.last, () => row.step());
    m.when(position.last, () => {
      slot.step();
      base?.set(first);
    });
  });
  return {
    slot: slot.q, position: position.q, row: row.q, column: column.q, base: base?.q ?? int(0),
    nextSlot: step.and(position.last).mux(slot.after, slot.q), nextPosition: step.mux(position.after, position.q),
  };
}

function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
