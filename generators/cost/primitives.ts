import type { Origin, Primitive } from './circuit.js';
import type { Delays } from './device.js';

interface CarryCell {
  readonly carryIn: string;
  readonly carryOut: string;
  readonly bits: number;
}

/** Primitives that are a piece of a carry chain. */
const carryCells: Readonly<Record<string, CarryCell | undefined>> = {
  SB_CARRY: { carryIn: 'CI', carryOut: 'CO', bits: 1 }, CCU2C: { carryIn: 'CIN', carryOut: 'COUT', bits: 2 }, CARRY4: { carryIn: 'CI', carryOut: 'CO', bits: 4 },
};

/** How a primitive is a piece of a carry chain; undefined for others. */
export function carryCellOf({ module: { verilogName } }: Primitive): CarryCell | undefined {
  return carryCells[verilogName];
}

/** Levels of LUTs from an input of a primitive to its outputs. */
export function levelsThrough({ module: { verilogName } }: Primitive, port: string): number {
  if (carryCells[verilogName] === undefined) return 1;
  return Number(verilogName === 'CCU2C' && port !== 'CIN');
}

/** Picoseconds from an input of a primitive to its carry, or where it has none to its output. */
export function delayThrough({ module: { verilogName } }: Primitive, port: string, from: Origin | undefined, delays: Delays): number {
  const cell = carryCells[verilogName];
  if (cell !== undefined) return port === cell.carryIn ? cell.bits * delays.chainBit : delays.intoChain;
  const follows = from?.cell.kind === 'primitive' && from.cell.module.verilogName === 'SB_CARRY' && port === 'I3';
  return follows ? delays.outOfChain : delays.lut;
}

/** Picoseconds more to an output: a sum is one step behind the carry. */
export function delayBefore({ module: { verilogName } }: Primitive, port: string, delays: Delays): number {
  const cell = carryCells[verilogName];
  return cell === undefined || port === cell.carryOut ? 0 : delays.outOfChain;
}
