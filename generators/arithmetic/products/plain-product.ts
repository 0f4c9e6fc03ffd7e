import { cat, literalBool, narrowTo, type Bool, type Int, type IntType } from '../../../hdl/index.js';
import { bitsOf, enteredBits, joinedLow, rowOperands, type Enter, type RunningProduct } from './running-product.js';

/** A product by rows in plain Verilog. */
export class PlainProduct implements RunningProduct {
  private readonly isSigned: boolean;
  private readonly rows: number;
  private readonly type: IntType;
  private row = 0;
  private added: Int;
  private above: Int;
  /** Bits of the selecting operand that no row has had. */
  private remaining: readonly Bool[];
  private final: readonly Bool[] = [];

  constructor(a: Int, b: Int) {
    const [selecting, added] = rowOperands(a, b);
    this.isSigned = selecting.type.signed;
    this.rows = selecting.width;
    this.type = a.mul(b).type;
    this.added = added;
    this.above = added;
    this.remaining = bitsOf(selecting.bits());
  }

  get left(): number {
    return this.rows - this.row;
  }

  get product(): Int {
    const product = cat(this.above.bits(), ...this.final.toReversed());
    return narrowTo(this.above.type.signed ? product.asS() : product.asU(), this.type);
  }

  enter(enter: Enter): void {
    if (this.remaining.length > 0) {
      this.added = enter(`multiplicand_${this.row}`, this.added);
      this.remaining = bitsOf(enter(`multiplier_${this.row}`, cat(...this.remaining.toReversed())));
    }
    if (this.row > 0) this.above = enter(`above_${this.row}`, this.above);
    this.final = enteredBits(enter, `final_${this.row}`, this.final);
  }

  joinLow(count: number): void {
    this.final = joinedLow(this.final, count);
  }

  step(): void {
    const [bit = literalBool(false), ...remaining] = this.remaining;
    const subtracts = this.isSigned && this.left === 1;
    if (this.row === 0) {
      this.above = bit.mux(subtracts ? this.added.neg() : this.added, 0);
    } else {
      this.final = [...this.final, this.above.bits().bit(0)];
      const rest = this.above.shr(1);
      this.above = bit.mux(subtracts ? rest.sub(this.added) : rest.add(this.added), rest);
    }
    this.remaining = remaining;
    this.row++;
  }
}
