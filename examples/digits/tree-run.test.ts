import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import type { MacTreeParameters } from '../../golden/index.js';
import { readCertificate, verifyCertificate } from '../../testbench/certificate.js';
import { TestbenchError } from '../../testbench/errors.js';
import { renderText } from '../../testbench/picture/text.js';
import { exactSums, readClassifier } from './classifier.js';
import { readDigits, sliceDigits } from './idx.js';
import { isGood, runTree, wrongCount } from './tree-run.js';

const tree: MacTreeParameters = {
  lanes: 16, activationBits: 8, activationSigned: false, weightBits: 8, keptBits: 8, rounding: 'truncate', shift: 'leading-one', encoding: 'inside', accumulate: 6,
};
const classifier = readClassifier();
const digits = sliceDigits(readDigits('test'), 0, 50);
const root = mkdtempSync(join(tmpdir(), 'tree-run-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('runTree', () => {
  it('runs an exact tree: exact sums, one beat a clock, stalls on the waves, nothing wrong', async () => {
    const directory = join(root, 'exact');
    const steps: string[] = [];
    const run = await runTree(generate('mac-tree', { ...tree }), tree, { classifier, digits }, { directory, tracedDigits: 2, seed: 1, progress: step => steps.push(step) });
    expect(run.failure).toBeUndefined();
    expect([isGood(run), wrongCount(run)]).toEqual([true, 0]);
    expect([...run.sums]).toEqual([...exactSums(classifier, digits)]);
    expect(run.beats).toBe(50 * 490);
    expect(run.clocks).toBeGreaterThan(run.beats);
    expect(run.clocks).toBeLessThan(run.beats + 100);
    expect(run.traced).toMatchObject({ beats: 980, sums: 20, mismatches: 0, handshakeViolations: 0 });
    expect(run.traced.stalledClocks).toBeGreaterThan(100);
    expect(steps.length).toBe(4);
    expect([run.files.verilog, run.files.manifest, run.files.waves, run.files.certificate].map(file => statSync(file).size > 0)).toEqual([true, true, true, true]);
    const certificate = await readCertificate(run.files.certificate);
    expect(certificate.checks.map(({ method, compared, verdict }) => [method, compared, verdict])).toEqual([['vectors', 500, 'pass'], ['waves', 20, 'pass']]);
    expect(await verifyCertificate(certificate, directory)).toEqual({ valid: true, problems: [] });
    expect(readFileSync(run.files.waves, 'utf8')).toContain('$enddefinitions');
  });

  it('says where a tree is wrong, with a picture, and certifies the failure', async () => {
    const directory = join(root, 'wrong');
    const run = await runTree(generate('mac-tree', { ...tree, keptBits: 4 }), { ...tree, keptBits: 4, rounding: 'unbiased' }, { classifier, digits }, { directory, tracedDigits: 2, seed: 1 });
    expect(isGood(run)).toBe(false);
    expect(run.mismatches).toBeGreaterThan(400);
    expect(run.traced.mismatches).toBeGreaterThan(10);
    expect(run.failure?.message).toMatch(/^Beat 0 of stream 'out': element 0 of out_sum is -?\d+, expected -?\d+ \(digit 0, neuron 0\)\.$/);
    const { failure } = run;
    expect(failure?.picture === undefined ? '' : renderText(failure.picture)).toMatch(/out_sum/);
    const certificate = await readCertificate(run.files.certificate);
    expect([certificate.verdict, ...certificate.checks.map(({ verdict }) => verdict)]).toEqual(['fail', 'fail', 'fail']);
    expect(readdirSync(directory)).toContain('mismatch.vcd');
  });

  it('leaves Verilog that no simulator takes to its error', async () => {
    const generated = generate('mac-tree', { ...tree });
    const broken = { ...generated, verilog: generated.verilog.replace('endmodule', 'endmodul') };
    await expect(runTree(broken, tree, { classifier, digits }, { directory: join(root, 'broken'), tracedDigits: 1, seed: 1 })).rejects.toThrow(TestbenchError);
  });
});
