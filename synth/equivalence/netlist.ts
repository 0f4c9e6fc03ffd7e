import { z } from 'zod';

const bit = z.union([z.number(), z.string()]);
const moduleSchema = z.object({
  ports: z.record(z.string(), z.object({ direction: z.enum(['input', 'output', 'inout']), bits: z.array(bit) })),
  cells: z.record(z.string(), z.object({
    type: z.string(), parameters: z.record(z.string(), z.unknown()), port_directions: z.record(z.string(), z.string()), connections: z.record(z.string(), z.array(bit)),
  })),
  netnames: z.record(z.string(), z.object({ hide_name: z.number(), bits: z.array(bit) })),
});

/** A bit of a net: its number, or the constant that it is. */
export type NetBit = z.infer<typeof bit>;

/** A module as Yosys writes it in JSON, without the attributes. */
export type NetlistModule = z.infer<typeof moduleSchema>;

export type NetlistCell = NetlistModule['cells'][string];

/** The module of this name in a JSON netlist of Yosys. */
export function parseNetlist(json: string, name: string): NetlistModule {
  return z.object({ modules: z.record(z.string(), moduleSchema) }).parse(JSON.parse(json)).modules[name] ?? { ports: {}, cells: {}, netnames: {} };
}

/** A JSON netlist with one module. */
export function netlistText(name: string, module: NetlistModule): string {
  return JSON.stringify({ modules: { [name]: module } });
}

/** Does what Yosys wrote in JSON use bits that the Verilog leaves undefined (x)? */
export function usesUndefined(json: string): boolean {
  return /[[,]\s*"x"\s*[\],]/.test(json);
}

/** A module with only those of its outputs that are named, and what they depend on, inputs included. */
export function partOf({ ports, cells, netnames }: NetlistModule, outputs: ReadonlySet<string>): NetlistModule {
  const drivers = new Map<NetBit, readonly [name: string, cell: NetlistCell]>();
  for (const entry of Object.entries(cells)) for (const [port, bits] of Object.entries(entry[1].connections)) if (entry[1].port_directions[port] === 'output') for (const bit of bits) drivers.set(bit, entry);
  const kept = new Map<string, NetlistCell>();
  const known = new Set<NetBit>();
  const open = Object.entries(ports).filter(([name, { direction }]) => direction !== 'input' && outputs.has(name)).flatMap(([, { bits }]) => bits);
  for (let bit = open.pop(); bit !== undefined; bit = open.pop()) {
    if (known.has(bit)) continue;
    known.add(bit);
    const [name, cell] = drivers.get(bit) ?? [];
    if (name === undefined || cell === undefined || kept.has(name)) continue;
    kept.set(name, cell);
    for (const bits of Object.values(cell.connections)) open.push(...bits);
  }
  const isKnown = (bits: readonly NetBit[]): boolean => bits.every(bit => typeof bit !== 'number' || known.has(bit));
  return {
    ports: Object.fromEntries(Object.entries(ports).filter(([name, { direction, bits }]) => (direction === 'input' ? bits.some(bit => known.has(bit)) : outputs.has(name)))),
    cells: Object.fromEntries(kept), netnames: Object.fromEntries(Object.entries(netnames).filter(([, { bits }]) => isKnown(bits))),
  };
}
