import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { createCertificate } from './certificate.js';
import { adderUnit } from './testing/adder-unit.js';
import { adder, type AdderOptions } from './testing/designs.js';
import { findUnit } from './units/index.js';
import { verify, type Verdict, type VerifyOptions, type VerifyProgress } from './verify.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'verify-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const quick = { vectors: 20_000, waveBeats: 300 } as const;
const verifyAdder = (options: AdderOptions, verifyOptions: VerifyOptions = quick): Promise<Verdict> => verify(adderUnit, adder(options), verifyOptions);

describe('a design that is right', () => {
  it('passes, and the verdict says how much was compared, how, and with what', async () => {
    const progress: VerifyProgress[] = [];
    const verdict = await verifyAdder({ flow: 'stream' }, { ...quick, seed: 7, progress: state => progress.push(state) });
    expect(verdict).toMatchObject({
      verdict: 'pass', top: 'adder', seed: 7, command: 'narrowgate verify hand-written --lanes 4 --width 8 --seed 7 --vectors 20000 --wave-beats 300',
      bulk: { method: 'vectors', beats: 20_000, bits: 800_000 },
      coverage: { missed: ['impossible'] },
      checks: [{ method: 'waves', seed: 7, bubbles: 0.25, backpressure: 0.25, verdict: 'pass' }, { method: 'vectors', compared: 20_000, seed: 7, verdict: 'pass' }],
    });
    expect(verdict.waves.beats).toBeGreaterThanOrEqual(375);
    expect(verdict.waves.exactLatencies).toBeGreaterThanOrEqual(75);
    expect(verdict.waves.boundedLatencies).toBeGreaterThan(100);
    expect(verdict.coverage.counts['in: valid without ready']).toBeGreaterThan(10);
    expect(verdict.coverage.counts['out: no valid']).toBeGreaterThan(10);
    expect(verdict.coverage.counts.beats).toBe(verdict.waves.beats + verdict.bulk.beats);
    expect(verdict.files['adder.v']).toMatch(/^[0-9a-f]{64}$/);
    expect(verdict.tools.verilator).toMatch(/^\d/);
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    expect([...new Set(progress.map(({ stage }) => stage))]).toEqual(['build', 'waves', 'bulk']);
    expect(progress.at(-1)).toEqual({ stage: 'bulk', done: 20_000, total: 20_000 });
    const { manifest, verilog } = adder({ flow: 'stream' });
    expect(createCertificate(manifest, { 'adder.v': verilog }, verdict.checks, verdict.tools)).toMatchObject({ verdict: 'pass' });
  });

  it.each([{ flow: 'valid', latency: 2 }, { flow: 'none', latency: 1 }] as const)('passes with flow $flow', async options => {
    expect(await verifyAdder(options)).toMatchObject({ verdict: 'pass', bulk: { beats: 20_000 } });
  });

  it('is verified with all its operands where they are few, or on demand', async () => {
    const small = { flow: 'none', latency: 0, lanes: 1, width: 6 } as const;
    expect(await verifyAdder(small, { waveBeats: 50 })).toMatchObject({ verdict: 'pass', bulk: { method: 'exhaustive', beats: 4096, bits: 8 * 4096 } });
    expect(await verifyAdder(small, { waveBeats: 50, vectors: 100 })).toMatchObject({ bulk: { method: 'vectors', beats: 100 } });
    await expect(verifyAdder({ flow: 'stream' }, { vectors: 'exhaustive' })).rejects.toMatchObject({
      kind: 'usage', message: 'adder cannot be verified exhaustively: its operands (64 bits a beat) cannot be counted; give a number of vectors.',
    });
  });

  it('can be verified on waveforms alone or in bulk alone, but not on nothing', async () => {
    expect(await verifyAdder({ flow: 'stream' }, { vectors: 0, waveBeats: 100 })).toMatchObject({ verdict: 'pass', bulk: { method: 'none', beats: 0 }, checks: [{ method: 'waves' }] });
    expect(await verifyAdder({ flow: 'stream' }, { vectors: 100, waveBeats: 0 })).toMatchObject({ verdict: 'pass', waves: { beats: 0 }, checks: [{ method: 'vectors' }] });
    await expect(verifyAdder({ flow: 'stream' }, { vectors: 0, waveBeats: 0 })).rejects.toMatchObject({ kind: 'usage' });
    await expect(verifyAdder({ flow: 'stream' }, { vectors: -1 })).rejects.toThrow('vectors is a number of beats, 0 or more, not -1.');
  });

  it('is left when the caller no longer wants it', async () => {
    const controller = new AbortController();
    const options = { ...quick, signal: controller.signal, progress: ({ stage }: VerifyProgress) => (stage === 'waves' ? controller.abort(new Error('enough')) : undefined) };
    await expect(verifyAdder({ flow: 'stream' }, options)).rejects.toThrow('enough');
  });
});

describe('a design that is wrong', () => {
  it('is caught on the waveforms, with a picture and the operands', async () => {
    const { failure, verdict, bulk } = await verifyAdder({ flow: 'stream', fault: 'wrong-sum' }, { ...quick, failureDirectory: join(directory, 'waves') });
    expect({ verdict, beats: bulk.beats }).toEqual({ verdict: 'fail', beats: 0 });
    expect(failure).toMatchObject({ stage: 'waves', kind: 'mismatch', mismatch: { kind: 'value', stream: 'out', port: 'out_sum', element: 3 } });
    expect(BigInt(failure?.mismatch?.seen ?? 0) - BigInt(failure?.mismatch?.expected ?? 0)).toBe(1n);
    expect(failure?.message).toMatch(/^adder, at full speed: Beat \d+ of stream 'out': element 3 of out_sum is -?\d+, expected -?\d+\.$/);
    expect(failure?.picture).toContain('out_sum');
    expect(failure?.picture).toMatch(/a \d+, b -?\d+/);
    expect(failure?.files.map(file => existsSync(file))).toEqual([true, true, true]);
    expect(readFileSync(join(directory, 'waves', 'adder.svg'), 'utf8')).toContain('<svg');
  });

  it('is caught in bulk, and the beat is found again in a short run with waveforms', async () => {
    const { failure, bulk, checks } = await verifyAdder({ flow: 'stream', fault: 'rare' }, { vectors: 50_000, waveBeats: 0, failureDirectory: join(directory, 'bulk') });
    expect(failure).toMatchObject({ stage: 'bulk', kind: 'mismatch', mismatch: { element: 3 } });
    expect(failure?.picture).toContain(`beat ${failure?.mismatch?.beat} of the bulk run is beat`);
    expect(readFileSync(join(directory, 'bulk', 'adder.txt'), 'utf8')).toContain(failure?.message ?? 'nothing');
    expect(checks).toEqual([{ method: 'vectors', compared: bulk.beats, seed: 1, verdict: 'fail', failure: failure?.message }]);
  });

  it('only after thousands of beats is repeated from the start, traced around the beat', async () => {
    const { failure } = await verifyAdder({ flow: 'stream', fault: 'late' }, { vectors: 40_000, waveBeats: 100 });
    expect(failure).toMatchObject({ stage: 'bulk', kind: 'mismatch', mismatch: { beat: 2 ** 13 - 1 } });
    expect(failure?.picture).toMatch(/^ +expected .*│-?\d/m);
  });

  it.each([
    ['lost-beat', 'handshake'], ['unstable', 'handshake'], ['extra-latency', 'handshake'], ['deadlock', 'run'], ['stop', 'run'], ['endless', 'run'],
  ] as const)('with the fault %s fails by its %s', async (fault, kind) => {
    const { verdict, failure } = await verifyAdder({ flow: 'stream', fault });
    expect({ verdict, stage: failure?.stage, kind: failure?.kind }).toEqual({ verdict: 'fail', stage: 'waves', kind });
  });

  it('in bulk alone fails by what the run says', async () => {
    const { failure } = await verifyAdder({ flow: 'stream', fault: 'deadlock' }, { vectors: 5000, waveBeats: 0 });
    expect(failure).toMatchObject({ stage: 'bulk', kind: 'run', message: expect.stringMatching(/^Deadlock/) as string });
    const lost = await verifyAdder({ flow: 'stream', fault: 'lost-beat' }, { vectors: 5000, waveBeats: 0 });
    expect(lost.failure).toMatchObject({ stage: 'bulk', kind: 'mismatch' });
  });

  it('that Verilator refuses is no verdict but an error', async () => {
    const { verilog, manifest } = adder({ flow: 'stream' });
    await expect(verify(adderUnit, { manifest, verilog: verilog.replace('endmodule', '') }, quick)).rejects.toMatchObject({ kind: 'design' });
  });
});

describe('the units', () => {
  const designs: readonly (readonly [string, Record<string, unknown>])[] = [
    ['mac-tree', {}],
    ['mac-tree', { lanes: 4, accumulate: 2, rounding: 'nearest-even', activationSigned: true }],
    ['mac-tree', { lanes: 2, activationBits: 3, weightBits: 3, keptBits: 2, flow: 'none', pipeline: 'none', shift: 'fixed', rounding: 'unbiased' }],
    ['mac-tree', { lanes: 4, flow: 'none', accumulate: 3 }],
    ['mac-tree', { lanes: 4, encoding: 'outside', flow: 'valid', activationSigned: true }],
    ['activation-encoder', { lanes: 2, activationSigned: true, rounding: 'nearest-even' }],
  ];
  it.each(designs)('%s %j agrees with its golden model and hits every bin', async (name, parameters) => {
    const verdict = await verify(findUnit(name), generate(name, parameters), { vectors: 30_000 });
    expect({ failure: verdict.failure, missed: verdict.coverage.missed }).toEqual({ failure: undefined, missed: [] });
  });
});
