import { join, resolve } from 'node:path';
import type { Generated } from '../../generators/index.js';
import { certificateText, createCertificate, withCertificateLine } from '../../testbench/certificate.js';
import { coverageTable } from '../../testbench/coverage-report.js';
import { ReportedError } from '../../system/error.js';
import type { Unit } from '../../testbench/unit.js';
import { synthesize } from '../../synth/synthesize.js';
import { targetNames, type TargetName } from '../../synth/targets.js';
import { findUnit } from '../../testbench/units/index.js';
import { verify as verifyDesign, type Verdict, type VerifyOptions, type VerifyProgress } from '../../testbench/verify.js';
import type { Command, CommandIo } from '../command.js';
import { designOf, verilogFlag } from '../design.js';
import { failureFolder } from '../failure-folder.js';
import { CliError, wrongCall } from '../error.js';
import { decimalInteger, quoted, type Flags } from '../flags.js';
import { jsonText } from '../json-text.js';
import { alternatives } from '../nearest.js';
import { netlistDesign, targetOf } from '../netlist.js';
import { StatusLine } from '../status-line.js';
import { unitOf } from '../unit.js';
import { errorReport, verdictReport } from '../verdict-junit.js';
import { shellWord, verdictText } from '../verdict-text.js';
import { withFolders, writeFiles, type FilePlace } from '../write-files.js';

/** `narrowgate verify UNIT`: the emitted Verilog in Verilator against the golden model, on waveforms and in bulk. */
export const verify: Command = {
  name: 'verify',
  summary: 'Runs the emitted Verilog in Verilator and compares it with the golden model: on waveforms with stalls, and in bulk.',
  takesUnit: true,
  flags: [
    { name: 'vectors', kind: 'value', doc: 'input beats of the bulk run, 0 for none, or exhaustive', default: 'all operands up to 2^20, else 2^20' },
    { name: 'exhaustive', kind: 'switch', doc: 'all operands there are: the same as --vectors exhaustive' },
    { name: 'shard', kind: 'value', doc: 'I/N: the Ith of N parts of an exhaustive run, so that machines can share it; merge puts their certificates together' },
    { name: 'seed', kind: 'value', doc: 'decides operands, bubbles, backpressure and what registers hold before reset', default: '1' },
    { name: 'trace', kind: 'switch', doc: 'check waveforms too: transactions, latency, rules of the handshake', default: 'true' },
    { name: 'wave-beats', kind: 'value', doc: 'input beats whose waveforms are checked', default: '2000, fewer for wide units' },
    { name: 'bubbles', kind: 'value', doc: 'probability, a clock, that no beat is offered', default: '0.25' },
    { name: 'backpressure', kind: 'value', doc: 'probability, a clock, that no result is taken', default: '0.25' },
    verilogFlag,
    { name: 'netlist', kind: 'value', doc: `run the netlist that synthesis makes of the Verilog for ${alternatives(targetNames)}, with models of its cells, in place of the Verilog` },
    { name: 'out', kind: 'value', doc: `folder for the certificate, and for waveform and picture of a failure (those go to ${failureFolder} if it is not given)` },
    { name: 'stamp', kind: 'switch', doc: 'of a design that passes, write the Verilog to the folder of --out too, with a line in its head that says what was checked' },
    { name: 'junit', kind: 'value', doc: 'file for a JUnit report' },
    { name: 'coverage', kind: 'switch', doc: 'print how often each case was seen' },
  ],
  examples: ['narrowgate verify mac-tree', 'narrowgate verify mac-tree --lanes 4 --rounding nearest-even --vectors 5000000 --junit report.xml', 'narrowgate verify mac-tree --verilog signed-off/mac_tree.v', 'narrowgate verify mac-tree --lanes 4 --netlist ice40'],
  async run({ flags, unit: unitCall }, io) {
    const call = unitOf(unitCall);
    const unit = findUnit(call.name);
    const options = optionsOf(flags);
    const junit = flags.text('junit');
    const folder = flags.text('out');
    if (flags.switch('stamp') && folder === undefined) throw wrongCall('--stamp writes Verilog with the line of its certificate; give --out DIR for both.');
    const target = flags.has('netlist') ? targetOf(flags, 'netlist') : undefined;
    if (target !== undefined && flags.switch('stamp')) throw wrongCall('--stamp is for the Verilog that is verified, and --netlist verifies what synthesis makes of it; give one of them.');
    const rtl = await designOf(call, flags);
    const design = target === undefined ? rtl : await netlistOf(rtl, target, io);
    const { top, files: [file = `${top}.v`] } = design.manifest;
    const certificate = folder === undefined ? undefined : { path: certificatePath(folder, target === undefined ? top : `${top}.${target}`, options.shard), flag: '--out' };
    const report = junit === undefined ? undefined : { path: junit, flag: '--junit' };
    const stamped = folder !== undefined && flags.switch('stamp') ? { path: join(folder, file), flag: '--out' } : undefined;
    if (stamped !== undefined && flags.all('verilog').some(path => resolve(path) === resolve(stamped.path))) {
      throw wrongCall(`The file ${quoted(stamped.path)} of --out is read by --verilog too; give another folder.`);
    }
    const verdict = await withFolders([certificate, report].filter(place => place !== undefined), () => verified(unit, design, options, flags, { certificate, report, stamped }, io));
    if (flags.switch('json')) io.stdout.write(jsonText(verdict));
    else {
      if (flags.switch('coverage')) io.stdout.write(coverageTable(verdict.coverage));
      io.stdout.write(verdictText(verdict));
      if (certificate !== undefined) io.stdout.write(`Certificate: ${certificate.path}\n`);
      if (stamped !== undefined && verdict.verdict === 'pass') io.stdout.write(`Verilog with its line: ${stamped.path}\n`);
    }
    return verdict.verdict === 'pass' ? 0 : 1;
  },
};

/** The files that a verification leaves. */
interface Places {
  readonly certificate: FilePlace | undefined;
  readonly report: FilePlace | undefined;
  /** Where the Verilog of a design that passed goes, with the line of its certificate. */
  readonly stamped: FilePlace | undefined;
}

/** The verdict, its files written. */
async function verified(unit: Unit, design: Generated, options: VerifyOptions, flags: Flags, { certificate, report, stamped }: Places, io: CommandIo): Promise<Verdict> {
  const { manifest, verilog } = design;
  const file = flags.text('verilog');
  const netlist = flags.text('netlist');
  const status = new StatusLine(io);
  const write = async (place: FilePlace | undefined, content: () => string): Promise<void> => {
    if (place !== undefined) await writeFiles([{ ...place, content: content() }], io.signal);
  };
  try {
    const found = await verifyDesign(unit, design, {
      ...options, lint: file === undefined && netlist === undefined, failureDirectory: flags.text('out') ?? failureFolder, signal: io.signal, progress: progress => status.show(...progressText(progress)),
    });
    status.clear();
    const given = [...(file === undefined ? [] : [`--verilog ${shellWord(file)}`]), ...(netlist === undefined ? [] : [`--netlist ${netlist}`])];
    const verdict = { ...found, command: [found.command, ...given].join(' ') };
    const files = { [manifest.files[0] ?? `${manifest.top}.v`]: verilog };
    const content = createCertificate(manifest, files, verdict.checks, verdict.tools, verdict.coverage);
    await write(certificate, () => certificateText(content));
    if (verdict.verdict === 'pass') await write(stamped, () => withCertificateLine(verilog, content));
    await write(report, () => verdictReport(verdict));
    return verdict;
  } catch (error) {
    status.clear();
    if (error instanceof ReportedError && !io.signal.aborted) await write(report, () => errorReport(manifest, error));
    throw error;
  }
}

/** The netlist that synthesis makes of a design, as a design; hard multipliers are used where its parameters allow them. */
async function netlistOf(rtl: Generated, target: TargetName, io: CommandIo): Promise<Generated> {
  const { verilog, manifest: { top, parameters, files: [file = `${top}.v`] } } = rtl;
  const status = new StatusLine(io);
  try {
    status.show('Synthesizing');
    const synthesis = await synthesize({ verilog, file, top }, { target, dsp: parameters.dsp === true, signal: io.signal });
    return await netlistDesign(synthesis, rtl, io.signal);
  } finally {
    status.clear();
  }
}

function certificatePath(folder: string, top: string, shard: VerifyOptions['shard']): string {
  return join(folder, `${top}${shard === undefined ? '' : `.shard-${shard.index}-of-${shard.of}`}.certificate.json`);
}

function progressText({ stage, done, total }: VerifyProgress): [step: string, detail?: string] {
  switch (stage) {
    case 'build': return ['Building the simulators'];
    case 'waves': return ['Checking waveforms'];
    case 'bulk': return ['Comparing in bulk', total === 0 ? '' : `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} beats`];
  }
}

function shardOf(flags: Flags, exhaustive: boolean): Pick<VerifyOptions, 'shard'> {
  const text = flags.text('shard');
  if (text === undefined) return {};
  const [, index, of] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) throw wrongCall(`--shard is ${quoted(text)}; it takes I/N with I from 1 to N, such as 2/4.`);
  if (!exhaustive) throw wrongCall('--shard is a part of an exhaustive run; give --exhaustive too.');
  return { shard: { index, of } };
}

function optionsOf(flags: Flags): VerifyOptions {
  const text = flags.text('vectors');
  const exhaustive = flags.switch('exhaustive') || text === 'exhaustive';
  if (flags.switch('exhaustive') && text !== undefined && text !== 'exhaustive') throw wrongCall('--exhaustive and --vectors contradict each other; give one of them.');
  if (!flags.switch('trace', true) && flags.has('wave-beats')) throw wrongCall('--no-trace and --wave-beats contradict each other; give one of them.');
  const vectors = text === undefined || exhaustive ? undefined : decimalInteger(text);
  if (text !== undefined && !exhaustive && (vectors === undefined || vectors < 0)) {
    throw wrongCall(`--vectors is ${quoted(text)}; it takes a number of beats, 0 or more, or exhaustive.`);
  }
  const waveBeats = flags.switch('trace', true) ? undefined : 0;
  const options: VerifyOptions = {
    ...(flags.has('seed') ? { seed: flags.integer('seed', 1, 0, Number.MAX_SAFE_INTEGER) } : {}),
    ...(exhaustive ? { vectors: 'exhaustive' } : vectors === undefined ? {} : { vectors }),
    ...shardOf(flags, exhaustive),
    ...(flags.has('wave-beats') ? { waveBeats: flags.integer('wave-beats', 0, 0, 10_000_000) } : waveBeats === undefined ? {} : { waveBeats }),
    ...(flags.has('bubbles') ? { bubbles: flags.probability('bubbles', 0) } : {}),
    ...(flags.has('backpressure') ? { backpressure: flags.probability('backpressure', 0) } : {}),
  };
  if (options.vectors === 0 && options.waveBeats === 0) throw new CliError(2, 'Without bulk vectors and without waveforms nothing would be compared; give --vectors or --wave-beats a number above 0.');
  return options;
}
