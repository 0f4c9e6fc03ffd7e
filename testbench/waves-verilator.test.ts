import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromIntegers, toBigints, type Beats, type Streams } from './beats.js';
import { compareStreams, mismatchText } from './compare.js';
import { checkHandshake, type HandshakeReport, type HandshakeRule } from './handshake.js';
import { createRandom } from './random.js';
import { adder, dotProduct, type AdderOptions, type HandWrittenDesign } from './testing/designs.js';
import { isReal } from './vcd/header.js';
import { readVcd } from './vcd/reader.js';
import { readPlain } from './vcd/testing/plain-reader.js';
import { buildSimulator, type RunOptions, type RunResult } from './verilator/simulator.js';
import { readTransactions, type WaveTransactions } from './waves.js';

let directory = '';
let traces = 0;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'narrowgate-waves-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Traced {
  readonly file: string;
  readonly inputs: Streams;
  readonly run: RunResult;
  readonly waves: WaveTransactions;
  readonly report: HandshakeReport;
}

function operands(design: HandWrittenDesign, count: number): Streams {
  const random = createRandom(11);
  const ports = design.manifest.streams.filter(stream => stream.direction === 'input').flatMap(stream => stream.payload).map(name => {
    const port = design.manifest.ports.find(candidate => candidate.name === name);
    if (port === undefined) throw new Error(`no port ${name}`);
    const values = Array.from({ length: count * port.elements }, () => {
      const bits = random.bits(port.elementWidth);
      return port.signed ? BigInt.asIntN(port.elementWidth, bits) : bits;
    });
    return [name, fromIntegers(port, values)] as const;
  });
  return { in: { count, ports: Object.fromEntries(ports) } };
}

async function trace(design: HandWrittenDesign, count: number, pace: Partial<RunOptions> = {}, whole = true): Promise<Traced> {
  const vcd = pace.vcd ?? { file: join(directory, `${traces++}.vcd`), firstCycle: 0, lastCycle: 1_000_000 };
  const inputs = operands(design, count);
  const simulator = await buildSimulator(design, { trace: true });
  const run = await simulator.run(inputs, { seed: 3, ...pace, vcd });
  const waves = await readTransactions(vcd.file, design.manifest, { beatCycles: { first: run.inputCycles.in?.at(0) ?? 0, last: run.inputCycles.in?.at(-1) ?? 0 } });
  return { file: vcd.file, inputs, run, waves, report: checkHandshake(waves, design.manifest, { whole }) };
}

const seenOn = (waves: WaveTransactions): Streams => Object.fromEntries(Object.entries(waves.streams).map(([name, stream]): [string, Beats] => [name, stream.beats]));

const stalling = { bubbles: 0.3, backpressure: 0.4 };
const shapes: readonly (readonly [string, HandWrittenDesign, Partial<RunOptions>])[] = [
  ['a stream that nobody stalls', adder({ flow: 'stream' }), {}],
  ['a stream with bubbles and backpressure', adder({ flow: 'stream' }), stalling],
  ['wide vectors', adder({ flow: 'stream', lanes: 5, width: 70, latency: 2 }), stalling],
  ['elements of 40 bits', adder({ flow: 'valid', lanes: 3, width: 40, latency: 1 }), { bubbles: 0.3 }],
  ['a bare pipeline', adder({ flow: 'none', latency: 2 }), {}],
  ['a design without clock', adder({ flow: 'none', latency: 0, lanes: 1, width: 13 }), {}],
  ['a dot product', dotProduct(16), stalling],
];

describe('the waves of a run in Verilator', () => {
  it.each(shapes)('of %s show the beats that the driver moved, in their cycles', async (_, design, pace) => {
    const { inputs, run, waves, report } = await trace(design, 60, pace);
    for (const [name, beats] of [['in', inputs.in], ['out', run.outputs.out]] as const) {
      expect(waves.streams[name]?.beats).toEqual(beats);
      expect(waves.streams[name]?.cycles).toEqual((name === 'in' ? run.inputCycles : run.outputCycles)[name]);
    }
    expect(waves.samples.count).toBe(run.cycles);
    expect(report.violations).toEqual([]);
    if (design.manifest.flow !== 'none') expect(report.exactLatencies + report.boundedLatencies).toBe(60);
    if (pace.backpressure !== undefined) expect(report.stalledCycles).toBeGreaterThan(10);
  });

  it('are read the same by the plain reader, change by change', async () => {
    const { file } = await trace(dotProduct(4), 40, stalling);
    const seen: string[] = [];
    let ids: readonly string[] = [];
    await readVcd(file, header => {
      const variables = [...new Map(header.variables.filter(v => !isReal(v)).map(v => [v.id, v])).values()];
      ids = variables.map(v => v.id);
      return variables;
    }, (signal, time, value, unknown) => seen.push(`${ids[signal] ?? ''} ${time} ${value} ${unknown}`));
    const plain = readPlain(readFileSync(file, 'latin1')).changes.map(({ id, time, digits }) => `${id} ${time} ${BigInt(`0b${digits}`)} 0`);
    expect(seen).toEqual(plain);
    expect(plain.length).toBeGreaterThan(1000);
  });

  it('of a window keep the cycles of the run', async () => {
    const design = adder({ flow: 'stream' });
    const whole = await trace(design, 60, stalling);
    const [firstCycle, lastCycle] = [30, 50];
    const { waves, report } = await trace(design, 60, { ...stalling, vcd: { file: join(directory, 'window.vcd'), firstCycle, lastCycle } }, false);
    expect([waves.samples.firstCycle, waves.samples.endCycle]).toEqual([firstCycle, lastCycle + 1]);
    expect(Array.from(waves.streams.out?.cycles ?? [])).toEqual(Array.from(whole.run.outputCycles.out ?? []).filter(cycle => cycle >= firstCycle && cycle <= lastCycle));
    expect(report.violations).toEqual([]);
  });
});

describe('a wrong design is caught on its waves:', () => {
  const faults: readonly (readonly [AdderOptions['fault'], Partial<RunOptions>, HandshakeRule])[] = [
    ['unstable', stalling, 'payload-stable'], ['extra-latency', {}, 'latency'], ['lost-beat', stalling, 'nothing-lost'],
  ];
  it.each(faults)('%s', async (fault, pace, rule) => {
    if (fault === undefined) throw new Error('no fault');
    const { report } = await trace(adder({ flow: 'stream', fault }), 80, pace);
    expect(report.violations.map(violation => violation.rule)).toContain(rule);
  });

  it('wrong-sum', async () => {
    const { inputs, waves } = await trace(adder({ flow: 'stream', fault: 'wrong-sum' }), 80, stalling);
    const [a, b] = [toBigints(inputs.in?.ports.in_a ?? []), toBigints(inputs.in?.ports.in_b ?? [])];
    const expected = { out: { count: 80, ports: { out_sum: Int32Array.from(a, (value, i) => Number(value + (b[i] ?? 0n))) } } };
    const { mismatch } = compareStreams(expected, seenOn(waves), adder({ flow: 'stream' }).manifest);
    const first = a.findIndex((value, i) => i % 4 === 3 && value % 256n >= 240n);
    expect(mismatch).toMatchObject({ kind: 'value', beat: Math.floor(first / 4), element: 3, port: 'out_sum' });
    expect(mismatch && mismatchText(mismatch)).toMatch(/^Beat \d+ of stream 'out': element 3 of out_sum is -?\d+, expected -?\d+\.$/);
  });
});
