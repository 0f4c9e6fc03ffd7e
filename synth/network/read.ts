import { z } from 'zod';
import { complement, constantFalse, constantTrue, type Literal, type Network } from './network.js';

const bitSchema = z.union([z.number(), z.string()]);
const moduleSchema = z.object({
  ports: z.record(z.string(), z.object({ direction: z.string(), bits: z.array(bitSchema) })),
  cells: z.record(z.string(), z.object({
    type: z.string(), parameters: z.record(z.string(), z.union([z.string(), z.number()])), port_directions: z.record(z.string(), z.string()), connections: z.record(z.string(), z.array(bitSchema)),
  })),
  netnames: z.record(z.string(), z.object({ hide_name: z.number(), bits: z.array(bitSchema) })),
});

type Bit = z.infer<typeof bitSchema>;
type Cell = z.infer<typeof moduleSchema>['cells'][string];

/** A combinational module as a part of a network. */
export interface ReadModule {
  readonly outputs: ReadonlyMap<string, readonly Literal[]>;
  /** Words by the names that the Verilog gives them. */
  readonly words: ReadonlyMap<string, readonly Literal[]>;
  /** Do outputs depend on bits that nobody drives, or that are x? They are inputs of their own. */
  readonly hasUndefined: boolean;
}

/** A module that cannot be read: with registers, memories, cells that are not known, or a loop. */
export class UnreadableModule extends Error {
  override readonly name: string = 'UnreadableModule';
}

/** Cells of words that stay as they are for `readModule`; all others must be gates. */
export const wordCells = ['$add', '$sub', '$neg', '$mul', '$lut'] as const;

/**
 * Reads a module of gates, tables, additions and multiplications, as `write_json` of Yosys writes it, into a network. Adders are chains of full adders.
 * @param inputOf the literals of an input port, the same for modules that are compared
 */
export function readModule(json: string, name: string, network: Network, inputOf: (port: string, width: number) => readonly Literal[]): ReadModule {
  const module = z.object({ modules: z.record(z.string(), moduleSchema) }).parse(JSON.parse(json)).modules[name];
  if (module === undefined) throw new UnreadableModule(`no module ${name}`);
  const reader = new Reader(network, Object.values(module.cells));
  for (const [port, { direction, bits }] of Object.entries(module.ports)) {
    if (direction === 'inout') throw new UnreadableModule(`the port ${port} is in and out`);
    if (direction === 'input') reader.set(bits, inputOf(port, bits.length));
  }
  const wordsOf = (entries: readonly (readonly [string, readonly Bit[]])[]): ReadonlyMap<string, readonly Literal[]> => new Map(entries.map(([net, bits]) => [net, bits.map(bit => reader.literal(bit))]));
  const outputs = wordsOf(Object.entries(module.ports).filter(([, { direction }]) => direction === 'output').map(([port, { bits }]) => [port, bits]));
  const { hasUndefined } = reader;
  const words = wordsOf(Object.entries(module.netnames).filter(([, { hide_name: hidden }]) => hidden === 0).map(([net, { bits }]) => [net, bits]));
  return { outputs, words, hasUndefined };
}

class Reader {
  hasUndefined = false;
  private readonly values = new Map<Bit, Literal>([['0', constantFalse], ['1', constantTrue]]);
  private readonly drivers = new Map<Bit, Cell>();

  constructor(private readonly network: Network, cells: readonly Cell[]) {
    for (const cell of cells) for (const bit of outputBits(cell)) this.drivers.set(bit, cell);
  }

  set(bits: readonly Bit[], literals: readonly Literal[]): void {
    bits.forEach((bit, index) => this.values.set(bit, literals[index] ?? constantFalse));
  }

  literal(bit: Bit): Literal {
    return this.values.get(bit) ?? this.build(bit);
  }

  /** Builds the cells that a bit needs, those that they need first; with a stack of its own, as chains are longer than that of calls. */
  private build(bit: Bit): Literal {
    const first = this.drivers.get(bit);
    if (first === undefined) return this.undefinedBit(bit);
    const stack = [first];
    const open = new Set<Cell>();
    const done = new Set<Cell>();
    for (let cell = stack.at(-1); cell !== undefined; cell = stack.at(-1)) {
      const needed = done.has(cell) ? [] : inputBits(cell).filter(each => !this.values.has(each));
      const cells = needed.flatMap(each => this.drivers.get(each) ?? []);
      if (open.has(cell) || cells.length === 0) {
        stack.pop();
        if (done.has(cell)) continue;
        if (cells.length > 0) throw new UnreadableModule('it has a combinational loop');
        for (const each of needed) if (typeof each === 'number') this.undefinedBit(each);
        this.set(outputBits(cell), this.valueOf(cell));
        done.add(cell);
        continue;
      }
      open.add(cell);
      stack.push(...new Set(cells));
    }
    return this.values.get(bit) ?? this.undefinedBit(bit);
  }

  private undefinedBit(bit: Bit): Literal {
    this.hasUndefined = true;
    const literal = this.network.input();
    // Each x is one of its own.
    if (typeof bit === 'number') this.values.set(bit, literal);
    return literal;
  }

  private port(cell: Cell, name: string): readonly Literal[] {
    return (cell.connections[name] ?? []).map(bit => this.values.get(bit) ?? this.undefinedBit(bit));
  }

  private valueOf(cell: Cell): readonly Literal[] {
    const { network } = this;
    const gate = gates.get(cell.type);
    if (gate !== undefined) return [network.gate(gate.inputs.map(name => this.port(cell, name)[0] ?? constantFalse), gate.table)];
    const width = cell.connections.Y?.length ?? 0;
    const isSigned = numberOf(cell, 'A_SIGNED') === 1;
    const [a, b] = [this.port(cell, 'A'), this.port(cell, 'B')];
    if (b.length > 0 && cell.type !== '$lut' && isSigned !== (numberOf(cell, 'B_SIGNED') === 1)) throw new UnreadableModule('an addition or multiplication has operands of both signs');
    const [wideA, wideB] = [extended(a, width, isSigned), extended(b, width, isSigned)];
    switch (cell.type) {
      case '$add': return this.adder(wideA, wideB, constantFalse);
      case '$sub': return this.adder(wideA, wideB.map(complement), constantTrue);
      case '$neg': return this.adder(wideA.map(() => constantFalse), wideA.map(complement), constantTrue);
      case '$mul': return extended(this.product(withoutExtension(a, isSigned), withoutExtension(b, isSigned), isSigned), width, isSigned);
      case '$lut': return [this.lookUp(a, BigInt(`0b${String(cell.parameters.LUT)}`))];
      default: throw new UnreadableModule(`it has a cell of the type ${cell.type}`);
    }
  }

  private adder(a: readonly Literal[], b: readonly Literal[], carryIn: Literal): readonly Literal[] {
    let carry = carryIn;
    return a.map((bit, index) => {
      const other = b[index] ?? constantFalse;
      const sum = this.network.sum(bit, other, carry);
      carry = this.network.majority(bit, other, carry);
      return sum;
    });
  }

  /**
   * The product by rows, each as wide as its sum needs; the last one of a signed factor counts negative. Nothing is cut off above, so that the sign is the product's also as a
   * polynomial.
   */
  private product(a: readonly Literal[], factor: readonly Literal[], isSigned: boolean): readonly Literal[] {
    if (a.length < factor.length) return this.product(factor, a, isSigned);
    const low: Literal[] = [];
    let above: readonly Literal[] = [];
    factor.forEach((select, row) => {
      const selected = a.map(bit => this.network.and(bit, select));
      const isNegative = isSigned && row === factor.length - 1;
      const width = row === 0 && !isNegative ? a.length : a.length + 1;
      const [rest, added] = [extended(above, width, isSigned), extended(selected, width, isSigned)];
      const sum = this.adder(rest, isNegative ? added.map(complement) : added, isNegative ? constantTrue : constantFalse);
      // Of a single bit the sign goes on.
      above = sum.length > 1 ? sum.slice(1) : isSigned ? sum : [];
      low.push(sum[0] ?? constantFalse);
    });
    return [...low, ...above];
  }

  /** A table of any size: one of more inputs than a node may have is split by the last one. */
  private lookUp(inputs: readonly Literal[], table: bigint): Literal {
    const last = inputs.at(-1);
    if (last === undefined || inputs.length <= 6) return this.network.gate(inputs, table);
    const rest = inputs.slice(0, -1);
    const half = 2 ** rest.length;
    return this.network.mux(last, this.lookUp(rest, table >> BigInt(half)), this.lookUp(rest, BigInt.asUintN(half, table)));
  }
}

function outputBits({ connections, port_directions: directions }: Cell): readonly Bit[] {
  return Object.entries(connections).flatMap(([port, bits]) => (directions[port] === 'output' ? bits : []));
}

function inputBits({ connections, port_directions: directions }: Cell): readonly Bit[] {
  return Object.entries(connections).flatMap(([port, bits]) => (directions[port] === 'output' ? [] : bits));
}

function extended(bits: readonly Literal[], width: number, isSigned: boolean): readonly Literal[] {
  return Array.from({ length: width }, (_, index) => bits[index] ?? (isSigned ? bits.at(-1) ?? constantFalse : constantFalse));
}

/** A factor as narrow as its value allows: Yosys writes factors as wide as the product. */
function withoutExtension(bits: readonly Literal[], isSigned: boolean): readonly Literal[] {
  let { length } = bits;
  while (length > 1 && bits[length - 1] === (isSigned ? bits[length - 2] : constantFalse)) length--;
  return bits.slice(0, length);
}

function numberOf({ parameters }: Cell, name: string): number {
  const value = parameters[name] ?? 0;
  return typeof value === 'number' ? value : Number(`0b${value}`);
}

const gates: ReadonlyMap<string, { readonly inputs: readonly string[]; readonly table: bigint }> = new Map([
  ['$_BUF_', { inputs: ['A'], table: 0x2n }], ['$_NOT_', { inputs: ['A'], table: 0x1n }],
  ['$_AND_', { inputs: ['A', 'B'], table: 0x8n }], ['$_NAND_', { inputs: ['A', 'B'], table: 0x7n }], ['$_OR_', { inputs: ['A', 'B'], table: 0xen }], ['$_NOR_', { inputs: ['A', 'B'], table: 0x1n }],
  ['$_XOR_', { inputs: ['A', 'B'], table: 0x6n }], ['$_XNOR_', { inputs: ['A', 'B'], table: 0x9n }],
  ['$_ANDNOT_', { inputs: ['A', 'B'], table: 0x2n }], ['$_ORNOT_', { inputs: ['A', 'B'], table: 0xbn }],
  ['$_MUX_', { inputs: ['A', 'B', 'S'], table: 0xcan }], ['$_NMUX_', { inputs: ['A', 'B', 'S'], table: 0x35n }],
]);
