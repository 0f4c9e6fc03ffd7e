import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { generate, type Generated } from '../generators/index.js';
import type { UnitCall } from './command.js';
import { wrongCall } from './error.js';
import { explainRead } from './file-error.js';
import { quoted, type Flag, type Flags } from './flags.js';

/** The flag for Verilog that is already there. */
export const verilogFlag: Flag = { name: 'verilog', kind: 'value', doc: 'Verilog file to take instead of the generated one: signed-off or edited RTL of the same unit and parameters' };

/**
 * The design of a call: generated, or of `--verilog FILE` with the manifest of the unit.
 * @throws CliError where the file cannot be read or does not have the module
 */
export async function designOf(unit: UnitCall, flags: Flags): Promise<Generated> {
  const generated = generate(unit.name, unit.parameters);
  const file = flags.text('verilog');
  if (file === undefined) return generated;
  const verilog = await readFile(file, 'utf8').catch((error: unknown) => {
    throw explainRead(error, file, '--verilog');
  });
  const { top } = generated.manifest;
  if (!new RegExp(`\\bmodule\\s+${top}\\b`).test(verilog)) {
    throw wrongCall(`The file ${quoted(file)} of --verilog has no module '${top}', which ${unit.name} has with these parameters.`);
  }
  // Messages and certificates name the user's file, wherever its name is one that tools take.
  const name = basename(file);
  const files = /^[A-Za-z_][\w.-]*\.s?v$/.test(name) ? [name] : generated.manifest.files;
  return { verilog, manifest: { ...generated.manifest, files } };
}
