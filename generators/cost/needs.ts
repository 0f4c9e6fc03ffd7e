import type { Circuit } from './blast.js';
import type { Cell, Chain } from './circuit.js';
import { inverted, nodeOf, type Literal, type Logic } from './logic.js';

/** What of a circuit the outputs depend on. */
export interface Needs {
  /** Nodes by number: whether they are needed. */
  readonly nodes: readonly boolean[];
  readonly cells: ReadonlySet<Cell>;
  /** Of each chain the highest bit that is needed. */
  readonly highest: ReadonlyMap<Chain, number>;
  /** All literals that outputs and cells need, once for each place that needs them. */
  readonly sinks: readonly Sink[];
}

/** A literal that is needed outside of the logic. */
export interface Sink {
  readonly literal: Literal;
  /** Undefined for an output of the circuit. */
  readonly cell?: Cell;
}

export function needsOf({ logic, origins, outputs }: Circuit): Needs {
  const nodes = new Array<boolean>(logic.size).fill(false);
  const cells = new Set<Cell>();
  const highest = new Map<Chain, number>();
  const sinks: Sink[] = [];
  const pending: number[] = [];
  const need = (literal: Literal): void => {
    if (!isMarked(nodes, nodeOf(literal))) pending.push(nodeOf(literal));
  };
  const needSinks = (literals: Iterable<Literal>, cell?: Cell): void => {
    for (const literal of literals) {
      sinks.push({ literal, ...(cell === undefined ? {} : { cell }) });
      need(literal);
    }
  };
  for (const word of outputs.values()) needSinks(word.map(literal => logic.resolve(literal)));
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const operands = logic.operandsOf(node);
    if (operands !== undefined) {
      need(operands[0]);
      need(operands[1]);
      continue;
    }
    const origin = origins.get(node);
    if (origin === undefined) continue;
    const { cell, place } = origin;
    if (cell.kind === 'chain') {
      const before = highest.get(cell) ?? -1;
      if (place > before) {
        highest.set(cell, place);
        needSinks(chainInputs(logic, cell, before + 1, place + 1), cell);
      }
    } else if (!cells.has(cell)) needSinks(inputsOf(logic, cell), cell);
    cells.add(cell);
  }
  return { nodes, cells, highest, sinks };
}

function isMarked(nodes: boolean[], node: number): boolean {
  const before = nodes[node] ?? false;
  nodes[node] = true;
  return before;
}

/** What bits `from` to `to` - 1 of a chain take. */
export function chainInputs(logic: Logic, { a, b, subtractsOutside, propagate }: Chain, from: number, to: number): Literal[] {
  const second = propagate ?? (subtractsOutside ? b.map(inverted) : b);
  return [...a.slice(from, to), ...second.slice(from, to)].map(literal => logic.resolve(literal));
}

/** What a cell other than a chain takes. */
export function inputsOf(logic: Logic, cell: Exclude<Cell, Chain>): readonly Literal[] {
  return inputLiterals(cell).map(literal => logic.resolve(literal));
}

function inputLiterals(cell: Exclude<Cell, Chain>): readonly Literal[] {
  switch (cell.kind) {
    case 'lookahead': return [...cell.propagate, ...cell.generate];
    case 'primitive': return [...cell.inputs.values()].flat();
    case 'multiplier': return [...cell.a, ...cell.b];
    case 'memory': return [...cell.address, ...cell.memory.inputs];
    case 'register': return [cell.next, cell.enable, cell.reset];
  }
}

/** The sources that a cell drives. */
export function drivenBy(cell: Cell): readonly number[] {
  switch (cell.kind) {
    case 'chain': return [...cell.sums, ...cell.carries.values()];
    case 'lookahead': return cell.carries;
    case 'primitive': return [...cell.outputs.values()].flat();
    case 'multiplier': return cell.product;
    case 'memory': return cell.word;
    case 'register': return [cell.output];
  }
}
