import { cellKinds, isInverter, kindOf, type CellKind, type Target } from './targets.js';

/** A bit of a net: its number, or a constant. */
type Bit = number | string;

interface Cell {
  readonly type: string;
  readonly port_directions?: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, readonly Bit[]>>;
}

interface Port {
  readonly direction: 'input' | 'output' | 'inout';
  readonly bits: readonly Bit[];
}

/** A module as `write_json` of Yosys writes it. */
export interface NetlistModule {
  readonly ports: Readonly<Record<string, Port>>;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** The module of that name in what `write_json` wrote. */
export function netlistModule(json: string, top: string): NetlistModule {
  const { modules } = JSON.parse(json) as { readonly modules: Readonly<Record<string, NetlistModule>> };
  const module = modules[top];
  if (module === undefined) throw new TypeError(`the netlist has no module ${top}`);
  return module;
}

/** Cells by their type, the types in alphabetical order. */
export function cellsByType(module: NetlistModule): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  // What only holds names is no cell.
  for (const { type } of Object.values(module.cells)) if (type !== '$scopeinfo') counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function cellsByKind(target: Target, cells: Readonly<Record<string, number>>): Readonly<Record<CellKind, number>> {
  const counts = new Map<CellKind, number>(cellKinds.map(kind => [kind, 0]));
  for (const [type, count] of Object.entries(cells)) counts.set(kindOf(target, type), (counts.get(kindOf(target, type)) ?? 0) + count);
  return Object.fromEntries(counts) as Record<CellKind, number>;
}

/** Nets that clock flip-flops; more than one makes a proof of one clock void. */
export function clockNets(target: Target, module: NetlistModule): readonly Bit[] {
  const clocks = Object.values(module.cells).filter(cell => kindOf(target, cell.type) === 'ff').flatMap(({ connections }) => (connections.C ?? connections.CLK ?? []).slice(0, 1));
  return [...new Set(clocks)];
}

/** The input that is one of these nets. */
export function portOf(module: NetlistModule, nets: readonly Bit[]): string | undefined {
  return Object.entries(module.ports).find(([, port]) => port.direction === 'input' && port.bits.some(bit => nets.includes(bit)))?.[0];
}

/** Bits of the outputs that a LUT drives, each once. */
export function outputsOfLuts(target: Target, module: NetlistModule): number {
  const driven = new Set(Object.values(module.cells).filter(({ type }) => kindOf(target, type) === 'lut').flatMap(cell => outputsOf(cell)));
  const outputs = Object.values(module.ports).filter(port => port.direction === 'output').flatMap(port => port.bits);
  return new Set(outputs.filter(bit => driven.has(bit))).size;
}

function outputsOf(cell: Cell): readonly Bit[] {
  return Object.entries(cell.connections).flatMap(([port, bits]) => (cell.port_directions?.[port] === 'output' ? bits : []));
}

/** Ports by which a carry comes in from the cell before; a path through them costs no level. */
const carryInputs = new Set(['CIN', 'CI', 'CYINIT']);

/**
 * LUTs on the longest path between flip-flops, memories, hard multipliers and ports. A carry chain costs nothing, but where its cell has LUTs of its own (CCU2C of the
 * ECP5) the way into the chain costs one.
 */
export function lutLevels(target: Target, module: NetlistModule): number {
  const drivers = new Map<Bit, Cell>();
  for (const cell of Object.values(module.cells)) for (const bit of outputsOf(cell)) drivers.set(bit, cell);
  const levels = new Map<Cell, number>();
  const open = new Set<Cell>();
  const levelOf = (bit: Bit): number => {
    const cell = drivers.get(bit);
    return cell === undefined ? 0 : levels.get(cell) ?? 0;
  };
  // Depth first without recursion: chains are as long as designs are wide.
  const visit = (start: Cell): void => {
    const stack: Cell[] = [start];
    for (let last = stack.at(-1); last !== undefined; last = stack.at(-1)) {
      const cell = last;
      const inputs = isTransparent(target, cell) ? Object.entries(cell.connections).filter(([port]) => cell.port_directions?.[port] === 'input') : [];
      const pending = open.has(cell) ? [] : inputs.flatMap(([, bits]) => bits).flatMap(bit => drivers.get(bit) ?? []).filter(each => !levels.has(each) && !open.has(each));
      open.add(cell);
      if (pending.length > 0) {
        stack.push(...pending);
        continue;
      }
      stack.pop();
      if (!levels.has(cell)) levels.set(cell, Math.max(0, ...inputs.flatMap(([port, bits]) => bits.map(bit => levelOf(bit) + cost(target, cell, port)))));
    }
  };
  for (const cell of Object.values(module.cells)) if (!levels.has(cell)) visit(cell);
  const ends = [
    ...Object.values(module.ports).filter(port => port.direction !== 'input').flatMap(port => port.bits),
    ...Object.values(module.cells).filter(cell => !isTransparent(target, cell)).flatMap(cell => Object.values(cell.connections).flat()),
  ];
  return ends.reduce<number>((deepest, bit) => Math.max(deepest, levelOf(bit)), 0);
}

function isTransparent(target: Target, { type }: Cell): boolean {
  const kind = kindOf(target, type);
  return kind === 'lut' || kind === 'carry' || isInverter(type);
}

function cost(target: Target, { type }: Cell, port: string): number {
  if (kindOf(target, type) === 'lut') return 1;
  return type === 'CCU2C' && !carryInputs.has(port) ? 1 : 0;
}
