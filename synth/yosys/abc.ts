import { runYosys, type YosysOptions } from './run.js';

/**
 * Runs commands of ABC, the one inside Yosys, on files of its own, such as AIGER files.
 * @param commands the words of each; they name files by `path(name)`
 * @returns all that was printed
 * @throws YosysFailure where Yosys or ABC fails
 */
export async function runAbc(
  commands: (path: (name: string) => string) => readonly (readonly string[])[], files: Readonly<Record<string, Uint8Array>>, options: YosysOptions = {},
): Promise<string> {
  // ABC is only called on a module with a gate. The gate is put aside and taken back, for Yosys reads what is left in the end.
  const gate = 'module gate(input a, input b, output y);\n  assign y = a & b;\nendmodule\n';
  const script = (path: (name: string) => string): readonly string[] => ['read_verilog gate.v', 'simplemap', `abc -script +${[['backup'], ...commands(path), ['restore']].map(words => words.join(',')).join(';')}`];
  const { output } = await runYosys(script, { ...files, 'gate.v': gate }, [], options);
  return output;
}
