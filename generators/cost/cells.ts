import type { Circuit } from './blast.js';
import type { Cell, Chain, Primitive } from './circuit.js';
import type { Cover } from './cover.js';
import type { Device } from './device.js';
import { isConstant, nodeOf, type Literal } from './logic.js';
import { chainInputs, drivenBy, type Needs } from './needs.js';

/** A circuit, what of it is needed, and its cover. */
export interface Mapped {
  readonly circuit: Circuit;
  readonly needs: Needs;
  readonly cover: Cover;
}

/** Area of a mapped circuit in the device's own unit. */
export const areaOf: Readonly<Record<Device['name'], (mapped: Mapped) => number>> = {
  ice40: logicCells, ecp5: combinationalCells, xc7: xilinxCells,
};

/** COMB of an ECP5: LUT4 and twice the CCU2C. */
function combinationalCells(mapped: Mapped): number {
  const { needs, cover } = mapped;
  const ofChains = chainsOf(needs).reduce((total, [, high]) => total + 2 * Math.ceil((high + 1) / 2), 0);
  const inverters = invertersOf(mapped);
  return cover.luts.size + inverters.sources + inverters.luts + ofChains + countOf(needs, 'LUT4') + 2 * countOf(needs, 'CCU2C');
}

/** LUTs of a Xilinx 7; an inverter behind a source goes into what reads it. */
function xilinxCells(mapped: Mapped): number {
  const { needs, cover } = mapped;
  return cover.luts.size + invertersOf(mapped).luts + countOf(needs, 'LUT6') + countOf(needs, 'LUT6_2');
}

/** Logic cells of an iCE40 after placement: each holds a LUT, a carry and a flip-flop. */
function logicCells(mapped: Mapped): number {
  const { needs, cover } = mapped;
  const readers = readersOf(mapped);
  const ofChains = chainsOf(needs).reduce((total, [chain, high]) => total + chainCells(chain, high, mapped), 0);
  const inverters = invertersOf(mapped);
  const luts = cover.luts.size + inverters.sources + inverters.luts - sharedLuts(mapped, readers).cells;
  return Math.round(luts + ofChains + primitiveCells(mapped) + loneRegisters(mapped, readers));
}

function chainsOf({ highest }: Needs): readonly (readonly [Chain, number])[] {
  return [...highest];
}

function primitivesOf({ cells }: Needs): readonly Primitive[] {
  return [...cells].filter(cell => cell.kind === 'primitive');
}

function countOf(needs: Needs, name: string): number {
  return primitivesOf(needs).filter(({ module }) => module.verilogName === name).length;
}

/** Inverters before cells and outputs: sources that are needed inverted, and LUTs that are needed both ways. */
function invertersOf({ circuit: { logic }, needs: { sinks } }: Mapped): { readonly sources: number; readonly luts: number } {
  const [plain, inverted] = [new Set<number>(), new Set<number>()];
  for (const { literal } of sinks) if (!isConstant(literal)) (literal % 2 === 1 ? inverted : plain).add(nodeOf(literal));
  const sources = [...inverted].filter(node => logic.operandsOf(node) === undefined).length;
  return { sources, luts: [...inverted].filter(node => logic.operandsOf(node) !== undefined && plain.has(node)).length };
}

/** One cell for each bit; one more where a carry leaves the chain, or comes into it beside a bit of the sum. */
function chainCells({ a, b, subtracts, carryIn, sums, carries }: Chain, high: number, { needs }: Mapped): number {
  const [first, second] = [a[0] ?? 0, (b[0] ?? 0) ^ Number(subtracts)];
  const [isNeeded, place] = [needs.nodes[sums[0] ?? 0] === true, high];
  // One operand is the constant that the carry is not: the carry out is the other operand, which a cell of its own brings into the chain.
  const injects = (isConstant(first) && first !== carryIn) !== (isConstant(second) && second !== carryIn);
  const out = carries.get(place);
  const leaves = out !== undefined && needs.nodes[out] === true;
  return high + 1 + Number(injects && isNeeded) + Number(leaves);
}

/** The LUTs that read each node, and how often it is needed elsewhere. */
interface Readers {
  readonly luts: ReadonlyMap<number, readonly number[]>;
  readonly sinks: ReadonlyMap<number, number>;
}

function readersOf({ needs, cover }: Mapped): Readers {
  const luts = new Map<number, number[]>();
  for (const [node, { leaves }] of cover.luts) {
    for (const leaf of leaves) {
      const list = luts.get(leaf);
      if (list === undefined) luts.set(leaf, [node]);
      else list.push(node);
    }
  }
  const sinks = new Map<number, number>();
  for (const { literal } of needs.sinks) sinks.set(nodeOf(literal), (sinks.get(nodeOf(literal)) ?? 0) + 1);
  return { luts, sinks };
}

/**
 * Where a sum's lowest bit goes into a LUT, synthesis makes one LUT of both, and orders its pins as it likes: placement finds that they fit the carry
 * in two of seven (counted in trees of 4 to 16 lanes of 8 x 8 bits).
 */
const pinsThatFit = 2 / 7;

/** LUTs that share the cell of the sum bit that they alone read: `b ? x + y : x` is one cell, if all inputs fit its LUT. */
export function sharedLuts(mapped: Mapped, readers = readersOf(mapped)): { readonly luts: ReadonlySet<number>; readonly cells: number } {
  const { circuit, needs, cover } = mapped;
  const taken = new Set<number>();
  let atBottom = 0;
  const mayShare = (sum: number, inputs: readonly Literal[], hasCarry: boolean): void => {
    const [reader, ...others] = readers.luts.get(sum) ?? [];
    if (reader === undefined || others.length > 0 || readers.sinks.has(sum) || taken.has(reader)) return;
    const leaves = new Set([...(cover.luts.get(reader)?.leaves ?? []), ...inputs.filter(literal => !isConstant(literal)).map(nodeOf)]);
    leaves.delete(sum);
    if (leaves.size + Number(hasCarry) > 4) return;
    if (hasCarry) taken.add(reader);
    else atBottom++;
  };
  for (const [chain, high] of chainsOf(needs)) {
    for (let place = 0; place <= high; place++) {
      const sum = chain.sums[place] ?? 0;
      if (needs.nodes[sum] === true) mayShare(sum, chainInputs(circuit.logic, chain, place, place + 1), place > 0);
    }
  }
  return { luts: taken, cells: taken.size + pinsThatFit * atBottom };
}

/** Primitives of an iCE40: a LUT shares its cell with the carry that has the same addends and the same carry in. */
function primitiveCells({ circuit, needs }: Mapped): number {
  const luts = new Set<string>();
  const carries = new Set<string>();
  let cells = 0;
  for (const { module, inputs } of primitivesOf(needs)) {
    const at = (port: string): Literal => circuit.logic.resolve(inputs.get(port)?.[0] ?? 0);
    if (module.verilogName === 'SB_LUT4') {
      cells++;
      luts.add([at('I1'), at('I2'), at('I3')].join());
    } else if (module.verilogName === 'SB_CARRY') carries.add([at('I0'), at('I1'), at('CI')].join());
  }
  return cells + [...carries].filter(carry => !luts.has(carry)).length;
}

/** Registers that cannot share the cell of the LUT before them, because there is none or others read it too. */
function loneRegisters({ needs, cover, circuit: { logic, origins } }: Mapped, { luts, sinks }: Readers): number {
  return [...needs.cells].filter(cell => {
    if (cell.kind !== 'register') return false;
    const next = logic.resolve(cell.next);
    const node = nodeOf(next);
    const isLut = cover.luts.has(node) || isLutOutput(origins.get(node)?.cell, node);
    return !(isLut || next % 2 === 1) || luts.has(node) || (sinks.get(node) ?? 0) > 1;
  }).length;
}

function isLutOutput(cell: Cell | undefined, node: number): boolean {
  if (cell === undefined) return false;
  if (cell.kind === 'chain') return cell.sums.includes(node);
  return cell.kind === 'primitive' && cell.module.verilogName === 'SB_LUT4' && drivenBy(cell).includes(node);
}
