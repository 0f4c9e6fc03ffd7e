import type { Cell, Chain, Origin, Primitive, RegisterBit } from './circuit.js';
import { sharedLuts, type Mapped } from './cells.js';
import type { Delays, Device } from './device.js';
import { isConstant, nodeOf, type Literal } from './logic.js';
import { chainInputs, drivenBy, inputsOf } from './needs.js';
import { carryCellOf } from './primitives.js';

/** When the nodes of a mapped circuit settle. */
export interface Timing {
  /** When what a literal's node is made of is there, at the output of its cell. */
  at(literal: Literal): number;
  /** The same at the input of a register: with its setup, and with the way there where it is alone in its cell. */
  atRegister(literal: Literal): number;
}

/** Where paths begin. */
export interface PathOptions {
  /** Whether a register lets its next value through as if it were a wire; where absent none does. */
  readonly passes?: (register: RegisterBit) => boolean;
  /** When a path begins at a register, or where there is none at an input; where absent with the clock. */
  readonly startOf?: (register: RegisterBit | undefined) => number;
}

/**
 * Follows all paths of a mapped circuit from registers and inputs on.
 * @param delays in any unit
 */
export function timingOf(mapped: Mapped, device: Device, delays: Delays, options: PathOptions = {}): Timing {
  return new Follower(mapped, device, delays, { passes: () => false, startOf: () => delays.clockToOutput, ...options });
}

class Follower implements Timing {
  private readonly mapped: Mapped;
  private readonly device: Device;
  private readonly delays: Delays;
  private readonly options: Required<PathOptions>;
  private readonly arrival: Float64Array;
  private readonly isDone: Uint8Array;
  /** LUTs in the cell of the bit of a sum that they alone read. */
  private readonly shared: ReadonlySet<number>;

  constructor(mapped: Mapped, device: Device, delays: Delays, options: Required<PathOptions>) {
    this.mapped = mapped;
    this.device = device;
    this.delays = delays;
    this.options = options;
    const { size } = mapped.circuit.logic;
    this.arrival = new Float64Array(size);
    this.isDone = new Uint8Array(size);
    this.shared = device.name === 'ice40' ? sharedLuts(mapped).luts : new Set();
  }

  at(literal: Literal): number {
    const node = this.nodeOf(literal);
    this.settle(node);
    return this.arrival[node] ?? 0;
  }

  atRegister(literal: Literal): number {
    const node = this.nodeOf(literal);
    const { delays } = this;
    return isConstant(literal) ? 0 : this.at(literal) + (this.isInCellOfRegister(node) ? delays.setup : delays.wire + delays.loneSetup);
  }

  private nodeOf(literal: Literal): number {
    return nodeOf(this.mapped.circuit.logic.resolve(literal));
  }

  private originOf(node: number): Origin | undefined {
    return this.mapped.circuit.origins.get(node);
  }

  /** Whether a register that takes this node can stand behind it in one cell. */
  private isInCellOfRegister(node: number): boolean {
    if (this.mapped.cover.luts.has(node)) return true;
    const origin = this.originOf(node);
    return origin?.what === 'sum' || (origin?.cell.kind === 'primitive' && carryCellOf(origin.cell)?.carryOut !== portOf(origin.cell, node));
  }

  /** Goes down to what is settled, and up again. */
  private settle(wanted: number): void {
    const open = [wanted];
    const seen = new Set<number>();
    for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
      if (this.isDone[node] === 1) {
        open.pop();
        continue;
      }
      if (!seen.has(node)) {
        seen.add(node);
        const before = open.length;
        for (const each of this.before(node)) if (this.isDone[each] !== 1 && !seen.has(each)) open.push(each);
        if (open.length > before) continue;
      }
      open.pop();
      this.finish(node);
    }
  }

  /** Nodes that must settle first. */
  private before(node: number): readonly number[] {
    const lut = this.mapped.cover.luts.get(node);
    if (lut !== undefined) return lut.leaves;
    const cell = this.originOf(node)?.cell;
    if (cell === undefined) return [];
    const { circuit: { logic } } = this.mapped;
    switch (cell.kind) {
      case 'chain': return chainInputs(logic, cell, 0, this.highestOf(cell) + 1).map(nodeOf);
      case 'register': return this.options.passes(cell) ? [this.nodeOf(cell.next)] : [];
      case 'memory': return cell.isRegistered ? [] : cell.address.map(literal => this.nodeOf(literal));
      default: return inputsOf(logic, cell).map(nodeOf);
    }
  }

  private highestOf(chain: Chain): number {
    return this.mapped.needs.highest.get(chain) ?? 0;
  }

  private finish(node: number): void {
    const { delays, arrival } = this;
    const lut = this.mapped.cover.luts.get(node);
    const cell = this.originOf(node)?.cell;
    if (lut !== undefined) {
      const isShared = this.shared.has(node);
      arrival[node] = lut.leaves.reduce((most, leaf) => {
        const isOwn = isShared && this.originOf(leaf)?.what === 'sum';
        return Math.max(most, (arrival[leaf] ?? 0) + (isOwn ? 0 : delays.wire + delays.lut));
      }, 0);
    } else if (cell === undefined) arrival[node] = node === 0 ? 0 : this.options.startOf(undefined);
    else if (cell.kind === 'register') arrival[node] = this.options.passes(cell) ? arrival[this.nodeOf(cell.next)] ?? 0 : this.options.startOf(cell);
    else if (cell.kind === 'chain') this.finishChain(cell);
    else if (cell.kind === 'primitive') this.finishPrimitive(cell);
    else this.finishOther(cell);
    this.isDone[node] = 1;
  }

  /** When a literal is there at an input of a carry cell. */
  private intoChain(literal: Literal): number {
    if (isConstant(literal)) return 0;
    const node = nodeOf(literal);
    // The LUT before the cell stands beside it.
    const isBeside = this.device.takesPropagate && this.isInCellOfRegister(node) && this.originOf(node)?.what !== 'sum';
    return (this.arrival[node] ?? 0) + (isBeside ? 0 : this.delays.wire);
  }

  private finishChain(chain: Chain): void {
    const { delays, arrival } = this;
    let carry = 0;
    for (let place = 0; place <= this.highestOf(chain); place++) {
      const inputs = chainInputs(this.mapped.circuit.logic, chain, place, place + 1).reduce((most, literal) => Math.max(most, this.intoChain(literal)), 0);
      arrival[chain.sums[place] ?? 0] = Math.max(inputs + delays.intoSum, place === 0 ? 0 : carry + delays.outOfChain);
      carry = Math.max(inputs + delays.intoChain, carry + delays.chainBit);
      const out = chain.carries.get(place);
      if (out !== undefined) arrival[out] = carry + delays.outOfChain;
    }
    this.close(chain);
  }

  private finishPrimitive(cell: Primitive): void {
    const { delays, arrival, mapped: { circuit: { logic } } } = this;
    const carryCell = carryCellOf(cell);
    let latest = 0;
    for (const [port, word] of cell.inputs) {
      for (const each of word) {
        const literal = logic.resolve(each);
        if (isConstant(literal)) continue;
        const from = this.originOf(nodeOf(literal));
        const isCarry = from?.cell.kind === 'primitive' && carryCellOf(from.cell)?.carryOut === portOf(from.cell, nodeOf(literal));
        const settled = arrival[nodeOf(literal)] ?? 0;
        if (carryCell === undefined) {
          const isInCellOfCarry = port === 'I3' && this.isCarryOut(from);
          latest = Math.max(latest, settled + (isInCellOfCarry ? 0 : isCarry && port === 'I3' ? delays.outOfChain : delays.wire + delays.lut));
        } else if (port === carryCell.carryIn) latest = Math.max(latest, settled + carryCell.bits * delays.chainBit + (isCarry ? 0 : delays.wire));
        else latest = Math.max(latest, this.intoChain(literal) + delays.intoChain);
      }
    }
    for (const [port, nodes] of cell.outputs) {
      for (const each of nodes) arrival[each] = latest + (carryCell === undefined || port === carryCell.carryOut ? 0 : delays.outOfChain);
    }
    this.close(cell);
  }

  /** Whether it is the carry out of a chain, as the bit of a sum at a place where nothing is added. */
  private isCarryOut(from: Origin | undefined): boolean {
    return from?.cell.kind === 'chain' && from.what === 'sum' && chainInputs(this.mapped.circuit.logic, from.cell, from.place, from.place + 1).every(isConstant);
  }

  private finishOther(cell: Exclude<Cell, Chain | Primitive | RegisterBit>): void {
    const { delays, arrival } = this;
    const inputs = this.inputsBefore(cell).reduce((most, literal) => isConstant(literal) ? most : Math.max(most, this.intoChain(literal)), 0);
    for (const each of drivenBy(cell)) {
      if (cell.kind === 'multiplier') arrival[each] = inputs + delays.multiplier;
      else if (cell.kind === 'lookahead') arrival[each] = inputs + delays.intoChain + cell.carries.length * delays.chainBit + delays.outOfChain;
      else arrival[each] = cell.isRegistered ? delays.memory : inputs + delays.memory;
    }
    this.close(cell);
  }

  private inputsBefore(cell: Exclude<Cell, Chain | Primitive | RegisterBit>): readonly Literal[] {
    const { circuit: { logic } } = this.mapped;
    return cell.kind === 'memory' ? cell.isRegistered ? [] : cell.address.map(literal => logic.resolve(literal)) : inputsOf(logic, cell);
  }

  private close(cell: Cell): void {
    for (const each of drivenBy(cell)) this.isDone[each] = 1;
  }
}

function portOf(cell: Primitive, node: number): string | undefined {
  for (const [port, nodes] of cell.outputs) if (nodes.includes(node)) return port;
  return undefined;
}

/** The longest path of a mapped circuit from register to register; ports count as registers. */
export function longestPath({ needs }: Mapped, timing: Timing): number {
  return needs.sinks.reduce((most, { literal, cell }) => {
    const isEnd = cell === undefined || cell.kind === 'register' || cell.kind === 'memory';
    return isEnd ? Math.max(most, timing.atRegister(literal)) : most;
  }, 0);
}
