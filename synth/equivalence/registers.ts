import { SynthesisError } from '../error.js';
import type { ElaboratedDesign } from './elaborate.js';
import { netlistText, parseNetlist, type NetBit, type NetlistCell, type NetlistModule } from './netlist.js';
import type { Port } from './ports.js';

/** A register: a flip-flop of some bits. */
export interface Register {
  /** The name that the Verilog gives it. */
  readonly name: string;
  readonly width: number;
}

/** A design whose registers are taken out: what it does in one clock, as a combinational design. */
export interface ClockStep {
  readonly name: string;
  readonly clock: string | undefined;
  /** Without the clock. */
  readonly ports: readonly Port[];
  /** By name. */
  readonly registers: readonly Register[];
  /**
   * Clocks after which nothing of what the registers held at first can be seen any more: the longest chain of registers. Undefined where registers are in a loop, and
   * so may hold something for ever.
   */
  readonly depth: number | undefined;
  /** The module `step` in JSON: register number i is the input `q_i`, its next value the output `d_i`. */
  readonly json: string;
}

interface FlipFlop extends Register {
  readonly d: readonly NetBit[];
  readonly q: readonly NetBit[];
  readonly clock: string;
}

/**
 * Takes the registers out of a design.
 * @throws SynthesisError of kind 'usage' where they are not all flip-flops at the same edge of one clock that is a port
 */
export function clockStep(design: ElaboratedDesign): ClockStep {
  const module = parseNetlist(design.json, 'design');
  const names = new NetNames(module);
  const others = Object.entries(module.cells).filter(([, { type }]) => type !== '$dff');
  const odd = others.find(([, { type }]) => /ff|latch|^\$sr$|^\$mem/.test(type));
  if (odd !== undefined) throw new SynthesisError('usage', `${design.name} has a ${kindOf(odd[1].type)}, and only flip-flops with a synchronous reset can be compared.`);
  const flipFlops = Object.entries(module.cells).filter(([, { type }]) => type === '$dff').map(([name, cell]) => flipFlopOf(name, cell, names)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const clock = clockPort(design, module, flipFlops);
  const ports = design.ports.filter(({ name }) => name !== clock);
  const step: NetlistModule = {
    ...module, cells: Object.fromEntries(others),
    // Inputs come first: what they share with outputs, they drive.
    ports: {
      ...Object.fromEntries(Object.entries(module.ports).filter(([name, { direction }]) => direction === 'input' && name !== clock)),
      ...Object.fromEntries(flipFlops.map(({ q }, index) => [`q_${index}`, { direction: 'input' as const, bits: [...q] }])),
      ...Object.fromEntries(Object.entries(module.ports).filter(([, { direction }]) => direction !== 'input')),
      ...Object.fromEntries(flipFlops.map(({ d }, index) => [`d_${index}`, { direction: 'output' as const, bits: [...d] }])),
    },
    netnames: Object.fromEntries(Object.entries(module.netnames).filter(([name]) => name !== clock && !/^[qd]_\d+$/.test(name))),
  };
  return {
    name: design.name, clock, ports, registers: flipFlops.map(({ name, width }) => ({ name, width })), depth: depthOf(flipFlops, others.map(([, cell]) => cell)), json: netlistText('step', step),
  };
}

function kindOf(type: string): string {
  if (type.startsWith('$mem')) return 'memory';
  if (type.includes('latch')) return 'latch';
  return type.startsWith('$adff') || type.startsWith('$aldff') ? 'flip-flop with an asynchronous reset' : `cell of the kind ${type}`;
}

/** Which named nets a bit belongs to. */
class NetNames {
  private readonly places = new Map<NetBit, { readonly net: string; readonly index: number; readonly width: number; readonly isPort: boolean }[]>();

  constructor({ netnames, ports }: NetlistModule) {
    for (const [net, { bits, hide_name: hidden }] of Object.entries(netnames)) {
      if (hidden !== 0) continue;
      bits.forEach((bit, index) => {
        const list = this.places.get(bit) ?? [];
        list.push({ net, index, width: bits.length, isPort: ports[net] !== undefined });
        this.places.set(bit, list);
      });
    }
  }

  /** The net that the bits are, or a part of it; a net of its own before a port, a whole one before a part. Undefined where no named net has them all. */
  nameOf(bits: readonly NetBit[]): string | undefined {
    const [first] = bits;
    const candidates = (first === undefined ? [] : this.places.get(first) ?? [])
      .filter(({ net, index }) => bits.every((bit, offset) => this.places.get(bit)?.some(place => place.net === net && place.index === index + offset)))
      .toSorted((a, b) => Number(a.isPort) - Number(b.isPort) || a.width - b.width || (a.net < b.net ? -1 : 1));
    const [best] = candidates;
    if (best === undefined) return undefined;
    return best.width === bits.length ? best.net : `${best.net}[${best.index}+:${bits.length}]`;
  }
}

function flipFlopOf(cellName: string, { connections, parameters }: NetlistCell, names: NetNames): FlipFlop {
  const { D: d = [], Q: q = [], CLK: [clock = ''] = [] } = connections;
  const edge = String(parameters.CLK_POLARITY).endsWith('1') ? 'posedge' : 'negedge';
  return { name: names.nameOf(q) ?? cellName, width: q.length, d, q, clock: `${edge} ${clock}` };
}

/** The port that clocks all registers. */
function clockPort({ name }: ElaboratedDesign, module: NetlistModule, flipFlops: readonly FlipFlop[]): string | undefined {
  const [first] = flipFlops;
  if (first === undefined) return undefined;
  if (flipFlops.some(({ clock }) => clock !== first.clock)) throw new SynthesisError('usage', `${name} has registers of several clocks or edges, and only those of one can be compared.`);
  const [port] = Object.entries(module.ports).find(([, { direction, bits }]) => direction === 'input' && bits.length === 1 && first.clock.endsWith(` ${bits[0] ?? ''}`)) ?? [];
  if (port === undefined) throw new SynthesisError('usage', `The clock of ${name} is not one of its ports.`);
  return port;
}

function isFlipFlop(node: NetlistCell | FlipFlop): node is FlipFlop {
  return 'q' in node;
}

/** The longest chain of registers; undefined for a loop. */
function depthOf(flipFlops: readonly FlipFlop[], cells: readonly NetlistCell[]): number | undefined {
  const driver = new Map<NetBit, NetlistCell | FlipFlop>();
  for (const cell of cells) for (const [port, bits] of Object.entries(cell.connections)) if (cell.port_directions[port] === 'output') for (const bit of bits) driver.set(bit, cell);
  for (const flipFlop of flipFlops) for (const bit of flipFlop.q) driver.set(bit, flipFlop);
  const depths = new Map<NetlistCell | FlipFlop, number | 'open' | 'loop'>();
  // With a stack of its own: chains of cells are longer than that of calls.
  const inputsOf = (node: NetlistCell | FlipFlop): readonly (NetlistCell | FlipFlop)[] => {
    const bits = isFlipFlop(node) ? node.d : Object.entries(node.connections).flatMap(([port, list]) => (node.port_directions[port] === 'output' ? [] : list));
    return [...new Set(bits.flatMap(bit => driver.get(bit) ?? []))];
  };
  for (const start of flipFlops) {
    const stack: (NetlistCell | FlipFlop)[] = [start];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const inputs = inputsOf(node);
      const before = depths.get(node);
      if (typeof before === 'number') {
        stack.pop();
        continue;
      }
      if (before === 'open') {
        const deepest = Math.max(0, ...inputs.map(input => { const depth = depths.get(input); return typeof depth === 'number' ? depth : Infinity; }));
        depths.set(node, deepest + (isFlipFlop(node) ? 1 : 0));
        stack.pop();
        continue;
      }
      depths.set(node, 'open');
      if (inputs.some(input => depths.get(input) === 'open')) return undefined;
      stack.push(...inputs.filter(input => depths.get(input) === undefined));
    }
  }
  return Math.max(0, ...flipFlops.map(flipFlop => { const depth = depths.get(flipFlop); return typeof depth === 'number' ? depth : 0; }));
}
