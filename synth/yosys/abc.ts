import { runYosys, type YosysOptions } from './run.js';

/**
 * Runs a command of ABC, the one inside Yosys, on files of its own, such as AIGER files.
 * @param command its words; they name files by `path(name)`
 * @returns all that was printed
 * @throws YosysFailure where Yosys or ABC fails
 */
export async function runAbc(
  command: (path: (name: string) => string) => readonly string[], files: Readonly<Record<string, Uint8Array>>, options: YosysOptions = {},
): Promise<string> {
  // ABC is only called on a module with a gate; the gate is not looked at.
  const gate = 'module gate(input a, input b, output y);\n  assign y = a & b;\nendmodule\n';
  const script = (path: (name: string) => string): readonly string[] => ['read_verilog gate.v', 'simplemap', `abc -script +${command(path).join(',')}`];
  const { output } = await runYosys(script, { ...files, 'gate.v': gate }, [], options);
  return output;
}
