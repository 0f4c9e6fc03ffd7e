import type { Cell, Chain, Origin } from './circuit.js';
import type { Device } from './device.js';
import { always, inverted, isConstant, never, nodeOf, type Literal, type Logic } from './logic.js';

/** Bits of a number, low bit first. */
export type Word = readonly Literal[];

/**
 * Adders, comparisons and multipliers as Yosys maps them to a device: carry chains where they are long enough, logic elsewhere. The rules are those of
 * `alumacc`, `maccmap` and the device's `arith_map.v` of Yosys 0.23.
 */
export class Arithmetic {
  readonly origins = new Map<number, Origin>();
  private readonly logic: Logic;
  private readonly device: Device;
  private sums = 0;

  constructor(logic: Logic, device: Device) {
    this.logic = logic;
    this.device = device;
  }

  /** A node that a cell drives. */
  driven(cell: Cell, place = 0, what: Origin['what'] = 'other'): number {
    const node = nodeOf(this.logic.source());
    this.origins.set(node, { cell, place, what });
    return node;
  }

  /** `a + b`, or `a - b`, modulo 2^width. */
  add(a: Word, b: Word, subtracts = false): Word {
    return this.sumAndCarries(a, b, subtracts).sum;
  }

  /** Whether `a` is at most `b`, both of one width. */
  isAtMost(a: Word, b: Word, signed: boolean): Literal {
    if (this.isSmall(a, b)) return inverted(this.rippled(b, a, signed));
    if (this.device.hasLookaheadComparison) return this.compared(b, a, signed, always);
    // A constant is written on the right.
    if (a.every(isConstant)) return inverted(this.lessByDifference(b, a, signed));
    return this.difference(a, b, signed);
  }

  /** Whether `a` is less than `b`, both of one width. */
  isLess(a: Word, b: Word, signed: boolean): Literal {
    if (this.isSmall(a, b)) return this.rippled(a, b, signed);
    if (this.device.hasLookaheadComparison) return this.compared(b, a, signed, never);
    if (a.every(isConstant)) return inverted(this.difference(b, a, signed));
    return this.lessByDifference(a, b, signed);
  }

  private lessByDifference(a: Word, b: Word, signed: boolean): Literal {
    if (b.every(bit => bit === never)) return signed ? a.at(-1) ?? never : never;
    const power = b.indexOf(always);
    const isPower = b.every(isConstant) && power === b.lastIndexOf(always) && !(signed && power === b.length - 1);
    if (isPower) return this.difference(a, b.map((_, i) => i < power ? always : never), signed);
    return this.logic.and(this.difference(a, b, signed), inverted(this.isEqual(a, b)));
  }

  isEqual(a: Word, b: Word): Literal {
    return this.logic.all(a.map((bit, i) => inverted(this.logic.xor(bit, b[i] ?? never))));
  }

  /** The low `width` bits of a product, from rows that full adders bring down to two. */
  multiply(a: Word, b: Word, width: number): Word {
    const columns: Literal[][] = Array.from({ length: width }, () => []);
    b.forEach((bit, i) => a.slice(0, Math.max(0, width - i)).forEach((other, j) => {
      const product = this.logic.and(bit, other);
      if (product !== never) columns[i + j]?.push(product);
    }));
    let rows: Word[] = [];
    for (let row = 0; columns.some(column => column.length > row); row++) rows.push(columns.map(column => column[row] ?? never));
    while (rows.length > 2) {
      const next: Word[] = [];
      for (let i = 0; i < rows.length; i += 3) {
        const [x = [], y, z] = rows.slice(i, i + 3);
        if (y === undefined || z === undefined) next.push(...rows.slice(i, i + 3));
        else next.push(...this.threeToTwo(x, y, z));
      }
      rows = next;
    }
    const [x = columns.map(() => never), y] = rows;
    return y === undefined ? x : this.add(x, y);
  }

  private threeToTwo(x: Word, y: Word, z: Word): readonly [Word, Word] {
    const at = (word: Word, i: number): Literal => word[i] ?? never;
    const half = x.map((bit, i) => this.logic.xor(bit, at(y, i)));
    const carries = x.map((bit, i) => this.logic.or(this.logic.and(bit, at(y, i)), this.logic.and(at(half, i), at(z, i))));
    return [half.map((bit, i) => this.logic.xor(bit, at(z, i))), [never, ...carries.slice(0, -1)]];
  }

  /** The sum, and the carry out of each bit. */
  private sumAndCarries(a: Word, b: Word, subtracts: boolean): { readonly sum: Word; readonly carry: (place: number) => Literal } {
    const { logic, device } = this;
    const seen = subtracts ? b.map(inverted) : b;
    const sum: Literal[] = [];
    let carry: Literal = subtracts ? always : never;
    for (const [i, bit] of a.entries()) {
      const other = seen[i] ?? never;
      if (bit !== carry && other !== carry && !(isConstant(bit) && isConstant(other))) break;
      sum.push(logic.xor(logic.xor(bit, other), carry));
      carry = logic.majority(bit, other, carry);
    }
    const low = sum.length;
    const carryIn = carry;
    if (a.length - low < device.shortestChain) {
      const carries: Literal[] = [];
      for (let i = low; i < a.length; i++) {
        const [bit = never, other = never] = [a[i], seen[i]];
        const half = logic.xor(bit, other);
        sum.push(logic.xor(half, carry));
        carry = logic.or(logic.and(bit, other), logic.and(half, carry));
        carries.push(carry);
      }
      return { sum, carry: place => place < low ? carryIn : carries[place - low] ?? never };
    }
    const [first, second] = this.isSwapped(subtracts) ? [b, a] : [a, b];
    const chain = this.chain(first.slice(low), second.slice(low), subtracts, carryIn);
    return {
      sum: [...sum, ...chain.sums.map(node => 2 * node)],
      carry: place => place < low ? carryIn : this.carryOf(chain, place - low),
    };
  }

  /**
   * Which operand goes into the cell beside the exclusive or needs LUTs of its own where it is logic. Synthesis orders the operands of a sum by a hash
   * of their names: every other sum stands for that.
   */
  private isSwapped(subtracts: boolean): boolean {
    return this.device.takesPropagate && !subtracts && this.sums++ % 2 === 1;
  }

  private chain(a: Word, b: Word, subtracts: boolean, carryIn: Literal): Chain {
    const sums: number[] = [];
    const carries = new Map<number, number>();
    const chain: Chain = {
      kind: 'chain', a, b, subtracts, subtractsOutside: subtracts && !this.device.subtractsInCell, carryIn, sums, carries,
      ...(this.device.takesPropagate ? { propagate: a.map((bit, i) => this.logic.xor(bit, (b[i] ?? never) ^ Number(subtracts))) } : {}),
    };
    for (const place of a.keys()) sums.push(this.driven(chain, place, 'sum'));
    return chain;
  }

  /** A carry outside of its chain, where the device has a way out there; logic elsewhere. */
  private carryOf(chain: Chain, place: number): Literal {
    const { a, b, subtracts, carryIn, carries } = chain;
    const [bit, seen] = [a[place] ?? never, (b[place] ?? never) ^ Number(subtracts)];
    // Beside a constant a carry is one AND or OR, which goes into the logic that reads it.
    if (place > 0 && (isConstant(bit) || isConstant(seen))) return this.logic.majority(bit, seen, this.carryOf(chain, place - 1));
    if (!this.device.readsOddCarries || place % 2 === 1) {
      const node = carries.get(place) ?? this.driven(chain, place, 'carry');
      carries.set(place, node);
      return 2 * node;
    }
    const below = place === 0 ? carryIn : this.carryOf(chain, place - 1);
    return this.logic.majority(bit, seen, below);
  }

  private isSmall(a: Word, b: Word): boolean {
    return (a.every(isConstant) || b.every(isConstant)) && a.length <= this.device.comparedInLuts;
  }

  /** `a <= b` from the carry of `b - a`; the highest bits of signed numbers are looked at one by one. */
  private difference(a: Word, b: Word, signed: boolean): Literal {
    const { logic } = this;
    const { carry } = this.sumAndCarries(b, a, true);
    const top = a.length - 1;
    if (!signed) return carry(top);
    const [x, y] = [a[top] ?? never, b[top] ?? never];
    if (this.device.readsOddCarries) return logic.xor(carry(top), logic.xor(x, y));
    return logic.mux(logic.xor(x, y), x, top === 0 ? always : carry(top - 1));
  }

  /** `a < b` from the low bit up. */
  private rippled(a: Word, b: Word, signed: boolean): Literal {
    const { logic } = this;
    return a.reduce((below, bit, i) => {
      const other = b[i] ?? never;
      const isGreater = signed && i === a.length - 1 ? bit : other;
      return logic.mux(logic.xor(bit, other), isGreater, below);
    }, never);
  }

  /** `a > b`, or with a carry in `a >= b`: groups of bits that fit a LUT, from the highest down, and a chain over them. */
  private compared(a: Word, b: Word, signed: boolean, carryIn: Literal): Literal {
    const { logic } = this;
    const propagate: Literal[] = [];
    const generate: Literal[] = [];
    let budget = 0;
    for (let i = a.length - 1; i >= 0; i--) {
      const [x, y] = [a[i] ?? never, b[i] ?? never];
      const cost = Number(!isConstant(x)) + Number(!isConstant(y));
      if (budget < cost || propagate.length === 0) {
        propagate.push(always);
        generate.push(never);
        budget = this.device.comparedInLuts;
      }
      budget -= cost;
      const last = propagate.length - 1;
      const isGreater = signed && i === a.length - 1 ? logic.and(inverted(x), y) : logic.and(x, inverted(y));
      generate[last] = logic.or(generate[last] ?? never, logic.and(propagate[last] ?? always, isGreater));
      propagate[last] = logic.and(propagate[last] ?? always, inverted(logic.xor(x, y)));
    }
    propagate.reverse();
    generate.reverse();
    if (propagate.length < this.device.shortestChain) {
      return propagate.reduce((carry, each, i) => logic.or(generate[i] ?? never, logic.and(each, carry)), carryIn);
    }
    const carries: number[] = [];
    const cell: Cell = { kind: 'lookahead', propagate, generate, carryIn, carries };
    for (const place of propagate.keys()) carries.push(this.driven(cell, place, 'carry'));
    return 2 * (carries.at(-1) ?? 0);
  }
}
