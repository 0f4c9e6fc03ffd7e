import { Bool, type Expression } from '../expression.js';
import { bitLength, contains, signedInterval, unsignedInterval } from '../interval.js';
import type { Memory } from '../memory.js';
import type { Signal } from '../signal.js';
import type { Operation } from '../operation.js';
import { concatenation, Declared, literalText, selectBits, type Code, type TextCode } from './code.js';

/** How an expression may be read by what stands around it. */
type Flavour = 'any' | 'signed' | 'unsigned';

/** Longer text than this becomes a wire of its own. */
const longestInline = 72;

/** Operations whose width or sign Verilog takes from the context: each stands alone on the right of an assignment. */
const contextual: ReadonlySet<Operation> = new Set<Operation>(['add', 'sub', 'mul', 'neg', 'shlBy', 'shrBy', 'select']);

/** Operations whose low bits depend on the low bits of the operands alone, so that a truncation can be computed narrow. */
const narrowable: ReadonlySet<Operation> = new Set<Operation>(['add', 'sub', 'mul', 'neg', 'shl']);

/** A constant is written on the right of a comparison. */
const mirrored = { '<': '>', '<=': '>=' } as const;

/** What the writer of expressions needs from the writer of the module around it. */
export interface Surroundings {
  declaredOf(signal: Signal): Declared;
  memoryName(memory: Memory): string;
  /** The name of an enumeration's constant where it has one. */
  enumName(node: Expression): string | undefined;
  /** A name for a temporary that feeds `target`. */
  temporaryName(target: string): string;
  /** Adds a line such as `wire [3:0] x_t0 = a + b;`. */
  declareWire(declared: Declared, text: string): void;
  /** Adds a selection by `case`. */
  declareSelection(declared: Declared, subject: string, choices: readonly string[], labels: readonly string[]): void;
}

/**
 * Writes expressions of one module. No text that it makes changes its value with the context: operands are extended
 * in writing, and an operation that Verilog would widen stands alone on the right of an assignment of known width.
 */
export class ExpressionWriter {
  private readonly around: Surroundings;
  private readonly uses: ReadonlyMap<Expression, number>;
  private readonly codes = new Map<Expression, Code>();
  private target = '';

  constructor(around: Surroundings, roots: Iterable<Expression>) {
    this.around = around;
    this.uses = countUses(roots);
  }

  /** Text of exactly `width` bits for the right of an assignment to `target` of that width. */
  assigned(node: Expression, width: number, target: string): string {
    this.prepare(node, target, true);
    return this.rightSide(node, width, this.usesOf(node) <= 1);
  }

  /** The same for a wire, which becomes the node's name from here on where it holds just the node. */
  assignedAs(node: Expression, declared: Declared): string {
    this.prepare(node, declared.name, true);
    const result = this.rightSide(node, declared.width, true);
    const same = declared.width === node.width && declared.signed === node.type.signed;
    if (same && this.codes.get(node)?.kind !== 'name') {
      this.codes.set(node, { kind: 'name', declared, low: 0, width: declared.width });
    }
    return result;
  }

  /** Text that may stand anywhere, as wide as the node. */
  inline(node: Expression, target: string): string {
    this.prepare(node, target, false);
    return this.render(node).text;
  }

  /** The same, as a declared name. */
  asName(node: Expression, target: string): string {
    this.prepare(node, target, false);
    return this.use(this.named(node)).text;
  }

  /** Writes all that `root` needs before it, operands first, without recursion. */
  private prepare(root: Expression, target: string, isRightSide: boolean): void {
    this.target = target;
    const stack: { readonly node: Expression; readonly operands: readonly Expression[]; next: number }[] = [];
    const open = (node: Expression): void => {
      if (!this.codes.has(node)) stack.push({ node, operands: this.operandsOf(node), next: 0 });
    };
    open(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const operand = top.operands[top.next++];
      if (operand !== undefined) {
        open(operand);
        continue;
      }
      stack.pop();
      if (top.node !== root || !isRightSide) this.complete(top.node);
      else if (!this.isContextual(root) && !this.codes.has(root)) this.codes.set(root, this.write(root));
    }
  }

  private rightSide(node: Expression, width: number, mayStandAlone: boolean): string {
    if (!this.codes.has(node) && this.isContextual(node)) {
      if (mayStandAlone && this.fits(node, width)) return this.standingAlone(node, width);
      this.nameIt(node);
    }
    return this.extended(node, width, 'any').text;
  }

  /** Decides whether a node whose operands are written becomes a wire or stays text. */
  private complete(node: Expression): void {
    if (this.codes.has(node)) return;
    if (this.isContextual(node)) {
      this.nameIt(node);
      return;
    }
    const code = this.write(node);
    this.codes.set(node, code);
    if (code.kind === 'text' && code.text.length > (this.usesOf(node) > 1 ? 12 : longestInline)) this.named(node);
  }

  private usesOf(node: Expression): number {
    return this.uses.get(node) ?? 0;
  }

  /** The operation of a node that must stand alone: its own, or the one that its truncation absorbs. */
  private isContextual(node: Expression): boolean {
    return contextual.has(node.op) || this.absorbed(node) !== undefined;
  }

  /** The operand of a truncation that is computed at the narrow width. */
  private absorbed(node: Expression): Expression | undefined {
    const [inner] = node.args;
    if (node.op !== 'truncate' || inner === undefined || node.width >= inner.width) return undefined;
    if (!narrowable.has(inner.op) || this.usesOf(inner) > 1 || this.codes.has(inner)) return undefined;
    return inner.op !== 'mul' || node.width >= mulOperandWidth(inner) ? inner : undefined;
  }

  private operandsOf(node: Expression): readonly Expression[] {
    return this.absorbed(node)?.args ?? node.args;
  }

  /** Whether a contextual node can be computed at `width` right away. */
  private fits(node: Expression, width: number): boolean {
    if (!this.isContextual(node)) return false;
    const core = this.absorbed(node) ?? node;
    if (node !== core && width !== node.width) return false;
    switch (core.op) {
      case 'select': return false;
      case 'mul': return width >= mulOperandWidth(core) && width <= mulOperandSum(core);
      case 'shrBy': return width === core.args[0]?.width;
      default: return true;
    }
  }

  /** Gives a contextual node a wire of its own. */
  private nameIt(node: Expression): void {
    if (node.op === 'select') {
      this.selection(node);
      return;
    }
    const core = this.absorbed(node) ?? node;
    const width = this.fits(node, node.width) ? node.width : naturalWidth(core);
    const declared = this.temporary(width, node.type.signed);
    this.around.declareWire(declared, this.standingAlone(node, width));
    this.codes.set(node, { kind: 'name', declared, low: 0, width: node.width });
  }

  private temporary(width: number, signed: boolean): Declared {
    return new Declared(this.around.temporaryName(this.target), width, signed);
  }

  private selection(node: Expression): void {
    const [index, ...choices] = node.args;
    if (index === undefined) return;
    const declared = this.temporary(node.width, node.type.signed);
    const subject = this.render(index).text;
    this.around.declareSelection(
      declared, subject, choices.map(choice => this.extended(choice, node.width, 'any').text),
      choices.map((_, i) => literalText(BigInt(i), index.width, { signed: false })),
    );
    this.codes.set(node, { kind: 'name', declared, low: 0, width: node.width });
  }

  /** The right side of an assignment of `width` bits that computes a contextual node. */
  private standingAlone(node: Expression, width: number): string {
    const core = this.absorbed(node) ?? node;
    const [a, b] = core.args;
    if (a === undefined) throw new TypeError(`${core.op} without an operand`);
    if (core.op === 'neg') return `-${primary(this.extended(a, width, 'any'))}`;
    if (core.op === 'shl') return this.shiftedLeft(a, core.detail.distance ?? 0, width);
    if (b === undefined) throw new TypeError(`${core.op} without a second operand`);
    switch (core.op) {
      case 'add': return this.sum(a, '+', b, width);
      case 'sub': return this.sum(a, '-', b, width);
      case 'mul': return this.product(a, b);
      case 'shlBy': return `${operand(this.extended(a, width, 'any'))} << ${operand(this.render(b))}`;
      case 'shrBy': return a.type.signed
        ? `${operand(this.extended(a, a.width, 'signed'))} >>> ${operand(this.render(b))}`
        : `${operand(this.extended(a, a.width, 'unsigned'))} >> ${operand(this.render(b))}`;
      default: throw new TypeError(`${core.op} does not stand alone`);
    }
  }

  /** Operands one bit narrower than the sum and alike in sign are extended by Verilog itself, cleanly; others in writing. */
  private sum(a: Expression, operator: string, b: Expression, width: number): string {
    for (const signed of [false, true]) {
      const flavour: Flavour = signed ? 'signed' : 'unsigned';
      if (fillsAs(a, width - 1, signed) && fillsAs(b, width - 1, signed)) {
        return `${operand(this.extended(a, width - 1, flavour, true))} ${operator} ${operand(this.extended(b, width - 1, flavour, true))}`;
      }
    }
    return `${operand(this.extended(a, width, 'any'))} ${operator} ${operand(this.extended(b, width, 'any'))}`;
  }

  private product(a: Expression, b: Expression): string {
    const signed = a.type.signed || b.type.signed;
    const [left, right] = [a, b].map(each => {
      if (!signed) return this.extended(each, each.width, 'unsigned', true);
      return this.extended(each, each.type.signed ? each.width : each.width + 1, 'signed', true);
    });
    return left === undefined || right === undefined ? '' : `${operand(left)} * ${operand(right)}`;
  }

  private shiftedLeft(a: Expression, distance: number, width: number): string {
    if (distance >= width) return literalText(0n, width, { signed: false });
    return concatenation([this.extended(a, width - distance, 'any').text, literalText(0n, distance, { signed: false })]);
  }

  /** The value of `node` as text of exactly `width` bits: extended by its sign, or its low bits. */
  private extended(node: Expression, width: number, flavour: Flavour, inWider = false): TextCode {
    if (node.constant !== undefined && node.type.kind === 'int') {
      const signed = flavour === 'signed' || (flavour === 'any' && node.constant < 0n);
      const wrapped = BigInt.asIntN(width, node.constant);
      const value = signed ? wrapped : BigInt.asUintN(width, node.constant);
      const hex = inWider && value < 0n;
      return { ...self(literalText(value, width, { signed, hex })), signed, compound: value < 0n && !hex };
    }
    if (node.width < width) return flavoured(this.widened(node, width), flavour);
    const code = node.width === width ? this.render(node) : this.use({ ...this.named(node), width });
    const shaped = flavoured(code, flavour);
    return inWider && shaped.stretches ? enclosed(shaped) : shaped;
  }

  private widened(node: Expression, width: number): TextCode {
    const more = width - node.width;
    if (!node.type.signed) {
      return self(concatenation([literalText(0n, more, { signed: false }), this.render(node).text]));
    }
    const { declared, low } = this.named(node);
    declared.read(low, node.width);
    const sign = selectBits(declared, low + node.width - 1, 1);
    const body = selectBits(declared, low, node.width);
    if (node.width === 1) return self(`{${width}{${body}}}`);
    return self(more === 1 ? `{${sign}, ${body}}` : `{{${more}{${sign}}}, ${body}}`);
  }

  /** A declared name for the bits of a node; a new wire where it has none. */
  private named(node: Expression): { readonly kind: 'name'; readonly declared: Declared; readonly low: number; readonly width: number } {
    const code = this.codes.get(node) ?? this.write(node);
    if (code.kind === 'name') return code;
    const declared = this.temporary(node.width, node.type.signed);
    this.around.declareWire(declared, code.text);
    const name = { kind: 'name' as const, declared, low: 0, width: node.width };
    this.codes.set(node, name);
    return name;
  }

  /** Text of a node that is written already; marks the bits of a name as read. */
  private render(node: Expression): TextCode {
    const code = this.codes.get(node) ?? this.write(node);
    return code.kind === 'text' ? code : this.use(code);
  }

  private use({ declared, low, width }: Code & { readonly kind: 'name' }): TextCode {
    declared.read(low, width);
    return { ...self(selectBits(declared, low, width)), signed: declared.signed && width === declared.width };
  }

  /** The Verilog of a node that keeps its value in any context. */
  private write(node: Expression): Code {
    const [a, b, c] = node.args;
    if (node.constant !== undefined) return this.literal(node);
    if (node.op === 'read') return this.readSignal(node);
    if (a === undefined) throw new TypeError(`${node.op} without an operand`);
    switch (node.op) {
      case 'memory': return this.readMemory(node, a);
      case 'extend': return this.extended(a, node.width, 'any');
      case 'cast': return this.codes.get(a) ?? this.write(a);
      case 'slice': return this.part(a, node.detail.low ?? 0, node.width);
      case 'truncate': return node.width === a.width ? this.codes.get(a) ?? this.write(a) : this.part(a, 0, node.width);
      case 'shr': return this.part(a, Math.min(node.detail.distance ?? 0, a.width - 1), node.width);
      case 'shl': return self(this.shiftedLeft(a, node.detail.distance ?? 0, node.width));
      case 'cat': return self(concatenation(node.args.map(part => this.render(part).text)));
      case 'reduceAnd': return compound(`&${primary(this.render(a))}`);
      case 'reduceOr': return compound(`|${primary(this.render(a))}`);
      case 'reduceXor': return compound(`^${primary(this.render(a))}`);
      case 'not': return this.inverted(node, a);
    }
    if (b === undefined) throw new TypeError(`${node.op} without a second operand`);
    switch (node.op) {
      case 'and': return this.bitwise(a, node instanceof Bool ? '&&' : '&', b);
      case 'or': return this.bitwise(a, node instanceof Bool ? '||' : '|', b);
      case 'xor': return this.bitwise(a, '^', b);
      case 'eq': return this.compared(a, '==', b);
      case 'ne': return this.compared(a, '!=', b);
      case 'lt': return this.ordered(a, '<', b);
      case 'le': return this.ordered(a, '<=', b);
    }
    if (node.op !== 'mux' || c === undefined) throw new TypeError(`${node.op} is not text`);
    const [yes, no] = [this.extended(b, node.width, 'any'), this.extended(c, node.width, 'any')];
    return {
      kind: 'text', text: `${operand(this.render(a))} ? ${operand(yes)} : ${operand(no)}`,
      signed: yes.signed && no.signed, compound: true, stretches: true,
    };
  }

  private literal(node: Expression): TextCode {
    const value = node.constant ?? 0n;
    const name = this.around.enumName(node);
    if (name !== undefined) return self(name);
    if (node.type.kind === 'bits' && node.width > 1) {
      return self(literalText(value, node.width, { signed: false, hex: true }));
    }
    if (node.width === 1) return self(`1'b${BigInt.asUintN(1, value)}`);
    return { ...self(literalText(value, node.width, { signed: value < 0n })), signed: value < 0n, compound: value < 0n };
  }

  private readSignal(node: Expression): Code {
    const { signal, low = 0 } = node.detail;
    if (signal === undefined) throw new TypeError('a read without a signal');
    return { kind: 'name', declared: this.around.declaredOf(signal), low, width: node.width };
  }

  private readMemory(node: Expression, address: Expression): Code {
    const { memory } = node.detail;
    if (memory === undefined) throw new TypeError('a read without a memory');
    const index = this.extended(address, memory.address.width, 'any').text;
    const signed = memory.type.kind === 'int' && memory.type.signed;
    return { ...self(`${this.around.memoryName(memory)}[${index}]`), signed };
  }

  private part(node: Expression, low: number, width: number): Code {
    const name = this.named(node);
    return { kind: 'name', declared: name.declared, low: name.low + low, width };
  }

  private inverted(node: Expression, a: Expression): TextCode {
    const inner = this.render(a);
    if (node instanceof Bool) return self(`!${primary(inner)}`);
    return { ...self(`~${primary(inner)}`), signed: inner.signed, stretches: true };
  }

  private bitwise(a: Expression, operator: string, b: Expression): TextCode {
    const [left, right] = [this.render(a), this.render(b)];
    const logical = operator.length === 2;
    return {
      ...compound(`${operand(left)} ${operator} ${operand(right)}`),
      signed: !logical && left.signed && right.signed, stretches: !logical,
    };
  }

  private compared(a: Expression, operator: string, b: Expression): TextCode {
    const width = commonWidth(a, b);
    return compound(`${operand(this.extended(a, width, 'any'))} ${operator} ${operand(this.extended(b, width, 'any'))}`);
  }

  private ordered(a: Expression, operator: '<' | '<=', b: Expression): TextCode {
    const width = commonWidth(a, b);
    const flavour = a.type.signed || b.type.signed ? 'signed' : 'unsigned';
    const [left, right] = [a, b].map(each => operand(this.extended(each, width, flavour)));
    return compound(a.constant === undefined ? `${left} ${operator} ${right}` : `${right} ${mirrored[operator]} ${left}`);
  }
}

/** How often each node is an operand or a root, over everything that is reachable. */
function countUses(roots: Iterable<Expression>): ReadonlyMap<Expression, number> {
  const uses = new Map<Expression, number>();
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const before = uses.get(node) ?? 0;
    uses.set(node, before + 1);
    if (before === 0) pending.push(...node.args);
  }
  return uses;
}

/** Whether `width` bits hold the node as it stands, without written extension: of that width, or a constant. */
function fillsAs(node: Expression, width: number, signed: boolean): boolean {
  if (width < 1) return false;
  if (node.constant === undefined) return node.width === width && node.type.signed === signed;
  const interval = signed ? signedInterval(width) : unsignedInterval(width);
  return contains(interval, { min: node.constant, max: node.constant });
}

/** The width at which both sides of a comparison are compared. */
function commonWidth(a: Expression, b: Expression): number {
  const signed = a.type.signed || b.type.signed;
  const needed = [a, b].map(each => {
    if (each.constant === undefined) return each.width + (signed && !each.type.signed ? 1 : 0);
    if (!signed) return Math.max(1, bitLength(each.constant));
    return 1 + bitLength(each.constant < 0n ? -each.constant - 1n : each.constant);
  });
  return Math.max(...needed);
}

/** The widest operand of a product as it is written. */
function mulOperandWidth(node: Expression): number {
  return Math.max(...mulWidths(node));
}

/** The width at which Verilog computes a product without widening it. */
function mulOperandSum(node: Expression): number {
  return mulWidths(node).reduce((total, width) => total + width, 0);
}

function mulWidths(node: Expression): readonly number[] {
  const signed = node.args.some(each => each.type.signed);
  return node.args.map(each => each.width + (signed && !each.type.signed ? 1 : 0));
}

/** The width at which an operation that does not fit its own type's width is computed. */
function naturalWidth(core: Expression): number {
  if (core.op === 'mul') return Math.max(mulOperandWidth(core), Math.min(core.width, mulOperandSum(core)));
  return core.op === 'shrBy' ? core.args[0]?.width ?? core.width : core.width;
}

/** Text whose width and value no context changes. */
function self(value: string): TextCode {
  return { kind: 'text', text: value, signed: false, compound: false, stretches: false };
}

/** The same, that needs parentheses beside an operator. */
function compound(value: string): TextCode {
  return { ...self(value), compound: true };
}

function operand(code: TextCode): string {
  return code.compound ? `(${code.text})` : code.text;
}

/** What stands right of a unary operator, which Verilog does not let another one follow. */
function primary(code: TextCode): string {
  return code.compound || /^[-~!&|^]/.test(code.text) ? `(${code.text})` : code.text;
}

/** The same value, closed off from a wider context. */
function enclosed(code: TextCode): TextCode {
  return { ...self(`${code.signed ? '$signed' : '$unsigned'}(${code.text})`), signed: code.signed };
}

function flavoured(code: TextCode, flavour: Flavour): TextCode {
  if (flavour === 'any' || code.signed === (flavour === 'signed')) return code;
  return { ...self(`$${flavour}(${code.text})`), signed: flavour === 'signed' };
}
