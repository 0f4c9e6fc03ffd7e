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

/** A memory that is taken out: what it gives is an input of the step, what it gets an output. */
export interface Memory {
  /** The name that the Verilog gives it. */
  readonly name: string;
  /** Its size, ports and initial contents; memories of one shape that always get the same give the same. */
  readonly shape: string;
  /** Of the step, `m_0_RD_DATA`; directions as of the step. */
  readonly ports: readonly Port[];
}

/** A design whose registers are taken out: what it does in one clock, as a combinational design. */
export interface ClockStep {
  readonly name: string;
  readonly clock: string | undefined;
  /** Without the clock. */
  readonly ports: readonly Port[];
  /** By name. */
  readonly registers: readonly Register[];
  /** By name. */
  readonly memories: readonly Memory[];
  /**
   * Clocks after which nothing of what the registers held at first can be seen any more: the longest chain of registers. Undefined where registers are in a loop, and
   * so may hold something for ever, or there are memories.
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
  const odd = others.find(([, { type }]) => /ff|latch|^\$sr$/.test(type));
  const clockedReading = others.find(([, { type, parameters }]) => type.startsWith('$mem') && String(parameters.RD_CLK_ENABLE).includes('1'));
  if (clockedReading !== undefined) throw new SynthesisError('usage', `${design.name} has a memory that is read at a clock by itself, and only those read through registers can be compared.`);
  if (odd !== undefined) throw new SynthesisError('usage', `${design.name} has a ${kindOf(odd[1].type)}, and only flip-flops with a synchronous reset can be compared.`);
  const flipFlops = Object.entries(module.cells).filter(([, { type }]) => type === '$dff').map(([name, cell]) => flipFlopOf(name, cell, names)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const memoryCells = others.filter(([, { type }]) => type.startsWith('$mem')).map(([, cell]) => cell).toSorted((a, b) => (memoryName(a) < memoryName(b) ? -1 : 1));
  let nets = highestNet(module);
  const memories = memoryCells.map((cell, index) => takenOut(cell, index, () => ++nets));
  const clock = clockPort(design, module, [...flipFlops, ...memoryCells.flatMap(writeClocks)]);
  const ports = design.ports.filter(({ name }) => name !== clock);
  const step: NetlistModule = {
    ...module, cells: Object.fromEntries([...others.filter(([, { type }]) => !type.startsWith('$mem')), ...memories.flatMap(({ cells }) => Object.entries(cells))]),
    // Inputs come first: what they share with outputs, they drive.
    ports: {
      ...Object.fromEntries(Object.entries(module.ports).filter(([name, { direction }]) => direction === 'input' && name !== clock)),
      ...Object.fromEntries(flipFlops.map(({ q }, index) => [`q_${index}`, { direction: 'input' as const, bits: [...q] }])),
      ...Object.fromEntries(memories.flatMap(({ wires }) => wires).filter(({ direction }) => direction === 'input').map(({ name, bits }) => [name, { direction: 'input' as const, bits }])),
      ...Object.fromEntries(Object.entries(module.ports).filter(([, { direction }]) => direction !== 'input')),
      ...Object.fromEntries(flipFlops.map(({ d }, index) => [`d_${index}`, { direction: 'output' as const, bits: [...d] }])),
      ...Object.fromEntries(memories.flatMap(({ wires }) => wires).filter(({ direction }) => direction === 'output').map(({ name, bits }) => [name, { direction: 'output' as const, bits }])),
    },
    netnames: Object.fromEntries(Object.entries(module.netnames).filter(([name]) => name !== clock && !/^[qd]_\d+$|^m_\d+_/.test(name))),
  };
  return {
    name: design.name, clock, ports, registers: flipFlops.map(({ name, width }) => ({ name, width })),
    memories: memories.map(({ name, shape, wires }) => ({ name, shape, ports: wires.map(({ name: port, direction, bits }) => ({ name: port, direction, width: bits.length })) })),
    depth: memories.length > 0 ? undefined : depthOf(flipFlops, others.map(([, cell]) => cell)), json: netlistText('step', step),
  };
}

function memoryName({ parameters }: NetlistCell): string {
  return String(parameters.MEMID).replace(/^\\/, '');
}

function highestNet({ netnames, cells }: NetlistModule): number {
  let highest = 1;
  const look = (bits: readonly NetBit[]): void => {
    for (const bit of bits) if (typeof bit === 'number' && bit > highest) highest = bit;
  };
  for (const { bits } of Object.values(netnames)) look(bits);
  for (const { connections } of Object.values(cells)) for (const bits of Object.values(connections)) look(bits);
  return highest;
}

/** A memory that is taken out, and what is built around it. */
interface TakenOut {
  readonly name: string;
  readonly shape: string;
  readonly wires: readonly { readonly name: string; readonly direction: 'input' | 'output'; readonly bits: NetBit[] }[];
  readonly cells: Readonly<Record<string, NetlistCell>>;
}

/**
 * The ports of a memory as those of the step, but its clocks, and what only matters where reading has one. Where nothing is written, data and address mean nothing, and are 0.
 * @param fresh gives numbers for new nets
 */
function takenOut(cell: NetlistCell, index: number, fresh: () => number): TakenOut {
  const { RD_ADDR: readAddress = [], RD_DATA: readData = [], WR_ADDR: address = [], WR_DATA: data = [], WR_EN: enable = [] } = cell.connections;
  const ports = cell.connections.WR_CLK?.length ?? 0;
  const [addressBits, dataBits] = [address.length / Math.max(1, ports), data.length / Math.max(1, ports)];
  const cells: Record<string, NetlistCell> = {};
  const made = (what: string, type: string, a: readonly NetBit[], b: readonly NetBit[], width: number): NetBit[] => {
    const result = Array.from({ length: width }, fresh);
    const two = b.length === 0 ? {} : { B_SIGNED: 0, B_WIDTH: b.length };
    cells[`m_${index}_${what}`] = {
      type, parameters: { A_SIGNED: 0, A_WIDTH: a.length, Y_WIDTH: width, ...two }, port_directions: { A: 'input', ...(b.length === 0 ? {} : { B: 'input' }), Y: 'output' },
      connections: { A: [...a], ...(b.length === 0 ? {} : { B: [...b] }), Y: result },
    };
    return result;
  };
  const written = Array.from({ length: ports }, (_, port) => {
    const [any = '0'] = made(`any_${port}`, '$reduce_or', enable.slice(port * dataBits, (port + 1) * dataBits), [], 1);
    return made(`address_${port}`, '$and', address.slice(port * addressBits, (port + 1) * addressBits), Array<NetBit>(addressBits).fill(any), addressBits);
  }).flat();
  const wires = ([
    ['RD_DATA', 'input', readData], ['RD_ADDR', 'output', readAddress], ['WR_EN', 'output', enable], ['WR_ADDR', 'output', written],
    ['WR_DATA', 'output', data.length === 0 ? [] : made('data', '$and', data, enable, data.length)],
  ] as const).filter(([, , bits]) => bits.length > 0).map(([port, direction, bits]) => ({ name: `m_${index}_${port}`, direction, bits: [...bits] }));
  return { name: memoryName(cell), shape: JSON.stringify(Object.entries(cell.parameters).filter(([key]) => key !== 'MEMID').sort(([a], [b]) => (a < b ? -1 : 1))), wires, cells };
}

/** The clocks of what is written, as of flip-flops; what is read without a clock has none. */
function writeClocks({ connections, parameters }: NetlistCell): readonly Pick<FlipFlop, 'clock'>[] {
  const edges = String(parameters.WR_CLK_POLARITY);
  return (connections.WR_CLK ?? []).map((bit, index) => ({ clock: `${edges.at(-1 - index) === '0' ? 'negedge' : 'posedge'} ${bit}` }));
}

function kindOf(type: string): string {
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
function clockPort({ name }: ElaboratedDesign, module: NetlistModule, flipFlops: readonly Pick<FlipFlop, 'clock'>[]): string | undefined {
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
