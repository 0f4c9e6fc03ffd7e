import { cat, intType, literalBits, literalBool, narrowTo, widthOf, type Bits, type Bool, type Int, type Interval, type ModuleBuilder } from '../../../hdl/index.js';
import { bitsOf, enteredBits, extended, hasLeadingOne, joinedLow, type Enter, type RunningProduct } from './running-product.js';
import { xc7BoothDigit, xc7BoothRow } from './xc7-chain.js';

/**
 * A product by radix-4 Booth rows on the Xilinx 7 series. Where it `lacksCorrection` the lowest row is no carry chain but half as many LUTs; where its digit is negative the
 * product lacks 1, which is `correction`, and an adder behind it has a carry in for that.
 */
export class Xc7Product implements RunningProduct {
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly within: Interval;
  private readonly rows: number;
  private readonly lacksCorrection: boolean;
  private row = 0;
  private added: Int;
  /** Bits of the recoded operand from the lowest of the next digit, which overlaps the digit below by one; the first has a zero there. */
  private remaining: readonly Bool[];
  private final: readonly Bool[] = [];
  private above: Int | undefined;
  private lacking: Bool | undefined;

  constructor(m: ModuleBuilder, name: string, a: Int, b: Int, lacksCorrection = false) {
    const [recoded, added] = lutsOf(a, b) < lutsOf(b, a) ? [a, b] : [b, a];
    const { type } = a.mul(b);
    const { width } = recoded;
    const isSigned = recoded.type.signed;
    const pattern = hasLeadingOne(recoded) ? cat(literalBool(true), ...(width === 1 ? [] : [recoded.bits().slice(0, width - 1)])) : recoded.bits();
    this.m = m;
    this.name = name;
    this.added = added;
    this.rows = rowsOf(recoded);
    this.remaining = [literalBool(false), ...bitsOf(extended(pattern, isSigned, 2 * this.rows))];
    this.lacksCorrection = lacksCorrection;
    this.within = { min: type.min - (lacksCorrection ? 1n : 0n), max: type.max };
  }

  get left(): number {
    return this.rows - this.row;
  }

  get correction(): Bool | undefined {
    return this.lacking?.constant === 0n ? undefined : this.lacking;
  }

  get product(): Int {
    return narrowTo(this.whole(), this.within);
  }

  enter(enter: Enter): void {
    if (this.left > 0) {
      this.added = enter(`multiplicand_${this.row}`, this.added);
      this.remaining = enteredBits(enter, `digits_${this.row}`, this.remaining);
    }
    if (this.above === undefined) return;
    this.above = enter(`above_${this.row}`, this.above);
    if (this.final.length > 0) this.final = enteredBits(enter, `final_${this.row}`, this.final);
    if (this.lacking !== undefined) this.lacking = enter(`correction_${this.row}`, this.lacking);
  }

  joinLow(count: number): void {
    this.final = joinedLow(this.final, count);
  }

  step(): void {
    const [low = literalBool(false), middle = low, high = low, ...rest] = this.remaining;
    const digit = { min: 0n - 2n * most(high), max: most(low) + most(middle) };
    this.remaining = [high, ...rest];
    if (this.above === undefined && this.lacksCorrection) {
      this.lacking = high;
      this.above = this.lowestBits(cat(high, middle), multiples(this.added, { ...digit, min: digit.min < 0n ? -2n : 0n }));
    } else {
      this.above = this.nextRow(cat(high, middle, low), multiples(this.added, digit));
    }
    this.row++;
  }

  /** All bits so far. */
  private whole(): Int {
    const above = this.above ?? this.added;
    if (this.final.length === 0) return above;
    const pattern = cat(above.bits(), ...this.final.toReversed());
    return above.type.signed ? pattern.asS() : pattern.asU();
  }

  private lowestBits(digit: Bits, product: Interval): Int {
    const type = intType({ min: product.min - 1n, max: product.max });
    const { added } = this;
    const width = Math.min(type.width, added.width + 1);
    const { result } = this.m.inst(`${this.name}_row_0`, xc7BoothDigit, { width }, { digit, addend: extended(added.bits(), added.type.signed, width) });
    // Above its operand an unsigned multiple has the sign of its digit.
    const pattern = type.width === width ? result : cat(extended(added.type.signed ? result.slice(width - 1, 1) : digit.slice(1, 1), true, type.width - width), result);
    return narrowTo(type.signed ? pattern.asS() : pattern.asU(), type);
  }

  private nextRow(digit: Bits, product: Interval): Int {
    const { above, added } = this;
    if (above !== undefined) this.final = [...this.final, ...bitsOf(extended(above.bits(), above.type.signed, 2))];
    const rest = above?.shr(2);
    const type = intType({ min: product.min + (rest?.min ?? 0n), max: product.max + (rest?.max ?? 0n) });
    const { width } = type;
    const luts = Math.min(width, Math.max(added.width + (added.type.signed ? 1 : 2), rest === undefined ? 0 : rest.width + (rest.type.signed ? 0 : 1)));
    const { result } = this.m.inst(`${this.name}_row_${this.row}`, xc7BoothRow, { width, luts }, {
      digit, addend: extended(added.bits(), added.type.signed, luts),
      accumulator: rest === undefined ? literalBits(0, luts) : extended(rest.bits(), rest.type.signed, luts),
    });
    return narrowTo(type.signed ? result.asS() : result.asU(), type);
  }
}

function rowsOf(recoded: Int): number {
  return recoded.type.signed ? Math.ceil(recoded.width / 2) : Math.floor(recoded.width / 2) + 1;
}

/** LUTs of the rows where one operand is recoded and the other one added. */
function lutsOf(recoded: Int, added: Int): number {
  return rowsOf(recoded) * (widthOf(added.type) + (added.type.signed ? 1 : 2));
}

function most(bit: Bool): bigint {
  return bit.constant ?? 1n;
}

/** The interval of a digit's multiples of a number. */
function multiples({ min, max }: Int, digit: Interval): Interval {
  const ends = [digit.min * min, digit.min * max, digit.max * min, digit.max * max];
  return { min: ends.reduce((a, b) => a < b ? a : b), max: ends.reduce((a, b) => a > b ? a : b) };
}
