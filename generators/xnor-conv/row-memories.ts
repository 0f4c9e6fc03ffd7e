import { bits, bool, cat, int, literalBool, narrowTo, range, select, type Bits, type Bool, type Domain, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { addModulo, counter, entryOf } from './counting.js';
import type { Shape, ShapeParameters } from './shape.js';

/** The pixels that come in. */
export interface Pixels {
  readonly valid: Bool;
  /** All planes, plane 0 in the low bits. */
  readonly word: Bits;
  readonly reload: Bool;
}

/** A column of the rows under the kernel, one clock after it was asked for. */
export interface ColumnReader {
  /** Whether a pixel is accepted. */
  readonly ready: Bool;
  /** Whether a column is in `rows` at this clock. */
  readonly arrives: Bool;
  /** The pixel words of the column, from the top row of the window down. */
  readonly rows: readonly Bits[];
  /** The flag of the column's frame that asks for new weights. */
  readonly reload: Bool;
}

/** A row of the memories: which of them, and which of its rows. */
interface Place {
  readonly bank: Int;
  readonly row: Int;
}

/**
 * Stores rows as they come in, in as many memories as the kernel has rows, row after row in turn; and reads them column by column, in raster order
 * for each output row, as soon as the pixels are there. Rows below the last window are not stored.
 * @param hasRoom whether a column that is asked for at this clock has a place to go
 */
export function rowMemories(m: ModuleBuilder, sync: Domain, pixels: Pixels, hasRoom: Bool, P: ShapeParameters, shape: Shape): ColumnReader {
  const { slots, storedRows, leastRows } = shape;
  // Complete rows in the memories, from the first that the output row still needs.
  const rows = sync.reg('rows', range(leastRows, slots), { reset: 0 });
  const ready = m.named('has_free_row', rows.q.lt(slots));
  const accepted = m.named('accepted', pixels.valid.and(ready));
  const column = counter(m, sync, 'in_column', P.width, accepted);
  const rowEnds = accepted.and(column.isLast);
  const row = counter(m, sync, 'in_row', P.height, rowEnds);
  const isStored = m.named('is_stored', row.q.lt(storedRows));
  const stored = m.named('row_stored', rowEnds.and(isStored));
  const target = place(sync, 'write', stored, 1, 0, shape);

  const issued = m.wire('issued', bool);
  const readColumn = counter(m, sync, 'read_column', shape.readColumns, issued.q);
  const readEnds = m.named('row_read', issued.q.and(readColumn.isLast));
  const readRow = counter(m, sync, 'read_row', shape.outputHeight, readEnds);
  const needed = m.named('rows_needed', entryOf(shape.rowsNeeded, readRow.q));
  const isThere = rows.q.ge(needed).or(rows.q.eq(needed.sub(1)).and(isStored).and(column.q.gt(readColumn.q)));
  issued.drive(m.named('column_is_there', isThere).and(hasRoom));
  const freed = readEnds.mux(entryOf(shape.rowsFreed, readRow.q), 0);
  rows.drive(narrowTo(rows.q.add(stored.asU()).sub(freed), range(leastRows, slots)));

  const step = P.stride;
  const back = storedRows - (shape.outputHeight - 1) * step;
  const source = windowPlace(sync, readEnds, readRow.isLast, step, back, P, shape);
  const words = Array.from({ length: shape.banks }, (_, bank) => {
    const depth = (shape.rowsOfBank - 1) * rowStride(P) + P.width;
    const memory = m.mem(`bank_${bank}`, { type: bits(pixels.word.width), depth });
    sync.write(memory, addressOf(target.row, column.q, P), pixels.word, { enable: accepted.and(isStored).and(target.bank.eq(bank)) });
    const from = source.bank.le(bank).mux(source.row, addModulo(source.row, int(1), shape.rowsOfBank));
    return sync.read(`word_${bank}`, memory, addressOf(from, readColumn.q, P), { enable: issued.q });
  });
  const arrives = sync.delay('arrives', issued.q, { reset: false });
  const top = source.bank.constant === undefined ? sync.delay('arriving_bank', source.bank, { enable: issued.q }) : source.bank;
  return { ready, arrives, rows: rotated(words, top), reload: reloadFlags(m, sync, { accepted, pixels, column: column.q, row: row.q, target }, issued.q, readEnds.and(readRow.isLast), shape) };
}

/** The words from the top row down. */
function rotated(words: readonly Bits[], top: Int): readonly Bits[] {
  return words.map((_, row) => select(top, words.map((__, bank) => words[(bank + row) % words.length] ?? words[0] ?? cat(literalBool(false)))));
}

interface Arrival {
  readonly accepted: Bool;
  readonly pixels: Pixels;
  readonly column: Int;
  readonly row: Int;
  readonly target: Place;
}

/** Keeps the flag of each frame's first pixel with its row. */
function reloadFlags(m: ModuleBuilder, sync: Domain, { accepted, pixels, column, row, target }: Arrival, issued: Bool, frameRead: Bool, shape: Shape): Bool {
  const bankStride = 2 ** Math.ceil(Math.log2(shape.banks));
  const flags = m.mem('reload_flags', { type: bool, depth: (shape.rowsOfBank - 1) * bankStride + shape.banks });
  const at = ({ bank, row: inBank }: Place): Int => inBank.shl(Math.log2(bankStride)).add(bank);
  sync.write(flags, at(target), pixels.reload, { enable: accepted.and(column.eq(0)).and(row.eq(0)) });
  return sync.read('column_reload', flags, at(place(sync, 'frame', frameRead, shape.storedRows, 0, shape)), { enable: issued });
}

/** Words of a bank between the beginnings of two of its rows, so that an address is a row and a column side by side. */
function rowStride({ width }: ShapeParameters): number {
  return 2 ** Math.ceil(Math.log2(width));
}

function addressOf(row: Int, column: Int, P: ShapeParameters): Int {
  return row.shl(Math.log2(rowStride(P))).add(column);
}

/** A place that goes on by a number of rows where `step` holds. */
function place(sync: Domain, name: string, step: Bool, by: number, reset: number, shape: Shape): Place {
  const here = placeRegisters(sync, name, step, reset, shape);
  here.go(movedBy(here.place, by, shape));
  return here.place;
}

/** The place of the window's top row; above a frame it is in rows of the frame before, which are not looked at. */
function windowPlace(sync: Domain, step: Bool, isLast: Bool, stride: number, back: number, P: ShapeParameters, shape: Shape): Place {
  const here = placeRegisters(sync, 'top', step, modulo(-P.padding, shape.slots), shape);
  const [next, home] = [movedBy(here.place, stride, shape), movedBy(here.place, back, shape)];
  here.go({ bank: isLast.mux(home.bank, next.bank), row: isLast.mux(home.row, next.row) });
  return here.place;
}

function placeRegisters(sync: Domain, name: string, enable: Bool, reset: number, { banks, rowsOfBank }: Shape): { readonly place: Place; go(to: Place): void } {
  const row = sync.reg(`${name}_row_of_bank`, range(0, rowsOfBank - 1), { reset: Math.floor(reset / banks), enable });
  if (banks === 1) return { place: { bank: int(0), row: row.q }, go: to => { row.drive(to.row); } };
  const bank = sync.reg(`${name}_bank`, range(0, banks - 1), { reset: reset % banks, enable });
  return {
    place: { bank: bank.q, row: row.q },
    go: to => {
      bank.drive(to.bank);
      row.drive(to.row);
    },
  };
}

function movedBy({ bank, row }: Place, by: number, { banks, rowsOfBank, slots }: Shape): Place {
  const rest = modulo(by, slots);
  const sum = bank.add(rest % banks);
  const wraps = sum.ge(banks);
  const within = { min: 0n, max: BigInt(banks - 1) };
  return {
    bank: narrowTo(wraps.mux(sum.sub(banks), sum), within),
    row: addModulo(row, narrowTo(wraps.asU().add(Math.floor(rest / banks)), { min: 0n, max: BigInt(rowsOfBank) }), rowsOfBank),
  };
}

function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
