import { bits, bool, cat, literalBool, narrowTo, range, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { counter, entryOf } from './counting.js';
import type { ColumnReader } from './row-memories.js';
import type { Shape, ShapeParameters } from './shape.js';

/** A column of the window: the pixel words from the top row down, side by side, the top one lowest. */
type Column = Bits;

/** Columns that wait before the window. */
export interface ColumnQueue {
  /** The oldest first. */
  readonly columns: readonly Column[];
  /** The frame's flag with the oldest column. */
  readonly reload: Bool;
  readonly count: Int;
}

/** The queue, and what goes into it. */
export interface QueueInput {
  readonly queue: ColumnQueue;
  /** Whether a column that is asked for now has a place. */
  readonly hasRoom: Bool;
  /** Lets the columns in. */
  fill(reader: ColumnReader): void;
}

/**
 * The queue of columns.
 * @param taken columns that leave at this clock, at most as many as there are
 * @param amounts all that `taken` can be
 */
export function columnQueue(m: ModuleBuilder, sync: Domain, wordWidth: number, taken: Int, amounts: readonly number[], shape: Shape): QueueInput {
  const depth = shape.columnsAhead;
  const count = sync.reg('columns_waiting', range(0, depth), { reset: 0 });
  const columns = Array.from({ length: depth }, (_, i) => sync.reg(`waiting_${i}`, bits(wordWidth * shape.banks)));
  const arriving = m.wire('arriving', bool);
  const left = m.named('columns_left', narrowTo(count.q.sub(taken), { min: 0n, max: BigInt(depth) }));
  const next = m.named('columns_next', left.add(arriving.q.asU()));
  // The flag is looked at in place 0 only; in some places it never comes there.
  const flags = columns.map((_, i) => comesToFront(i, amounts) ? sync.reg(`waiting_reload_${i}`, bool) : undefined);
  return {
    queue: { columns: columns.map(({ q }) => q), reload: flags[0]?.q ?? literalBool(false), count: count.q },
    hasRoom: next.lt(depth),
    fill: ({ arrives, rows, reload }) => {
      const column = cat(...rows.toReversed());
      arriving.drive(arrives);
      count.drive(narrowTo(next, { min: 0n, max: BigInt(depth) }));
      columns.forEach((register, i) => {
        const flag = flags[i];
        for (const amount of amounts) {
          const [from, flagFrom] = [columns[i + amount], flags[i + amount]];
          if (amount === 0 || from === undefined) continue;
          m.when(taken.eq(amount), () => {
            register.set(from.q);
            if (flagFrom !== undefined) flag?.set(flagFrom.q);
          });
        }
        m.when(arrives.and(left.eq(i)), () => {
          register.set(column);
          flag?.set(reload);
        });
      });
    },
  };
}

/** Whether what waits in a place can come to place 0 by steps of these amounts. */
function comesToFront(place: number, amounts: readonly number[]): boolean {
  return place === 0 || amounts.some(amount => amount > 0 && amount <= place && comesToFront(place - amount, amounts));
}

/** What the arithmetic sees of the window. */
export interface Window {
  /** Pixel words by row and column of the kernel. */
  readonly words: readonly (readonly Bits[])[];
  /** Whether a tap lies in the map; undefined without padding. */
  readonly inside: readonly (readonly (Bool | undefined)[])[];
}

/** Where the window is taken from the queue. */
export interface WindowSteps {
  /** Columns that the next output pixel needs, and whether it is the first of its frame. */
  readonly needed: Int;
  readonly isFirst: Bool;
  /** Builds the window. */
  take(queue: ColumnQueue): Window;
}

/** The positions of the window, moved on where `taking` holds. */
export function windowSteps(m: ModuleBuilder, sync: Domain, taking: Bool, P: ShapeParameters, shape: Shape): WindowSteps {
  const x = counter(m, sync, 'window_x', shape.outputWidth, taking);
  const y = counter(m, sync, 'window_y', shape.outputHeight, taking.and(x.isLast));
  const loading = sync.gated(taking);
  return {
    needed: m.named('columns_needed', entryOf(shape.columnsTaken, x.q)),
    isFirst: m.named('is_first', x.q.eq(0).and(y.q.eq(0))),
    take: queue => {
      const columns = windowColumns(m, loading, queue.columns, x.q.eq(0), P);
      const wordWidth = (columns[0]?.width ?? 0) / P.kernelHeight;
      const [rowInside, columnInside] = [
        insideFlags(loading, 'row_inside', P.kernelHeight, y.q, P.height, P), insideFlags(loading, 'column_inside', P.kernelWidth, x.q, P.width, P),
      ];
      return {
        words: rowInside.map((_, r) => columns.map(column => column.slice(r * wordWidth, wordWidth))),
        inside: rowInside.map(row => columnInside.map(column => row === undefined ? column : column === undefined ? row : row.and(column))),
      };
    },
  };
}

/** The registers of the window: at the left edge filled from the queue, otherwise moved on by a stride. */
function windowColumns(m: ModuleBuilder, loading: Domain, waiting: readonly Column[], isLeft: Bool, { kernelWidth, stride, padding }: ShapeParameters): readonly Column[] {
  const width = waiting[0]?.width ?? 1;
  const registers = Array.from({ length: kernelWidth }, (_, s) => loading.reg(`window_${s}`, bits(width)));
  registers.forEach((register, s) => {
    const atLeft = s < padding ? undefined : waiting[s - padding];
    const moved = s + stride < kernelWidth ? registers[s + stride]?.q : waiting[s + stride - kernelWidth];
    // A column outside the map is not looked at, so it may be any.
    const next = atLeft === undefined ? moved : moved === undefined ? atLeft : isLeft.mux(atLeft, moved);
    if (next !== undefined) register.drive(next);
    else register.drive(0);
  });
  m.unused(...registers.map(({ q }) => q));
  return registers.map(({ q }) => q);
}

/** Of each row (or column) of the kernel whether it lies in the map; undefined where it always does. */
function insideFlags(loading: Domain, name: string, taps: number, position: Int, size: number, { stride, padding }: ShapeParameters): readonly (Bool | undefined)[] {
  return Array.from({ length: taps }, (_, tap) => {
    const first = Math.max(0, Math.ceil((padding - tap) / stride));
    const last = Math.floor((size - 1 + padding - tap) / stride);
    const isInside = position.ge(first).and(position.le(last));
    if (isInside.constant === 1n) return undefined;
    return isInside.constant === 0n ? isInside : loading.delay(`${name}_${tap}`, isInside);
  });
}
