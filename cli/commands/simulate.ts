import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Manifest, ManifestPort } from '../../generators/index.js';
import { allBeats, type Beats, type Streams } from '../../testbench/beats.js';
import { compareStreams, mismatchText, type Comparison } from '../../testbench/compare.js';
import { grouped, many } from '../../testbench/many.js';
import { pictureOf } from '../../testbench/picture/picture.js';
import { renderText } from '../../testbench/picture/text.js';
import { waitOf, type Unit } from '../../testbench/unit.js';
import { findUnit } from '../../testbench/units/index.js';
import { buildSimulator, type RunResult } from '../../testbench/verilator/simulator.js';
import { readTransactions } from '../../testbench/waves.js';
import type { Command, CommandIo } from '../command.js';
import { designOf, verilogFlag } from '../design.js';
import { wrongCall } from '../error.js';
import { explainWrite } from '../file-error.js';
import { quoted, type Flags } from '../flags.js';
import { jsonText } from '../json-text.js';
import { alternatives, suggestion } from '../nearest.js';
import { StatusLine } from '../status-line.js';
import { portFile, portShape, readPort, tensorFormat } from '../tensor-file.js';
import { unitOf } from '../unit.js';
import { temporaryPath, withFolders, writeFiles, type FilePlace } from '../write-files.js';

/** `narrowgate simulate UNIT`: tensors of the user through the emitted Verilog in Verilator. */
export const simulate: Command = {
  name: 'simulate',
  summary: 'Runs tensors of your own through the emitted Verilog in Verilator, and compares the results with the golden model.',
  takesUnit: true,
  flags: [
    { name: 'input', kind: 'values', doc: 'PORT=FILE: a tensor for an input port, .npy or .json, shape (beats, elements); once for each port' },
    { name: 'output', kind: 'values', doc: 'PORT=FILE: where the results of an output port go, .npy or .json; of a unit with a parameter of this name, a value without = sets that' },
    { name: 'compare', kind: 'switch', doc: 'compare with the golden model', default: 'true' },
    { name: 'vcd', kind: 'value', doc: 'file for the waveform of the whole run' },
    { name: 'seed', kind: 'value', doc: 'decides bubbles, backpressure and what registers hold before reset', default: '1' },
    { name: 'bubbles', kind: 'value', doc: 'probability, a clock, that no beat is offered', default: '0' },
    { name: 'backpressure', kind: 'value', doc: 'probability, a clock, that no result is taken', default: '0' },
    verilogFlag,
  ],
  examples: ['narrowgate simulate mac-tree --input in_activation=a.npy --input in_weight=w.npy --output out_sum=sums.npy'],
  async run({ flags, unit: unitCall }, io) {
    const call = unitOf(unitCall);
    const unit = findUnit(call.name);
    const pace = {
      seed: flags.integer('seed', 1, 0, Number.MAX_SAFE_INTEGER), bubbles: flags.probability('bubbles', 0), backpressure: flags.probability('backpressure', 0), signal: io.signal,
    };
    const vcd = flags.text('vcd');
    const design = await designOf(call, flags);
    const { manifest } = design;
    const outputs = assignments(flags, 'output', payloadPorts(manifest, 'output'));
    for (const file of outputs.values()) tensorFormat(file, '--output');
    const sources = assignments(flags, 'input', payloadPorts(manifest, 'input'));
    const places = [...[...outputs.values()].map(path => ({ path, flag: '--output' })), ...(vcd === undefined ? [] : [{ path: vcd, flag: '--vcd' }])];
    refuseOverwriting(places, [...sources.values(), ...flags.all('verilog')]);
    const inputs = await readInputs(manifest, sources);
    const cut = unit.complete?.(manifest, inputs);
    if (cut !== undefined) throw wrongCall(`The tensors of --input do not make whole frames: ${cut}`);
    const status = new StatusLine(io);
    return withFolders(places, async () => {
      status.show('Building the simulator');
      const simulator = await buildSimulator(design, { trace: vcd !== undefined, lint: flags.text('verilog') === undefined, signal: io.signal });
      status.show('Simulating');
      const run = await withWaveform(vcd, file => simulator.run(inputs, { ...pace, ...waitOf(unit, manifest), ...(file === undefined ? {} : { vcd: { file, firstCycle: 0, lastCycle: Number.MAX_SAFE_INTEGER } }) }));
      status.clear();
      const expected = flags.switch('compare', true) ? unit.golden(manifest).process(inputs) : undefined;
      const comparison = expected === undefined ? undefined : compareStreams(expected, run.outputs, manifest);
      await writeFiles([...outputs].map(([name, path]) => outputFile(manifest, run.outputs, name, path)), io.signal);
      const files = places.map(({ path }) => path);
      if (flags.switch('json')) io.stdout.write(jsonText(summary(manifest, inputs, run, comparison, files)));
      else {
        io.stdout.write(text(manifest, inputs, run, comparison, files));
        if (expected !== undefined) io.stdout.write(await evidence(unit, manifest, inputs, expected, comparison, vcd, io));
      }
      return comparison?.mismatch === undefined ? 0 : 1;
    }).finally(() => status.clear());
  },
};

/** No file is written over one that is read, and none twice. */
function refuseOverwriting(places: readonly FilePlace[], read: readonly string[]): void {
  const taken = new Map(read.map(file => [resolve(file), 'is read by this call too']));
  for (const { path, flag } of places) {
    const why = taken.get(resolve(path));
    if (why !== undefined) throw wrongCall(`The file ${quoted(path)} of ${flag} ${why}; give it another name.`);
    taken.set(resolve(path), `is written by ${flag} too`);
  }
}

function payloadPorts(manifest: Manifest, direction: 'input' | 'output'): readonly ManifestPort[] {
  const names = manifest.streams.filter(stream => stream.direction === direction).flatMap(stream => stream.payload);
  return names.flatMap(name => manifest.ports.filter(port => port.name === name));
}

/** The files of `--input PORT=FILE` or `--output PORT=FILE` by port. */
function assignments(flags: Flags, flag: 'input' | 'output', ports: readonly ManifestPort[]): ReadonlyMap<string, string> {
  const names = ports.map(port => port.name);
  const files = new Map<string, string>();
  for (const text of flags.all(flag)) {
    const [, name, file] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined || file === undefined) throw wrongCall(`--${flag} is ${quoted(text)}; it takes PORT=FILE, such as ${names[0] ?? 'port'}=tensor.npy.`);
    if (!names.includes(name)) throw wrongCall(`--${flag} names the port ${quoted(name)}; the ${flag} ports are ${alternatives(names)}.${suggestion(name, names)}`);
    if (files.has(name)) throw wrongCall(`--${flag} gives ${name} twice; give it once.`);
    files.set(name, file);
  }
  return files;
}

/** The beats of every input stream, from the user's files. */
async function readInputs(manifest: Manifest, files: ReadonlyMap<string, string>): Promise<Streams> {
  const missing = payloadPorts(manifest, 'input').find(port => !files.has(port.name));
  if (missing !== undefined) {
    throw wrongCall(`simulate needs a tensor for ${missing.name}: --input ${missing.name}=FILE, of shape ${portShape(missing)}, ${missing.signed ? 'signed' : 'unsigned'}, ${missing.elementWidth} bit${missing.elementWidth === 1 ? '' : 's'}.`);
  }
  const streams: Record<string, Beats> = {};
  for (const stream of manifest.streams.filter(each => each.direction === 'input')) {
    let first: { readonly name: string; readonly beats: number } | undefined;
    const ports: Record<string, Beats['ports'][string]> = {};
    for (const port of payloadPorts({ ...manifest, streams: [stream] }, 'input')) {
      const file = files.get(port.name) ?? '';
      const { beats, data } = await readPort(file, port, '--input');
      first ??= { name: port.name, beats };
      if (beats !== first.beats) throw wrongCall(`The file ${quoted(file)} of --input has ${beats} beats for ${port.name}, and ${first.name} has ${first.beats}; they go together beat by beat.`);
      ports[port.name] = data;
    }
    streams[stream.name] = { count: first?.beats ?? 0, ports };
  }
  return streams;
}

/** Runs with a temporary waveform file beside its place, and puts it there when all went well. */
async function withWaveform(path: string | undefined, body: (file: string | undefined) => Promise<RunResult>): Promise<RunResult> {
  if (path === undefined) return body(undefined);
  const temporary = temporaryPath(path);
  try {
    await writeFile(temporary, '').catch((error: unknown) => {
      throw explainWrite(error, path, '--vcd');
    });
    const result = await body(temporary);
    await rename(temporary, path);
    return result;
  } finally {
    await rm(temporary, { force: true });
  }
}

function outputFile(manifest: Manifest, outputs: Streams, name: string, path: string): { readonly path: string; readonly content: string | Uint8Array; readonly flag: string } {
  const port = manifest.ports.find(each => each.name === name);
  const stream = manifest.streams.find(each => each.payload.includes(name));
  const beats = stream === undefined ? undefined : outputs[stream.name];
  const data = beats?.ports[name];
  if (port === undefined || beats === undefined || data === undefined) throw new TypeError(`The simulation gave nothing for ${name}.`);
  return { path, content: portFile(tensorFormat(path, '--output'), port, beats.count, data, '--output'), flag: '--output' };
}

function counts(streams: Streams): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(streams).map(([name, beats]) => [name, beats.count]));
}

function summary(manifest: Manifest, inputs: Streams, run: RunResult, comparison: Comparison | undefined, files: readonly string[]): object {
  const verdict = comparison === undefined ? 'not compared' : comparison.mismatch === undefined ? 'pass' : 'fail';
  return { verdict, unit: manifest.unit, top: manifest.top, inputBeats: counts(inputs), outputBeats: counts(run.outputs), cycles: run.cycles, seconds: run.seconds, ...comparison, files };
}

function text(manifest: Manifest, inputs: Streams, run: RunResult, comparison: Comparison | undefined, files: readonly string[]): string {
  const lines = [`${manifest.top}: ${many(allBeats(inputs), 'beat', grouped)} in, ${many(allBeats(run.outputs), 'beat', grouped)} out, ${run.cycles.toLocaleString('en-US')} clocks.`];
  if (comparison === undefined) lines.push('Not compared with the golden model.');
  else if (comparison.mismatch === undefined) lines.push(`PASS: ${comparison.beats === 1 ? 'the beat is that' : `all ${comparison.beats.toLocaleString('en-US')} beats are those`} of the golden model.`);
  else lines.push(`FAIL: ${mismatchText(comparison.mismatch)}`);
  if (files.length > 0) lines.push(`Wrote ${files.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

/** Of a mismatch: the operands, and a picture where there is a waveform. */
async function evidence(unit: Unit, manifest: Manifest, inputs: Streams, expected: Streams, comparison: Comparison | undefined, vcd: string | undefined, io: CommandIo): Promise<string> {
  const mismatch = comparison?.mismatch;
  if (mismatch === undefined) return '';
  const notes = mismatch.kind === 'extra' ? [] : unit.explain(manifest, inputs, mismatch.beat, mismatch.stream);
  if (vcd === undefined || manifest.flow === 'none') return [...notes, ...(vcd === undefined ? ['With --vcd FILE the waveform around it is drawn here.'] : [])].map(line => `${line}\n`).join('');
  const waves = await readTransactions(vcd, manifest, { signal: io.signal });
  return `\n${renderText(pictureOf(waves, manifest, mismatch, expected, { notes }), { width: io.columns ?? 100, color: io.color ?? false, title: false })}`;
}
