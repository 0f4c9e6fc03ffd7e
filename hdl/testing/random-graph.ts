import {
  Bits, Bool, Enum, Int, Vec, bits, bool, cat, enumeration, int, intType, range, s, select, sum, u, vec,
  type BitsType, type BoolType, type EnumType, type IntType, type ModuleBuilder, type Rounding, type VecType,
} from '../index.js';
import type { Random } from './random.js';
import { bitsOf, clamp, floorDivide, fromBits, modulo, patternOf, power, rounded, twosComplement } from './reference.js';

type GraphValue = Int | Bits | Bool | Enum;
type Reference = (args: readonly bigint[]) => bigint;

/** One value of a graph: the library's, and what it must be from the values of its operands. */
export interface GraphNode {
  readonly name: string;
  /** The source that makes it. */
  readonly text: string;
  readonly value: GraphValue;
  readonly operands: readonly number[];
  readonly depth: number;
  /** undefined for an element of an input. */
  readonly reference: Reference | undefined;
}

export type InputType = IntType | BitsType | BoolType | EnumType | VecType<IntType> | VecType<BitsType>;

const widest = 100;
const deepest = 8;
const roundings: readonly Rounding[] = ['truncate', 'floor', 'nearest-even', 'half-up'];

/** A type for an input: mixed signs, odd ranges, patterns, flags, names, vecs. */
export function randomInputType(random: Random): { readonly type: InputType; readonly text: string } {
  switch (random.below(10)) {
    case 0: {
      const width = random.between(1, 12);
      return { type: u(width), text: `u(${width})` };
    }
    case 1: {
      const width = random.between(1, 12);
      return { type: s(width), text: `s(${width})` };
    }
    case 2: {
      const min = random.between(-300, 300);
      const max = min + random.between(1, 400);
      return { type: range(min, max), text: `range(${min}, ${max})` };
    }
    case 3: {
      const width = random.between(20, 70);
      return random.chance(0.5) ? { type: u(width), text: `u(${width})` } : { type: s(width), text: `s(${width})` };
    }
    case 4: {
      const min = random.between(-9, 3);
      const max = min + random.between(1, 6);
      return { type: range(min, max), text: `range(${min}, ${max})` };
    }
    case 5:
    case 6: {
      const width = random.chance(0.2) ? random.between(30, 70) : random.between(1, 12);
      return { type: bits(width), text: `bits(${width})` };
    }
    case 7: return { type: bool, text: 'bool' };
    case 8: {
      const names = ['A', 'B', 'C', 'D', 'E'].slice(0, random.between(1, 5));
      const [first = 'A', ...others] = names;
      return { type: enumeration(first, ...others), text: `enumeration(${names.map(name => `'${name}'`).join(', ')})` };
    }
    default: {
      const count = random.between(1, 5);
      const width = random.between(1, 9);
      switch (random.below(3)) {
        case 0: return { type: vec(count, bits(width)), text: `vec(${count}, bits(${width}))` };
        case 1: return { type: vec(count, u(width)), text: `vec(${count}, u(${width}))` };
        default: {
          const min = random.between(-20, 5);
          const max = min + random.between(1, 30);
          return { type: vec(count, range(min, max)), text: `vec(${count}, range(${min}, ${max}))` };
        }
      }
    }
  }
}

/** The legal values of one element of an input. */
export function legalValues(type: InputType): { readonly min: bigint; readonly max: bigint; readonly count: number } {
  switch (type.kind) {
    case 'int': return { min: type.min, max: type.max, count: 1 };
    case 'bool': return { min: 0n, max: 1n, count: 1 };
    case 'bits': return { min: 0n, max: power(type.width) - 1n, count: 1 };
    case 'enum': return { min: 0n, max: BigInt(type.names.length - 1), count: 1 };
    case 'vec': return { ...legalValues(type.element), count: type.count };
  }
}

/** A graph that grows by random operations over random operands. The same random choices give the same graph. */
export class RandomGraph {
  readonly nodes: GraphNode[] = [];
  private readonly m: ModuleBuilder;
  private readonly random: Random;
  private readonly prefix: string;

  constructor(m: ModuleBuilder, random: Random, prefix: string) {
    this.m = m;
    this.random = random;
    this.prefix = prefix;
  }

  /** One node for each element of an input, and one for all bits of a vec. */
  addInput(name: string, value: unknown): void {
    if (isValue(value)) this.add(name, value, [], undefined);
    if (!(value instanceof Vec)) return;
    const elements = [...value as Iterable<unknown>].filter(isValue);
    const operands = elements.map((element, i) => this.add(`${name}.at(${i})`, element, [], undefined));
    const width = elements[0]?.width ?? 0;
    this.add(`${name}.bits()`, value.bits(), operands, args => args.reduceRight((high, x) => high * power(width) + patternOf(x, width), 0n));
    const index = this.smallNumber(this.random.between(1, 2));
    if (index === undefined || index[1].max >= BigInt(elements.length)) return;
    this.add(`${name}.select(${this.name(index[0])})`, value.select(index[1]), [index[0], ...operands], args => args[1 + Number(args[0] ?? 0n)] ?? 0n);
  }

  grow(count: number): void {
    for (let tries = 0; this.nodes.length < count && tries < 50 * count; tries++) this.step();
  }

  private add(text: string, value: GraphValue, operands: readonly number[], reference: Reference | undefined): number {
    if (value.width > widest) return -1;
    const depth = 1 + Math.max(-1, ...operands.map(index => this.nodes[index]?.depth ?? 0));
    const index = this.nodes.length;
    let [shown, made] = [text, value];
    if (reference !== undefined && this.random.chance(0.1)) {
      const name = `${this.prefix}_v${index}`;
      made = this.m.named(name, value);
      shown = `m.named('${name}', ${text})`;
    }
    this.nodes.push({ name: reference === undefined ? text : `n${index}`, text: shown, value: made, operands, depth, reference });
    return index;
  }

  private candidates<V extends GraphValue>(wanted: (value: GraphValue) => value is V): readonly (readonly [number, V])[] {
    const found: (readonly [number, V])[] = [];
    this.nodes.forEach(({ value, depth }, index) => {
      if (depth < deepest && wanted(value)) found.push([index, value]);
    });
    return found;
  }

  private pick<V extends GraphValue>(wanted: (value: GraphValue) => value is V): readonly [number, V] | undefined {
    const found = this.candidates(wanted);
    return found.length === 0 ? undefined : this.random.pick(found);
  }

  private name(index: number): string {
    return this.nodes[index]?.name ?? '';
  }

  private int(): readonly [number, Int] | undefined {
    return this.pick(isInt);
  }

  /** An operand that is a node or, now and then, a constant. */
  private intOrConstant(): { readonly operands: readonly number[]; readonly value: Int | bigint; readonly text: string; readonly of: (args: readonly bigint[], at: number) => bigint } {
    const node = this.random.chance(0.2) ? undefined : this.int();
    if (node === undefined) {
      const value = this.random.chance(0.5) ? BigInt(this.random.between(-9, 9)) : BigInt(this.random.between(-3000, 3000));
      return { operands: [], value, text: `${value}n`, of: () => value };
    }
    const [index, value] = node;
    return { operands: [index], value, text: this.name(index), of: (args, at) => args[at] ?? 0n };
  }

  private step(): void {
    this.random.pick(this.steps)();
  }

  private readonly steps: readonly (() => void)[] = [
    () => this.binary('add', (a, b) => a.add(b), (a, b) => a + b),
    () => this.binary('sub', (a, b) => a.sub(b), (a, b) => a - b),
    () => this.binary('mul', (a, b) => a.mul(b), (a, b) => a * b),
    () => this.binary('add', (a, b) => a.add(b), (a, b) => a + b),
    () => this.binary('sub', (a, b) => a.sub(b), (a, b) => a - b),
    () => this.binary('mul', (a, b) => a.mul(b), (a, b) => a * b),
    () => this.unary('neg()', a => a.neg(), a => -a),
    () => this.unary('abs()', a => a.abs(), a => a < 0n ? -a : a),
    () => this.sums(),
    () => this.shifts(),
    () => this.shifts(),
    () => this.variableShifts(),
    () => this.variableShifts(),
    () => this.binary('eq', (a, b) => a.eq(b), (a, b) => flag(a === b)),
    () => this.binary('ne', (a, b) => a.ne(b), (a, b) => flag(a !== b)),
    () => this.binary('lt', (a, b) => a.lt(b), (a, b) => flag(a < b)),
    () => this.binary('le', (a, b) => a.le(b), (a, b) => flag(a <= b)),
    () => this.binary('gt', (a, b) => a.gt(b), (a, b) => flag(a > b)),
    () => this.binary('ge', (a, b) => a.ge(b), (a, b) => flag(a >= b)),
    () => this.wraps(),
    () => this.wraps(),
    () => this.saturates(),
    () => this.saturates(),
    () => this.drops(),
    () => this.drops(),
    () => this.expects(),
    () => this.reinterprets(),
    () => this.reinterprets(),
    () => this.muxes(),
    () => this.muxes(),
    () => this.selects(),
    () => this.patterns(),
    () => this.patterns(),
    () => this.slices(),
    () => this.slices(),
    () => this.cats(),
    () => this.reductions(),
    () => this.patternTests(),
    () => this.flags(),
    () => this.flags(),
    () => this.names(),
    () => this.names(),
  ];

  private unary(method: string, make: (a: Int) => Int, reference: (a: bigint) => bigint): void {
    const a = this.int();
    if (a === undefined) return;
    this.add(`${this.name(a[0])}.${method}`, make(a[1]), [a[0]], ([x = 0n]) => reference(x));
  }

  private binary(method: string, make: (a: Int, b: Int | bigint) => Int | Bool, reference: (a: bigint, b: bigint) => bigint): void {
    const a = this.int();
    if (a === undefined) return;
    const b = this.intOrConstant();
    if (b.operands.length === 0 && this.random.chance(0.3)) {
      this.add(`int(${b.text}).${method}(${this.name(a[0])})`, make(int(b.value), a[1]), [a[0]], args => reference(b.of(args, 0), args[0] ?? 0n));
      return;
    }
    this.add(`${this.name(a[0])}.${method}(${b.text})`, make(a[1], b.value), [a[0], ...b.operands], args => reference(args[0] ?? 0n, b.of(args, 1)));
  }

  private sums(): void {
    const terms = Array.from({ length: this.random.between(1, 6) }, () => this.int()).filter(term => term !== undefined);
    const operands = terms.map(([index]) => index);
    const list = operands.map(index => this.name(index)).join(', ');
    const total: Reference = args => args.reduce((a, b) => a + b, 0n);
    if (this.random.chance(0.5)) this.add(`sum([${list}])`, sum(terms.map(([, value]) => value)), operands, total);
    else this.add(`m.sumTree([${list}], (level, i, each) => each)`, this.m.sumTree(terms.map(([, value]) => value), (_level, _index, each) => each), operands, total);
  }

  private shifts(): void {
    const a = this.int();
    if (a === undefined) return;
    const [index, value] = a;
    const distance = this.random.between(0, this.random.chance(0.1) ? value.width + 2 : 9);
    if (this.random.chance(0.5)) this.add(`${this.name(index)}.shl(${distance})`, value.shl(distance), [index], ([x = 0n]) => x * power(distance));
    else this.add(`${this.name(index)}.shr(${distance})`, value.shr(distance), [index], ([x = 0n]) => floorDivide(x, power(distance)));
  }

  private variableShifts(): void {
    const a = this.int();
    const by = this.pick((value): value is Int => value instanceof Int && value.min >= 0n && value.max < 40n) ?? this.smallNumber(3);
    if (a === undefined || by === undefined) return;
    const [index, value] = a;
    if (this.random.chance(0.5)) {
      if (value.width + Number(by[1].max) > widest) return;
      this.add(`${this.name(index)}.shlBy(${this.name(by[0])})`, value.shlBy(by[1]), [index, by[0]], ([x = 0n, e = 0n]) => x * power(e));
    } else {
      this.add(`${this.name(index)}.shrBy(${this.name(by[0])})`, value.shrBy(by[1]), [index, by[0]], ([x = 0n, e = 0n]) => floorDivide(x, power(e)));
    }
  }

  /** A number of `width` bits, made of the low bits of something. */
  private smallNumber(width: number): readonly [number, Int] | undefined {
    const from = this.pick((value): value is Int | Bits => (value instanceof Int || value instanceof Bits) && value.width >= width);
    if (from === undefined) return undefined;
    const [index, source] = from;
    const value = source.bits().slice(0, width).asU();
    const made = this.add(`${this.name(index)}.bits().slice(0, ${width}).asU()`, value, [index], ([x = 0n]) => modulo(x, power(width)));
    return made < 0 ? undefined : [made, value];
  }

  private wraps(): void {
    const a = this.int();
    if (a === undefined) return;
    const [index, value] = a;
    const width = this.random.between(1, value.width + 1);
    this.add(`${this.name(index)}.wrap(${width})`, value.wrap(width), [index],
      value.min < 0n ? ([x = 0n]) => twosComplement(patternOf(x, width), width) : ([x = 0n]) => patternOf(x, width));
  }

  private saturates(): void {
    const a = this.int();
    if (a === undefined) return;
    const [index, value] = a;
    const [low, high] = [this.random.inside(value.min - 5n, value.max + 5n), this.random.inside(value.min - 5n, value.max + 5n)];
    const [min, max] = low < high ? [low, high] : [high, low];
    this.add(`${this.name(index)}.saturate(range(${min}n, ${max}n))`, value.saturate(range(min, max)), [index], ([x = 0n]) => clamp(x, min, max));
  }

  private drops(): void {
    const a = this.int();
    if (a === undefined) return;
    const [index, value] = a;
    const count = this.random.between(0, Math.min(value.width + 2, 12));
    const rounding = this.random.pick(roundings);
    this.add(`${this.name(index)}.dropLow(${count}, '${rounding}')`, value.dropLow(count, rounding), [index], ([x = 0n]) => rounded(x, count, rounding));
  }

  /** What interval arithmetic cannot know: a square is not negative; x - 2^n floor(x / 2^n) is the low bits of x. */
  private expects(): void {
    const a = this.int();
    if (a === undefined) return;
    const [index, value] = a;
    if (value.width > 30) return;
    if (this.random.chance(0.5)) {
      const top = value.min * value.min > value.max * value.max ? value.min * value.min : value.max * value.max;
      this.add(`m.expect(${this.name(index)}.mul(${this.name(index)}), range(0n, ${top}n))`,
        this.m.expect(value.mul(value), intType({ min: 0n, max: top })), [index], ([x = 0n]) => x * x);
    } else {
      const count = this.random.between(1, 4);
      this.add(`m.expect(${this.name(index)}.sub(${this.name(index)}.shr(${count}).shl(${count})), u(${count}))`,
        this.m.expect(value.sub(value.shr(count).shl(count)), u(count)), [index], ([x = 0n]) => modulo(x, power(count)));
    }
  }

  private reinterprets(): void {
    const from = this.pick((value): value is Int | Bits => value instanceof Int || value instanceof Bits);
    if (from === undefined) return;
    const [index, value] = from;
    const { width } = value;
    switch (this.random.below(3)) {
      case 0: this.add(`${this.name(index)}.bits()`, value.bits(), [index], ([x = 0n]) => patternOf(x, width)); break;
      case 1: this.add(`${this.name(index)}.asU()`, value.asU(), [index], ([x = 0n]) => patternOf(x, width)); break;
      default: this.add(`${this.name(index)}.asS()`, value.asS(), [index], ([x = 0n]) => twosComplement(patternOf(x, width), width));
    }
  }

  private muxes(): void {
    const c = this.pick(isBool);
    if (c === undefined) return;
    const [choice, condition] = c;
    const reference: Reference = ([when = 0n, a = 0n, b = 0n]) => when === 1n ? a : b;
    const head = `${this.name(choice)}.mux`;
    switch (this.random.below(5)) {
      case 0: {
        const a = this.pick(isBits);
        const b = a === undefined ? undefined : this.pick((value): value is Bits => value instanceof Bits && value.width === a[1].width);
        if (a === undefined || b === undefined) return;
        this.add(`${head}(${this.name(a[0])}, ${this.name(b[0])})`, condition.mux(a[1], b[1]), [choice, a[0], b[0]], reference);
        break;
      }
      case 1: {
        const [a, b] = [this.pick(isBool), this.pick(isBool)];
        if (a === undefined || b === undefined) return;
        this.add(`${head}(${this.name(a[0])}, ${this.name(b[0])})`, condition.mux(a[1], b[1]), [choice, a[0], b[0]], reference);
        break;
      }
      case 2: {
        const a = this.pick(isEnum);
        const b = a === undefined ? undefined : this.pick((value): value is Enum => value instanceof Enum && value.type.names.join() === a[1].type.names.join());
        if (a === undefined || b === undefined) return;
        this.add(`${head}(${this.name(a[0])}, ${this.name(b[0])})`, condition.mux(a[1], b[1]), [choice, a[0], b[0]], reference);
        break;
      }
      default: {
        const [a, b] = [this.intOrConstant(), this.intOrConstant()];
        const at = 1 + a.operands.length;
        this.add(`${head}(${a.text}, ${b.text})`, condition.mux(a.value, b.value), [choice, ...a.operands, ...b.operands],
          args => args[0] === 1n ? a.of(args, 1) : b.of(args, at));
      }
    }
  }

  private selects(): void {
    const width = this.random.between(1, 3);
    const found = this.pick((value): value is Int => value instanceof Int && value.min >= 0n && value.max < 8n) ?? this.smallNumber(width);
    if (found === undefined) return;
    const [index, by] = found;
    const count = Number(by.max) + 1 + this.random.below(2);
    const reference: Reference = args => args[1 + Number(args[0] ?? 0n)] ?? 0n;
    const finish = (choices: readonly (readonly [number, GraphValue])[], value: GraphValue): void => {
      this.add(`select(${this.name(index)}, [${choices.map(([each]) => this.name(each)).join(', ')}])`, value, [index, ...choices.map(([each]) => each)], reference);
    };
    if (this.random.chance(0.7)) {
      const choices = Array.from({ length: count }, () => this.int()).filter(each => each !== undefined);
      if (choices.length === count) finish(choices, select(by, choices.map(([, value]) => value)));
    } else if (this.random.chance(0.5)) {
      const choices = Array.from({ length: count }, () => this.pick(isBool)).filter(each => each !== undefined);
      if (choices.length === count) finish(choices, select(by, choices.map(([, value]) => value)));
    } else {
      const first = this.pick(isBits);
      if (first === undefined) return;
      const choices = Array.from({ length: count }, () => this.pick((value): value is Bits => value instanceof Bits && value.width === first[1].width))
        .filter(each => each !== undefined);
      if (choices.length === count) finish(choices, select(by, choices.map(([, value]) => value)));
    }
  }

  private patterns(): void {
    const a = this.pick(isBits);
    if (a === undefined) return;
    const [index, value] = a;
    const { width } = value;
    const b = this.pick((other): other is Bits => other instanceof Bits && other.width === width);
    if (b === undefined) return;
    const operands = [index, b[0]];
    const bitwise = (method: 'and' | 'or' | 'xor', each: (x: boolean, y: boolean) => boolean): void => {
      this.add(`${this.name(index)}.${method}(${this.name(b[0])})`, value[method](b[1]), operands, ([x = 0n, y = 0n]) => {
        const [p, q] = [bitsOf(x, width), bitsOf(y, width)];
        return fromBits(p.map((bit, i) => each(bit, q[i] === true)));
      });
    };
    switch (this.random.below(4)) {
      case 0: bitwise('and', (x, y) => x && y); break;
      case 1: bitwise('or', (x, y) => x || y); break;
      case 2: bitwise('xor', (x, y) => x !== y); break;
      default: this.add(`${this.name(index)}.not()`, value.not(), [index], ([x = 0n]) => power(width) - 1n - x);
    }
  }

  private slices(): void {
    const a = this.pick(isBits);
    if (a === undefined) return;
    const [index, value] = a;
    const low = this.random.below(value.width);
    const width = this.random.between(1, value.width - low);
    if (this.random.chance(0.3)) {
      this.add(`${this.name(index)}.bit(${low})`, value.bit(low), [index], ([x = 0n]) => modulo(floorDivide(x, power(low)), 2n));
    } else {
      this.add(`${this.name(index)}.slice(${low}, ${width})`, value.slice(low, width), [index], ([x = 0n]) => modulo(floorDivide(x, power(low)), power(width)));
    }
  }

  private cats(): void {
    const parts = Array.from({ length: this.random.between(1, 4) }, () => this.pick((value): value is Bits | Bool => value instanceof Bits || value instanceof Bool))
      .filter(each => each !== undefined);
    if (parts.length === 0) return;
    const widths = parts.map(([, value]) => value.width);
    if (widths.reduce((a, b) => a + b, 0) > widest) return;
    this.add(`cat(${parts.map(([index]) => this.name(index)).join(', ')})`, cat(...parts.map(([, value]) => value)), parts.map(([index]) => index),
      args => args.reduce((high, part, i) => high * power(widths[i] ?? 0) + part, 0n));
  }

  private reductions(): void {
    const a = this.pick(isBits);
    if (a === undefined) return;
    const [index, value] = a;
    const { width } = value;
    const ones = (x: bigint): number => bitsOf(x, width).filter(bit => bit).length;
    switch (this.random.below(4)) {
      case 0: this.add(`${this.name(index)}.reduceAnd()`, value.reduceAnd(), [index], ([x = 0n]) => flag(ones(x) === width)); break;
      case 1: this.add(`${this.name(index)}.reduceOr()`, value.reduceOr(), [index], ([x = 0n]) => flag(ones(x) > 0)); break;
      case 2: this.add(`${this.name(index)}.reduceXor()`, value.reduceXor(), [index], ([x = 0n]) => flag(ones(x) % 2 === 1)); break;
      default: this.add(`${this.name(index)}.popcount()`, value.popcount(), [index], ([x = 0n]) => BigInt(ones(x)));
    }
  }

  private patternTests(): void {
    const a = this.pick(isBits);
    if (a === undefined) return;
    const b = this.pick((other): other is Bits => other instanceof Bits && other.width === a[1].width);
    if (b === undefined) return;
    if (this.random.chance(0.5)) this.add(`${this.name(a[0])}.eq(${this.name(b[0])})`, a[1].eq(b[1]), [a[0], b[0]], ([x, y]) => flag(x === y));
    else this.add(`${this.name(a[0])}.ne(${this.name(b[0])})`, a[1].ne(b[1]), [a[0], b[0]], ([x, y]) => flag(x !== y));
  }

  private flags(): void {
    const a = this.pick(isBool);
    if (a === undefined) return;
    const [index, value] = a;
    const constant = this.random.chance(0.1) ? this.random.chance(0.5) : undefined;
    const b = constant === undefined ? this.pick(isBool) : undefined;
    const other = constant ?? b?.[1];
    if (other === undefined) return;
    const text = b === undefined ? String(constant) : this.name(b[0]);
    const operands = b === undefined ? [index] : [index, b[0]];
    const add = (method: 'and' | 'or' | 'xor' | 'eq' | 'ne', each: (x: boolean, y: boolean) => boolean): void => {
      this.add(`${this.name(index)}.${method}(${text})`, value[method](other), operands, ([x, y]) => flag(each(x === 1n, constant ?? y === 1n)));
    };
    switch (this.random.below(8)) {
      case 0: add('and', (x, y) => x && y); break;
      case 1: add('or', (x, y) => x || y); break;
      case 2: add('xor', (x, y) => x !== y); break;
      case 3: add('eq', (x, y) => x === y); break;
      case 4: add('ne', (x, y) => x !== y); break;
      case 5: this.add(`${this.name(index)}.not()`, value.not(), [index], ([x]) => flag(x === 0n)); break;
      case 6: this.add(`${this.name(index)}.asU()`, value.asU(), [index], ([x = 0n]) => x); break;
      default: this.add(`${this.name(index)}.bits()`, value.bits(), [index], ([x = 0n]) => x);
    }
  }

  private names(): void {
    const a = this.pick(isEnum);
    if (a === undefined) return;
    const [index, value] = a;
    const { names } = value.type;
    const b = this.pick((other): other is Enum => other instanceof Enum && other.type.names.join() === names.join());
    if (b === undefined) return;
    switch (this.random.below(4)) {
      case 0: {
        const code = this.random.below(names.length);
        this.add(`${this.name(index)}.is('${names[code] ?? ''}')`, value.is(names[code] ?? ''), [index], ([x]) => flag(x === BigInt(code)));
        break;
      }
      case 1: this.add(`${this.name(index)}.eq(${this.name(b[0])})`, value.eq(b[1]), [index, b[0]], ([x, y]) => flag(x === y)); break;
      case 2: this.add(`${this.name(index)}.ne(${this.name(b[0])})`, value.ne(b[1]), [index, b[0]], ([x, y]) => flag(x !== y)); break;
      default: this.add(`${this.name(index)}.bits()`, value.bits(), [index], ([x = 0n]) => x);
    }
  }
}

function isValue(value: unknown): value is GraphValue {
  return value instanceof Int || value instanceof Bits || value instanceof Bool || value instanceof Enum;
}

function isInt(value: GraphValue): value is Int {
  return value instanceof Int;
}

function isBits(value: GraphValue): value is Bits {
  return value instanceof Bits;
}

function isBool(value: GraphValue): value is Bool {
  return value instanceof Bool;
}

function isEnum(value: GraphValue): value is Enum {
  return value instanceof Enum;
}

function flag(condition: boolean): bigint {
  return condition ? 1n : 0n;
}
