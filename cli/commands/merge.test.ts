import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { called } from '../testing/called.js';
import { testFolder } from '../testing/folder.js';

const root = testFolder();
const unit = ['mac-tree', '--lanes', '2', '--activation-bits', '3', '--weight-bits', '4', '--kept-bits', '3'];
const top = 'mac_tree_lanes_2_activation_bits_3_weight_bits_4_kept_bits_3';
const path = (folder: string, index: number, of = 3): string => join(root, folder, `${top}.shard-${index}-of-${of}.certificate.json`);
const verifyShard = (folder: string, index: number, of = 3, flags: readonly string[] = []): Promise<{ readonly exitCode: number }> =>
  called(['verify', ...unit, '--exhaustive', '--shard', `${index}/${of}`, ...(flags.length === 0 ? ['--wave-beats', '100'] : ['--no-trace']), '--out', join(root, folder), ...flags]);

/** A copy of a certificate with something else in it. */
function changed(index: number, change: (text: string) => string): string {
  const file = join(root, `changed-${index}.json`);
  writeFileSync(file, change(readFileSync(path('right', index), 'utf8')));
  return file;
}

beforeAll(async () => {
  for (const index of [1, 2, 3]) expect((await verifyShard('right', index)).exitCode).toBe(0);
});

describe('merge', () => {
  it('puts the shards of a run together: beats and coverage added, waveforms once', async () => {
    const out = join(root, 'merged');
    const { exitCode, stdout } = await called(['merge', path('right', 3), path('right', 1), path('right', 2), '--out', out]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`PASS  ${top}\n  bulk       16,384 beats compared, all operands in 3 shards\n  Coverage: all 21 bins were hit.\nCertificate: ${join(out, `${top}.certificate.json`)}\n`);
    expect(readdirSync(out)).toEqual([`${top}.certificate.json`]);
    const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const merged = read(join(out, `${top}.certificate.json`));
    expect(merged).toMatchObject({ verdict: 'pass', top, checks: [{ method: 'waves', verdict: 'pass' }, { method: 'exhaustive', compared: 16_384, verdict: 'pass' }] });
    expect(merged.checks).toHaveLength(2);
    const weights = [1, 2, 3].map(index => (read(path('right', index)).coverage as { readonly counts: Record<string, number> }).counts['weight: zero'] ?? 0);
    expect(merged).toMatchObject({ coverage: { counts: { 'weight: zero': weights.reduce((sum, each) => sum + each) } } });
  });

  it('fails where a shard failed, with its first mismatch', async () => {
    const { verilog } = generate('mac-tree', { lanes: 2, activationBits: 3, weightBits: 4, keptBits: 3 });
    const file = join(root, `${top}.v`);
    // The smallest sum: both weights -8, both activations 7.
    writeFileSync(file, verilog.replace(/assign out_sum = (\w+);/, 'assign out_sum = $1 ^ {7\'d0, $1 == -8\'sd112};'));
    const exits = [];
    for (const index of [1, 2, 3]) exits.push((await verifyShard('wrong', index, 3, ['--verilog', file])).exitCode);
    expect(exits.sort()).toEqual([0, 0, 1]);
    const { exitCode, stdout } = await called(['merge', ...[1, 2, 3].map(index => path('wrong', index))]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}.*\n.*3 shards\n(.*\n)*.*all operands: Beat \d+ of stream 'out': element 0 of out_sum is -111, expected -112\.$/m);
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['none', () => [], /^merge needs a certificate or more\.$/],
    ['a missing shard', () => [path('right', 1), path('right', 3)], /^Of 3 shards one is missing: 2\.$/],
    ['two missing shards', () => [path('right', 2)], /^Of 3 shards 2 are missing: 1, 3\.$/],
    ['a shard twice', () => [1, 2, 3, 2].map(index => path('right', index)), /^Shard 2 of 3 is there twice: '.*' and '.*'\.$/],
    ['another design', () => [path('right', 1), changed(2, text => text.replace(/"rounding": "[^"]*"/, '"rounding": "unbiased"')), path('right', 3)], /^The certificates '.*' and '.*' do not belong together: they differ in the parameters\.$/],
    ['other Verilog', () => [path('right', 1), changed(2, text => text.replace(/\.v": "./, '.v": "f')), path('right', 3)], /they differ in the hash of a file\.$/],
    ['another partition', () => [path('right', 1), changed(2, text => text.replace(/"first": \d+/, '"first": 0')), path('right', 3)], /they are not shards of one partition\.$/],
    ['too little compared', () => [path('right', 1), changed(2, text => text.replace(/"compared": 546\d/, '"compared": 1')), path('right', 3)], /says that 1 of the 546\d operands of its shard were compared, and that they passed\.$/],
    ['a whole certificate', () => [join(root, 'merged', `${top}.certificate.json`)], /^The certificate '.*' is not that of one shard of an exhaustive run\.$/],
    ['a file that is not there', () => [join(root, 'none.json')], /^The certificate '.*none\.json' is not there\.$/],
  ])('refuses %s', async (_what, files, message) => {
    const { exitCode, stdout, stderr } = await called(['merge', ...files()]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.replace(/^Error: /, '').trimEnd()).toMatch(message);
  });

  it('writes over nothing that it reads', async () => {
    const file = join(root, 'right', `${top}.certificate.json`);
    writeFileSync(file, readFileSync(path('right', 1)));
    const { exitCode, stderr } = await called(['merge', file, path('right', 2), path('right', 3), '--out', join(root, 'right')]);
    expect([exitCode, stderr]).toEqual([2, `Error: The file '${file.slice(0, 77)}${file.length > 80 ? '...' : file.slice(77)}' of --out is read by this call too; give it another folder.\n`]);
  });
});
