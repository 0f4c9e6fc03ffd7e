import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, contentHash, defaultCacheDirectory } from '../system/cache.js';
import { usesUndefined } from './equivalence/netlist.js';
import { ownModels, readModels } from './models.js';
import { explained, type Synthesis } from './synthesize.js';
import { isInverter, kindOf } from './targets.js';
import { compareNetworks, type NetworkFile } from './yosys/abc.js';
import { runYosys, textOf, YosysFailure, type YosysOptions } from './yosys/run.js';

/** How far a netlist is known to be the design. */
export type Check =
  /** For all inputs, from flip-flops at 0 on. */
  | { readonly verdict: 'proven'; readonly by: string; readonly seconds: number }
  /** On so many beats, against the golden model. */
  | { readonly verdict: 'simulated'; readonly beats: number; readonly seconds: number }
  | { readonly verdict: 'unchecked'; readonly why: string }
  | { readonly verdict: 'WRONG'; readonly why: string };

/** Raised when what is kept changes in a way that the hash does not see. */
const layout = '6';

/**
 * Proves with ABC that the netlist of a synthesis is the design it was made of, for all inputs and, where there are flip-flops, from all of them at 0. What cannot be proven is
 * `unchecked`, with the reason: a difference in Verilog that leaves bits undefined (the proof takes them as 0, and synthesis need not), hard multipliers, memories, several clocks, or a proof that ABC does not finish.
 * @throws SynthesisError as `synthesize` does
 */
export async function prove(synthesis: Synthesis, options: Pick<YosysOptions, 'cacheDir' | 'signal'> = {}): Promise<Check> {
  const why = unprovable(synthesis);
  if (why !== undefined) return { verdict: 'unchecked', why };
  const { source, netlist, target, yosys } = synthesis;
  const begin = performance.now();
  const key = contentHash([layout, yosys.version, source.verilog, source.top, netlist, ownModels(target)]);
  const { directory } = await cached(options.cacheDir ?? defaultCacheDirectory(), 'proof', key, async folder => {
    const answer = await compare(synthesis, { yosys, ...options }).catch((error: unknown) => {
      if (error instanceof YosysFailure && /^(ABC|it did|Called)|AIGER|abc/i.test(error.problem)) return `unfinished: ${error.problem}`;
      throw explained(error, source);
    });
    writeFileSync(join(folder, 'answer'), answer);
  });
  const answer = readFileSync(join(directory, 'answer'), 'utf8');
  const seconds = (performance.now() - begin) / 1000;
  if (answer === 'equal') return { verdict: 'proven', by: `ABC of ${yosys.version}`, seconds };
  if (answer === 'equal, undefined as 0') return { verdict: 'proven', by: `ABC of ${yosys.version}, with 0 for the bits that it leaves undefined,`, seconds };
  if (answer === 'different, undefined as 0') return { verdict: 'unchecked', why: 'the Verilog leaves bits undefined (x), and the netlist is not what it is with 0 for all of them' };
  if (answer === 'different') return { verdict: 'WRONG', why: `the ${target.title} netlist of ${source.top} does not do what its Verilog does (ABC of ${yosys.version})` };
  return { verdict: 'unchecked', why: answer };
}

function unprovable({ target, cells, kinds, clocks }: Synthesis): string | undefined {
  if (kinds.dsp > 0) return 'it has hard multipliers, which are beyond the proof';
  if (kinds.bram + kinds.lutRam > 0) return 'it has memories, which are beyond the proof';
  const stray = Object.keys(cells).find(type => kindOf(target, type) === 'other' && !isInverter(type));
  if (stray !== undefined) return `it has cells of the type ${stray}, which are beyond the proof`;
  return clocks > 1 ? 'it has several clocks' : undefined;
}

/** What turns a module into an AIGER file: registers at 0 in the beginning, undefined bits 0. Its gates before that are left as JSON. */
function aiger(top: string, name: string): readonly string[] {
  return [
    `hierarchy -check -top ${top}`, 'proc', 'flatten', 'memory', 'opt_expr', 'opt_clean', 'alumacc', 'techmap', 'opt_expr', 'opt_clean', 'dffunmap', 'simplemap', 'opt_clean', `write_json ${name}.json`, 'setundef -zero -init', 'aigmap',
    `write_aiger -zinit -symbols ${name}.aig`, 'design -reset',
  ];
}

async function compare(synthesis: Synthesis, options: YosysOptions): Promise<`${'equal' | 'different'}${'' | ', undefined as 0'}` | `unfinished: ${string}`> {
  const { source: { file, verilog, top }, target, netlist, kinds } = synthesis;
  const script = [
    `read_verilog ${file.endsWith('.sv') ? '-sv ' : ''}${file}`, ...readModels(target), ...aiger(top, 'design'), 'read_verilog netlist.v', ...readModels(target), ...aiger(top, 'netlist'),
  ];
  const made = await runYosys(() => script, { [file]: verilog, 'netlist.v': netlist, 'cells.v': ownModels(target) }, ['design.aig', 'design.json', 'netlist.aig'], options);
  const network = (name: `${string}.aig`): NetworkFile => ({ name, content: made.files.get(name) ?? Buffer.alloc(0) });
  const { answer, output } = await compareNetworks(network('design.aig'), network('netlist.aig'), kinds.ff > 0, options);
  if (answer !== 'unknown') return usesUndefined(textOf(made, 'design.json')) ? `${answer}, undefined as 0` : answer;
  const last = output.split('\n').filter(line => line.includes('ABC:')).map(line => line.replace(/^.*ABC:\s*/, '').trim()).findLast(line => line !== '' && !line.startsWith('+'));
  return `unfinished: ABC did not decide it${last === undefined ? '' : ` (${last})`}`;
}
