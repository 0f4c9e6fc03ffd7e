import type { Cell, Primitive } from '../cost/circuit.js';
import type { Circuit } from '../cost/blast.js';
import type { Literal } from '../cost/logic.js';
import { tableOfPrimitive } from './primitive-functions.js';

/** A circuit of bits in operation, to be held against the evaluator. Registers start at 0 and are not reset. */
export class CircuitSimulator {
  private readonly circuit: Circuit;
  private readonly inputs = new Map<string, bigint>();
  private readonly held = new Map<number, number>();
  private values: number[] = [];

  constructor(circuit: Circuit) {
    this.circuit = circuit;
  }

  /** Gives an input its pattern. */
  set(port: string, pattern: bigint): void {
    this.inputs.set(port, pattern);
    this.values = [];
  }

  /** The pattern of an output. */
  get(port: string): bigint {
    this.settle();
    return this.pattern(this.circuit.outputs.get(port) ?? []);
  }

  /** One edge of the clock. */
  step(): void {
    this.settle();
    const next = this.circuit.registers.map(bit => this.bit(bit.enable) === 1 ? this.bit(bit.next) : this.held.get(bit.output) ?? 0);
    this.circuit.registers.forEach((bit, i) => this.held.set(bit.output, next[i] ?? 0));
    this.values = [];
  }

  private bit(literal: Literal): number {
    return (this.values[literal >> 1] ?? 0) ^ (literal & 1);
  }

  private pattern(word: readonly Literal[]): bigint {
    return word.reduceRight((high, literal) => high * 2n + BigInt(this.bit(literal)), 0n);
  }

  private settle(): void {
    if (this.values.length > 0) return;
    const { logic, origins, inputs } = this.circuit;
    const given = new Map<number, number>();
    for (const [port, word] of inputs) word.forEach((literal, i) => given.set(literal >> 1, Number(((this.inputs.get(port) ?? 0n) >> BigInt(i)) & 1n)));
    const done = new Set<Cell>();
    for (let node = 0; node < logic.size; node++) {
      const operands = logic.operandsOf(node);
      const origin = origins.get(node);
      if (operands !== undefined) this.values[node] = this.bit(operands[0]) & this.bit(operands[1]);
      else if (origin === undefined) this.values[node] = given.get(node) ?? 0;
      else if (origin.cell.kind === 'register') this.values[node] = this.held.get(node) ?? 0;
      else if (!done.has(origin.cell)) {
        done.add(origin.cell);
        for (const [driven, value] of this.outputsOf(origin.cell)) this.values[driven] = value;
      }
    }
  }

  private outputsOf(cell: Cell): readonly (readonly [node: number, value: number])[] {
    switch (cell.kind) {
      case 'chain': {
        let carry = this.bit(cell.carryIn);
        return cell.a.flatMap((literal, i): readonly (readonly [number, number])[] => {
          const total = this.bit(literal) + (this.bit(cell.b[i] ?? 0) ^ Number(cell.subtracts)) + carry;
          carry = total >> 1;
          const out = cell.carries.get(i);
          return [[cell.sums[i] ?? 0, total & 1], ...(out === undefined ? [] : [[out, carry] as const])];
        });
      }
      case 'lookahead': {
        let carry = this.bit(cell.carryIn);
        return cell.propagate.map((literal, i) => {
          carry = this.bit(cell.generate[i] ?? 0) | (this.bit(literal) & carry);
          return [cell.carries[i] ?? 0, carry] as const;
        });
      }
      case 'multiplier': {
        const [a, b] = [cell.a, cell.b].map((word, i) => cell.signed[i] === true ? BigInt.asIntN(word.length, this.pattern(word)) : this.pattern(word));
        return cell.product.map((node, i) => [node, Number((((a ?? 0n) * (b ?? 0n)) >> BigInt(i)) & 1n)] as const);
      }
      case 'primitive': return this.ofPrimitive(cell);
      case 'memory':
      case 'register': return [];
    }
  }

  private ofPrimitive(cell: Primitive): readonly (readonly [number, number])[] {
    const given = new Map([...cell.inputs].map(([port, word]) => [port, this.pattern(word)]));
    const results = tableOfPrimitive(cell.module, given);
    return [...cell.outputs].flatMap(([port, nodes]) => nodes.map((node, i) => [node, Number(((results.get(port) ?? 0n) >> BigInt(i)) & 1n)] as const));
  }
}
