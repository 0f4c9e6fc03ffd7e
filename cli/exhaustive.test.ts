import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { buildCommand, runCommand } from './testing/built.js';
import { called } from './testing/called.js';
import { testFolder } from './testing/folder.js';

const root = testFolder();
const size = { lanes: 2, activationBits: 6, weightBits: 6, keptBits: 6 };
const unit = ['mac-tree', '--lanes', '2', '--activation-bits', '6', '--weight-bits', '6', '--kept-bits', '6'];
const exhaustive = ['verify', ...unit, '--no-trace', '--exhaustive', '--out', join(root, 'out')];

/** A tree that is wrong for some sums: -4032 (one pair of operands gives it), and those below `also`. */
function wrongFor(name: string, also: number): string {
  const { verilog } = generate('mac-tree', size);
  const path = join(root, `${name}.v`);
  writeFileSync(path, verilog.replace('assign out_sum = sum_0_0;', `assign out_sum = sum_0_0 ^ {12'd0, sum_0_0 == -13'sd4032 || sum_0_0 < ${also < 0 ? '-' : ''}13'sd${Math.abs(also)}};`));
  return path;
}

/** Weights -32 and -32, activations 63 and 63, as one number, activations lowest. */
const onlyOperand = (((32 << 6) | 32) << 12) | ((63 << 6) | 63);

beforeAll(buildCommand);

describe('all 2^24 operands of a small tree, shared out over the processors by the built command', () => {
  it('are right', async () => {
    const { exitCode, stdout } = await runCommand([...exhaustive, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'pass', bulk: { method: 'exhaustive', beats: 2 ** 24, bits: 13 * 2 ** 24 }, coverage: { missed: [] } });
  });

  it('show the one that is wrong, by its number and with its operands', async () => {
    const { exitCode, stdout } = await runCommand([...exhaustive, '--verilog', wrongFor('one', -4032), '--json']);
    expect(exitCode).toBe(1);
    const verdict: unknown = JSON.parse(stdout);
    expect(verdict).toMatchObject({
      verdict: 'fail', bulk: { beats: onlyOperand },
      failure: { kind: 'mismatch', mismatch: { beat: onlyOperand, expected: '-4032', seen: '-4031' }, picture: expect.stringMatching(/beat 8523775 of the bulk run .*activation 63 as 63 << 0 = 63, times weight -32/s) as string },
    });
  });

  it('show the first where many are wrong, the same as where all are compared in one thread', async () => {
    const verilog = wrongFor('many', -2000);
    const [inThreads, here] = await Promise.all([runCommand([...exhaustive, '--verilog', verilog, '--json']), called([...exhaustive, '--verilog', verilog, '--json'])]);
    const figures = ({ stdout }: { readonly stdout: string }): unknown => {
      const verdict = JSON.parse(stdout) as { readonly failure: { readonly mismatch: unknown; readonly message: string }; readonly bulk: { readonly beats: number }; readonly coverage: unknown };
      return { failure: verdict.failure.mismatch, message: verdict.failure.message, beats: verdict.bulk.beats, coverage: verdict.coverage };
    };
    expect(figures(inThreads)).toEqual(figures(here));
    expect(figures(here)).toMatchObject({ failure: { kind: 'value', stream: 'out' }, message: expect.stringContaining('all operands: Beat ') as string });
  });
});
