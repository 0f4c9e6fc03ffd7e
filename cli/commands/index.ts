import type { Command } from '../command.js';

/** A command before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** All commands, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  { name: 'list', summary: 'the units that can be generated', load: async () => (await import('./list.js')).list },
  { name: 'generate', summary: 'write the Verilog and the manifest of a unit', load: async () => (await import('./generate.js')).generate },
  { name: 'verify', summary: 'run a unit in Verilator and compare it with its golden model', load: async () => (await import('./verify.js')).verify },
  { name: 'merge', summary: 'put the certificates of an exhaustive run together that machines shared', load: async () => (await import('./merge.js')).merge },
  { name: 'simulate', summary: 'run tensors of your own through a unit', load: async () => (await import('./simulate.js')).simulate },
  { name: 'synth', summary: 'what a unit costs on an FPGA, its netlist proven to be the unit', load: async () => (await import('./synth.js')).synth },
  { name: 'equiv', summary: 'prove two designs equal, or generated Verilog equal to what was signed off', load: async () => (await import('./equiv.js')).equiv },
  { name: 'doctor', summary: 'which tools are there, and how to get what is missing', load: async () => (await import('./doctor.js')).doctor },
];
