import { bits, type Counterexample, type Equivalence, type VerilogDesign } from '../../synth/equivalence/equivalence.js';
import { proveEqual, type SequentialOptions } from '../../synth/equivalence/sequential.js';
import { baselineDesigns, type BaselineDesign } from '../baseline.js';
import type { Command, CommandIo } from '../command.js';
import { failureFolder } from '../failure-folder.js';
import { designFileDoc, designOfFile, latencyHint } from '../compared-design.js';
import { replayed, type Replayed } from '../counterexample.js';
import { wrongCall, type ExitCode } from '../error.js';
import { quoted, type Flags } from '../flags.js';
import { jsonText } from '../json-text.js';
import { StatusLine } from '../status-line.js';

/** What came out of comparing two designs, and their names. */
type Compared = Equivalence & { readonly first: string; readonly second: string; readonly replay?: Replayed; readonly hint?: string };

/** `narrowgate equiv FIRST SECOND` and `narrowgate equiv --baseline DIR`: proofs that designs are equal, or inputs that tell them apart. */
export const equiv: Command = {
  name: 'equiv',
  summary: `Proves two designs equal, or finds inputs for which they differ. Each is ${designFileDoc}. With --baseline, every design of a folder is regenerated and compared with what is there.`,
  takesUnit: false,
  takesFiles: 'FIRST SECOND',
  flags: [
    { name: 'baseline', kind: 'value', doc: 'folder of signed-off Verilog with its manifests, as generate writes them; takes the place of FIRST and SECOND' },
    { name: 'top', kind: 'value', doc: 'top module of a Verilog file that has several', default: 'the only one that no other has in it' },
    { name: 'second-top', kind: 'value', doc: 'top module of SECOND', default: 'that of --top' },
    { name: 'offset', kind: 'value', doc: 'clocks that SECOND is later than FIRST', default: '0' },
    { name: 'reset', kind: 'value', doc: 'port of the synchronous reset, active high', default: 'rst' },
    { name: 'out', kind: 'value', doc: 'folder for text, picture and waveforms of a difference', default: failureFolder },
    { name: 'time-limit', kind: 'value', doc: 'seconds for each proof; what is not proven then is unknown', default: '60' },
  ],
  examples: ['narrowgate equiv signed-off/mac_tree.v edited.v', 'narrowgate equiv two-stages.json five-stages.json --offset 3', 'narrowgate equiv --baseline signed-off'],
  async run({ flags, files = [] }, io) {
    const reset = flags.text('reset');
    const options: SequentialOptions = {
      timeLimit: flags.integer('time-limit', 60, 1, 1_000_000), offset: flags.integer('offset', 0, 0, 1000), signal: io.signal, ...(reset === undefined ? {} : { reset }),
    };
    const folder = flags.text('baseline');
    const results = folder === undefined ? [await compareFiles(files, flags, options, io)] : await compareBaseline(folder, files, options, flags, io);
    if (flags.switch('json')) io.stdout.write(jsonText(folder === undefined ? plain(results[0]) : results.map(plain)));
    return exitCode(results);
  },
};

/** 1 where a difference was found, 3 where something could not be decided. */
function exitCode(results: readonly Compared[]): ExitCode {
  if (results.some(({ verdict }) => verdict === 'different')) return 1;
  return results.some(({ verdict }) => verdict === 'unknown') ? 3 : 0;
}

async function compareFiles(files: readonly string[], flags: Flags, options: SequentialOptions, io: CommandIo): Promise<Compared> {
  const [first, second, extra] = files;
  if (first === undefined || second === undefined) throw wrongCall('equiv needs two designs, or --baseline DIR.');
  if (extra !== undefined) throw wrongCall(`equiv compares two designs, and does not know what to do with ${quoted(extra)}.`);
  const top = flags.text('top');
  const designs = [await designOfFile(first, top), await designOfFile(second, flags.text('second-top') ?? top)] as const;
  const status = new StatusLine(io);
  status.show('Proving');
  const found = await compare(designs, options, flags, status, io);
  const hint = found.verdict === 'equal' ? undefined : latencyHint(...designs, options.offset ?? 0);
  const compared: Compared = { ...found, first, second, ...(hint === undefined ? {} : { hint }) };
  if (!flags.switch('json')) io.stdout.write(`${headline(compared)}\n${counterexampleText(compared)}`);
  return compared;
}

async function compareBaseline(folder: string, files: readonly string[], options: SequentialOptions, flags: Flags, io: CommandIo): Promise<readonly Compared[]> {
  const [extra] = files;
  if (extra !== undefined) throw wrongCall(`--baseline takes the place of the designs, and equiv does not know what to do with ${quoted(extra)}.`);
  const status = new StatusLine(io);
  const results: Compared[] = [];
  const designs = await baselineDesigns(folder);
  for (const design of designs) {
    status.show('Proving', `${results.length + 1} of ${designs.length}: ${design.signedOff.top}`);
    const compared = { ...await compareWithBaseline(design, options, flags, status, io), first: design.signedOff.name, second: 'the generated one' };
    results.push(compared);
    if (!flags.switch('json')) io.stdout.write(`${headline(compared)}\n${counterexampleText(compared)}`);
  }
  const count = (verdict: Compared['verdict']): number => results.filter(result => result.verdict === verdict).length;
  if (!flags.switch('json')) io.stdout.write(`${count('equal')} equal, ${count('different')} different, ${count('unknown')} unknown.\n`);
  return results;
}

async function compareWithBaseline({ signedOff, regenerated }: BaselineDesign, options: SequentialOptions, flags: Flags, status: StatusLine, io: CommandIo): Promise<Equivalence & Pick<Compared, 'replay'>> {
  if (typeof regenerated === 'string') return { verdict: 'different', reason: regenerated, engine: 'generation', seconds: 0 };
  return compare([signedOff, regenerated], options, flags, status, io);
}

/** A difference counts when both designs, run in Verilator, show it too. */
async function compare(designs: readonly [VerilogDesign, VerilogDesign], options: SequentialOptions, flags: Flags, status: StatusLine, io: CommandIo): Promise<Equivalence & Pick<Compared, 'replay'>> {
  try {
    const found = await proveEqual(designs[0], designs[1], options);
    if (found.verdict !== 'different' || found.counterexample === undefined) return found;
    status.show('Running the counterexample');
    const replay = await replayed(designs, found.counterexample, found.reason, flags.text('out') ?? failureFolder, io.signal);
    if (replay.confirmed !== false) return { ...found, replay };
    const { engine, seconds } = found;
    return { verdict: 'unknown', engine, seconds, reason: `${engine} found inputs that tell the designs apart, and in Verilator they do not: one of them leaves bits undefined, or a tool is wrong.` };
  } finally {
    status.clear();
  }
}

function headline({ verdict, first, second, engine, seconds, hint, ...rest }: Compared): string {
  const time = `${seconds.toFixed(2)} s`;
  const why = `${'reason' in rest ? rest.reason : ''}${hint === undefined ? '' : `\n  ${hint}`}`;
  switch (verdict) {
    case 'equal': return `EQUAL      ${first} and ${second} (${engine}, ${time})`;
    case 'different': return `DIFFERENT  ${first} and ${second} (${engine}, ${time})\n  ${why}`;
    case 'unknown': return `UNKNOWN    ${first} and ${second} (${time})\n  ${why}`;
  }
}

/** Of designs with registers the inputs clock by clock, and the outputs that differ; of all what Verilator shows. */
function counterexampleText(compared: Compared): string {
  if (compared.verdict !== 'different' || compared.counterexample === undefined) return '';
  return `${clocksText(compared.counterexample)}${replayText(compared.replay)}`;
}

function replayText(replay: Replayed | undefined): string {
  if (replay === undefined || replay.confirmed === false) return '';
  if (replay.confirmed === 'unknown') return `  Not run in Verilator: ${replay.why}\n`;
  const files = replay.files.length === 0 ? '' : `\nFiles: ${replay.files.join(', ')}\n`;
  return `  Confirmed in Verilator:\n\n${replay.picture.trimEnd()}\n${files}`;
}

function clocksText({ inputs, outputs }: Counterexample): string {
  if (outputs[0]?.clock === undefined) return '';
  const clocks = [...new Set(inputs.map(({ clock }) => clock))];
  const lines = clocks.map(clock => {
    const given = inputs.filter(each => each.clock === clock).map(({ port, width, value }) => `${port} = ${bits(width, value)}`);
    const seen = outputs.filter(each => each.clock === clock).map(({ port, width, seen: value, expected }) => `${port} is ${bits(width, value)}, expected ${bits(width, expected)}`);
    return `  clock ${String(clock).padStart(2)}: ${[...given, ...seen].join(', ')}\n`;
  });
  return lines.join('');
}

/** As JSON: values are Verilog's hexadecimal. */
function plain(compared: Compared | undefined): object {
  if (compared?.verdict !== 'different' || compared.counterexample === undefined) return compared ?? {};
  return { ...compared, counterexample: plainCounterexample(compared.counterexample) };
}

function plainCounterexample({ inputs, outputs, offset }: Counterexample): object {
  return {
    offset,
    inputs: inputs.map(({ width, value, ...rest }) => ({ ...rest, value: bits(width, value) })),
    outputs: outputs.map(({ width, expected, seen, ...rest }) => ({ ...rest, expected: bits(width, expected), seen: bits(width, seen) })),
  };
}
