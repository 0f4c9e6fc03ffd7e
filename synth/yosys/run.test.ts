import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAbc } from './abc.js';
import { findYosys } from './find.js';
import { runYosys, textOf, YosysFailure } from './run.js';

const adder = 'module adder(input [3:0] a, input [3:0] b, output [4:0] s);\n  assign s = a + b;\nendmodule\n';

describe.each(['native', 'embedded'] as const)('%s Yosys', kind => {
  const yosys = () => findYosys({ ...process.env, YOSYS: kind === 'embedded' ? 'embedded' : 'yosys' });

  it('runs a script among files and hands back what it wrote', async () => {
    const found = await yosys();
    expect(found.embedded).toBe(kind === 'embedded');
    const result = await runYosys(() => ['read_verilog adder.v', 'hierarchy -top adder', 'proc', 'write_verilog -noattr out.v'], { 'adder.v': adder }, ['out.v'], { yosys: found });
    expect(textOf(result, 'out.v')).toMatch(/module adder/);
  });

  it('runs commands of ABC on files', async () => {
    const aiger = ['read_verilog adder.v', 'hierarchy -top adder', 'techmap', 'opt', 'simplemap', 'aigmap', 'write_aiger one.aig'];
    const of = async (verilog: string): Promise<Buffer> =>
      (await runYosys(() => aiger, { 'adder.v': verilog }, ['one.aig'], { yosys: await yosys() })).files.get('one.aig') ?? Buffer.alloc(0);
    const files = { 'sum.aig': await of(adder), 'same.aig': await of(adder.replace('a + b', 'b + a')), 'other.aig': await of(adder.replace('+', '-')) };
    const compared = async (other: string) => runAbc(path => [['cec', path('sum.aig'), path(other)]], files, { yosys: await yosys() });
    expect(await compared('same.aig')).toMatch(/Networks are equivalent/);
    expect(await compared('other.aig')).toMatch(/Networks are NOT EQUIVALENT/);
  });

  it('says in one line why a script failed', async () => {
    const broken = runYosys(() => ['read_verilog broken.v'], { 'broken.v': 'module broken(input a);\n  assgn b = a;\nendmodule\n' }, [], { yosys: await yosys() });
    await expect(broken).rejects.toThrow(YosysFailure);
    await expect(broken).rejects.toThrow(/broken\.v:2: syntax error/);
  });
});

describe('a Yosys that is not there', () => {
  it('is named', async () => {
    await expect(findYosys({ ...process.env, YOSYS: '/nowhere/yosys' })).rejects.toThrow('YOSYS is \'/nowhere/yosys\', which does not start');
  });
});

it('what a tool wrote on a disk that got full does not count', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'narrowgate-full-'));
  try {
    // It fills the disk, as far as one can see who writes there next, and says nothing.
    const script = join(folder, 'yosys');
    writeFileSync(script, '#!/bin/sh\necho cut > out.v\nln -s /dev/full room\n', { mode: 0o755 });
    const yosys = { name: 'yosys', command: [script], version: 'Yosys 0.0', embedded: false };
    await expect(runYosys(() => [], {}, ['out.v'], { yosys, cacheDir: folder })).rejects.toMatchObject({ exitCode: 3, message: `No space is left on the disk that holds ${folder}.` });
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
