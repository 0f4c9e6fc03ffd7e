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
];
