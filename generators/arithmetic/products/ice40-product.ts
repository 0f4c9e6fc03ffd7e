import { cat, literalBits, literalBool, narrowTo, type Bits, type Bool, type Int, type IntType, type ModuleBuilder } from '../../../hdl/index.js';
import { ice40Sum } from './ice40-chain.js';
import { bitsOf, enteredBits, extended, hasLeadingOne, joinedLow, patternOf, rowOperands, type Enter, type RunningProduct } from './running-product.js';

/**
 * A product by rows on the iCE40: for each bit of the narrower operand, from the low end, the other one is added where the bit is 1, above the bits that are final already.
 * A row takes a logic cell a bit; the sign's row, which subtracts, no more: the row before it gives its sum inverted.
 */
export class Ice40Product implements RunningProduct {
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly isSigned: boolean;
  private readonly rows: number;
  private readonly type: IntType;
  /** The last row is added in any case: the selecting operand has a leading one. */
  private readonly endsUnconditional: boolean;
  private row = 0;
  private added: Int;
  /** Bits of the selecting operand that no row has had. */
  private remaining: readonly Bool[];
  private final: readonly Bool[] = [];
  /** The sum of the rows so far above its final bits, inverted where the next row subtracts. */
  private above: Bits;
  private aboveType: IntType;

  constructor(m: ModuleBuilder, name: string, a: Int, b: Int) {
    const [selecting, added] = rowOperands(a, b);
    this.m = m;
    this.name = name;
    this.type = a.mul(b).type;
    this.added = added;
    this.isSigned = selecting.type.signed;
    this.rows = selecting.width;
    this.endsUnconditional = hasLeadingOne(selecting);
    this.remaining = bitsOf(selecting.bits());
    this.above = added.bits();
    this.aboveType = added.type;
  }

  get left(): number {
    return this.rows - this.row;
  }

  enter(enter: Enter): void {
    if (this.remaining.length > 0) {
      this.added = enter(`multiplicand_${this.row}`, this.added);
      this.remaining = bitsOf(enter(`multiplier_${this.row}`, cat(...this.remaining.toReversed())));
    }
    if (this.row > 0) {
      this.above = enter(`above_${this.row}`, this.above);
      this.final = enteredBits(enter, `final_${this.row}`, this.final);
    }
  }

  joinLow(count: number): void {
    this.final = joinedLow(this.final, count);
  }

  step(): void {
    const [bit = literalBool(false), ...remaining] = this.remaining;
    const isInverted = this.isSigned && this.row === this.rows - 2;
    if (this.row === 0) this.firstRow(bit, isInverted);
    else this.nextRow(bit, isInverted);
    this.remaining = remaining;
    this.row++;
  }

  get product(): Int {
    const product = cat(this.above, ...this.final.toReversed());
    return narrowTo(this.aboveType.signed ? product.asS() : product.asU(), this.type);
  }

  private firstRow(bit: Bool, isInverted: boolean): void {
    const masked = bit.mux(this.isSigned && this.rows === 1 ? this.added.neg() : this.added, 0);
    this.aboveType = masked.type;
    const pattern = masked.bits();
    this.above = !isInverted ? pattern : pattern.width === 1 ? pattern : cat(pattern.slice(1, pattern.width - 1).not(), pattern.bit(0));
  }

  private nextRow(bit: Bool, invertsResult: boolean): void {
    const isLast = this.row === this.rows - 1;
    const subtracts = this.isSigned && isLast;
    this.final = [...this.final, this.above.bit(0)];
    const rest = this.restOf(subtracts);
    const before = this.valueOf(this.above, this.aboveType).shr(1);
    const isUnconditional = isLast && this.endsUnconditional;
    const after = subtracts ? before.sub(this.added) : before.add(this.added);
    const { type } = isUnconditional ? after : bit.mux(after, before);
    const { width } = type;
    this.above = ice40Sum(this.m, `${this.name}_row_${this.row}`, extended(rest.pattern, rest.isSigned, width), patternOf(this.added, width), {
      enable: isUnconditional ? undefined : bit, subtracts, invertsResult,
    });
    this.aboveType = type;
  }

  /** What is above the bit that became final. */
  private restOf(isInverted: boolean): { readonly pattern: Bits; readonly isSigned: boolean } {
    const { above, aboveType } = this;
    if (above.width === 1) {
      const sign = aboveType.signed ? above : literalBits(0, 1);
      return { pattern: isInverted ? sign.not() : sign, isSigned: true };
    }
    const pattern = above.slice(1, above.width - 1);
    // An unsigned number that is inverted has ones above it.
    return isInverted && !aboveType.signed ? { pattern: cat(literalBool(true), pattern), isSigned: true } : { pattern, isSigned: aboveType.signed };
  }

  private valueOf(pattern: Bits, type: IntType): Int {
    return narrowTo(type.signed ? pattern.asS() : pattern.asU(), type);
  }
}
