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
