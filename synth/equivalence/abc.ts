import { withinTime } from '../../system/time-limit.js';
import { compareNetworks, type AbcAnswer, type NetworkFile } from '../yosys/abc.js';
import { runYosys, YosysFailure, type YosysOptions } from '../yosys/run.js';
import type { ElaboratedDesign } from './elaborate.js';
import { usesUndefined } from './netlist.js';

/**
 * Compares two designs with registers as gates, by ABC. Registers are 0 at first, and there is no reset but that of the inputs: 'equal' holds for all
 * inputs from there on, 'different' may be so only before a reset. Designs with undefined bits (x) are 'unknown'.
 * @param timeLimit seconds after which it is 'unknown'
 */
export async function compareByAbc(gold: ElaboratedDesign, gate: ElaboratedDesign, timeLimit: number, options: YosysOptions): Promise<AbcAnswer> {
  // As gates they would be 0 on both sides, whatever they mean.
  if (usesUndefined(gold.json) || usesUndefined(gate.json)) return 'unknown';
  return limited(timeLimit, options, async within => (await compareNetworks({ name: 'gold.aig', content: await gates(gold, within) }, { name: 'gate.aig', content: await gates(gate, within) }, true, within)).answer);
}

/** Compares two combinational networks in BLIF with the same inputs and outputs. */
export async function compareBlif([gold, gate]: readonly [string, string], timeLimit: number, options: YosysOptions): Promise<AbcAnswer> {
  const file = (name: NetworkFile['name'], text: string): NetworkFile => ({ name, content: Buffer.from(text) });
  return limited(timeLimit, options, async within => (await compareNetworks(file('gold.blif', gold), file('gate.blif', gate), false, within)).answer);
}

/** What comes out within a time limit, and else 'unknown', as also where Yosys fails. */
async function limited(timeLimit: number, options: YosysOptions, body: (within: YosysOptions) => Promise<AbcAnswer>): Promise<AbcAnswer> {
  try {
    return await withinTime(timeLimit, options.signal, signal => body({ ...options, signal })) ?? 'unknown';
  } catch (error) {
    if (error instanceof YosysFailure) return 'unknown';
    throw error;
  }
}

/** The design as an AIGER file. */
async function gates({ rtlil }: ElaboratedDesign, options: YosysOptions): Promise<Buffer> {
  const script = ['read_rtlil design.il', 'opt_expr', 'opt_clean', 'alumacc', 'techmap', 'opt', 'dffunmap', 'simplemap', 'opt_clean', 'setundef -zero -init', 'setundef -zero -undriven', 'aigmap', 'write_aiger -zinit -symbols design.aig'];
  return (await runYosys(() => script, { 'design.il': rtlil }, ['design.aig'], options)).files.get('design.aig') ?? Buffer.alloc(0);
}
