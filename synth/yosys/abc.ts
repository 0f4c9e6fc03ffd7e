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

/** What ABC printed of two networks that it compared. */
export type AbcAnswer = 'equal' | 'different' | 'unknown';

/** A network in a file of a kind that ABC tells by its ending. */
export interface NetworkFile {
  readonly name: `${string}.aig` | `${string}.blif`;
  readonly content: Uint8Array;
}

/**
 * Compares two networks with ABC: of networks with registers, which are 0 at first, what is always equal is merged, registers included, and the rest proven. That leaves nothing of two
 * networks with the same registers, where `dsec`, which retimes first, takes up to a hundred times as long.
 * @returns the answer, and all that was printed
 * @throws YosysFailure where Yosys or ABC fails
 */
export async function compareNetworks(first: NetworkFile, second: NetworkFile, hasRegisters: boolean, options: YosysOptions = {}): Promise<{ readonly answer: AbcAnswer; readonly output: string }> {
  const [a, b] = [first.name, second.name];
  const output = await runAbc(path => (hasRegisters ? [['miter', path(a), path(b)], ['strash'], ['scorr'], ['dprove']] : [['cec', path(a), path(b)]]), { [a]: first.content, [b]: second.content }, options);
  if (/Networks are equivalent|\bUNSATISFIABLE\b/.test(output)) return { answer: 'equal', output };
  return { answer: /Networks are NOT EQUIVALENT|\bSATISFIABLE\b|is asserted|was asserted/i.test(output) ? 'different' : 'unknown', output };
}
