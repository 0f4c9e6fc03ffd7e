import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { called } from '../testing/called.js';
import { testFolder } from '../testing/folder.js';

const root = testFolder();
const small = { lanes: 2, activationBits: 4, weightBits: 4, keptBits: 3 };

function file(name: string, content: string): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const parameters = (name: string, more: object): string => file(name, JSON.stringify({ unit: 'mac-tree', parameters: { ...small, ...more } }));

/** The Verilog with a minus where its last adder was. */
function wrong(verilog: string): string {
  const at = verilog.lastIndexOf(' + ');
  return `${verilog.slice(0, at)} - ${verilog.slice(at + 3)}`;
}

const { verilog, manifest } = generate('mac-tree', small);
const right = file('right.v', verilog);

describe('equiv', () => {
  it('proves two Verilog files equal', async () => {
    const other = file('other.v', verilog.replaceAll('product_0', 'first_product').replace(/\bmodule \w+/, 'module other'));
    const { exitCode, stdout, stderr } = await called(['equiv', right, other]);
    expect([exitCode, stderr]).toEqual([0, 'Proving\n']);
    expect(stdout).toMatch(/^EQUAL {6}.*right\.v and .*other\.v \(ABC, from registers at 0, \d+\.\d\d s\)\n$/);
    const same = file('same.v', verilog.replace(/\bmodule \w+/, 'module same').replace(/(\w+) \+ (\w+);/, '$2 + $1;'));
    expect(await called(['equiv', right, same])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^EQUAL {6}.*right\.v and .*same\.v \(leaf by leaf .*, register by register, \d+\.\d\d s\)\n$/) as string });
  });

  it('proves two parameter sets equal, also at an offset', async () => {
    const [five, none] = [parameters('five.json', { flow: 'none' }), parameters('none.json', { flow: 'none', pipeline: 'none' })];
    const latency = String(generate('mac-tree', { ...small, flow: 'none' }).manifest.latency);
    expect(await called(['equiv', none, five, '--offset', latency])).toMatchObject({ exitCode: 0 });
    expect(await called(['equiv', none, five, '--out', join(root, 'early')])).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('\n  Confirmed in Verilator:\n') as string });
  });

  it('finds the inputs that tell a wrong design apart, clock by clock, as text and as JSON', async () => {
    const edited = file('edited.v', wrong(verilog));
    const folder = join(root, 'difference');
    const { exitCode, stdout } = await called(['equiv', right, edited, '--out', folder]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^DIFFERENT {2}.*\n {2}In clock \d+, out_sum is 9'h[0-9a-f]{3}, expected 9'h[0-9a-f]{3}\.\n {2}clock {2}0: rst = 1'h1, in_valid = /);
    expect(stdout).toMatch(/\n {2}clock +\d+: .*in_weight = 8'h[0-9a-f]{2}.*, out_sum is 9'h/);
    const [, clock = '', seen = '', expected = ''] = /In clock (\d+), out_sum is 9'h(\w+), expected 9'h(\w+)\./.exec(stdout) ?? [];
    const [, picture = ''] = stdout.split('  Confirmed in Verilator:\n\n');
    const lane = (name: string): string => picture.split('\n').find(line => line.trimStart().startsWith(`${name} `)) ?? '';
    expect([lane('cycle'), lane('out_sum'), lane('expected')].map(line => line.slice(picture.split('\n').find(each => each.includes('▲'))?.indexOf('▲') ?? 0).trim().split(/[ │]/)[0])).toEqual([clock, seen, expected]);
    expect(readdirSync(folder).sort()).toEqual(['expected.vcd', 'svg', 'txt', 'vcd'].map(ending => `${manifest.top}.${ending}`));
    expect(stdout).toContain(`\nFiles: ${join(folder, manifest.top)}.txt, `);
    const json = await called(['equiv', right, edited, '--json', '--out', folder]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: 'different', first: right, second: edited, replay: { confirmed: true }, counterexample: { outputs: expect.arrayContaining([{ port: 'out_sum', width: 9, expected: expect.stringMatching(/^9'h/) as string, seen: expect.stringMatching(/^9'h/) as string, clock: expect.any(Number) as number }]) as object },
    });
  });

  it('compares combinational designs', async () => {
    const bare = generate('mac-tree', { ...small, flow: 'none', pipeline: 'none' }).verilog;
    const { exitCode, stdout } = await called(['equiv', file('bare.v', bare), file('bare-wrong.v', wrong(bare)), '--out', join(root, 'bare')]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('\n  Confirmed in Verilator:\n\n        cycle  0\nin_activation │');
    expect(stdout).toMatch(/\n {2}With in_activation = 8'h[0-9a-f]{2}, in_weight = 8'h[0-9a-f]{2}, out_sum is /);
  });

  it.each([
    ['stream', 'output', 'full', [], "  Their latencies are 1 and 2 clocks, and streams are compared clock by clock, stalls included: what they compute is compared where both have the flow 'valid', with --offset 1.\n"],
    ['valid', 'output', 'full', [], '  Their latencies are 1 and 2 clocks: they are to be compared with --offset 1.\n'],
    ['none', 'full', 'output', ['--offset', '2'], '  Their latencies are 2 and 1 clocks: they are to be compared with --offset 1 and the second one first.\n'],
    ['none', 'full', 'full', ['--offset', '1'], '  Their latencies are 2 and 2 clocks: they are to be compared without --offset.\n'],
  ])('says of designs with flow %s how those of other latencies are compared: %s, %s, %j', async (flow, first, second, flags, hint) => {
    const small = { lanes: 2, activationBits: 2, keptBits: 2, weightBits: 2, flow };
    const write = (name: string, pipeline: string): string => file(`${flow}-${name}-${pipeline}.json`, JSON.stringify({ unit: 'mac-tree', parameters: { ...small, pipeline } }));
    const { exitCode, stdout } = await called(['equiv', write('first', first), write('second', second), ...flags, '--out', join(root, 'latencies')]);
    expect([exitCode, stdout.slice(0, 9)]).toEqual([1, 'DIFFERENT']);
    expect(stdout).toContain(hint);
  });

  it('takes of several modules the one that no other has in it', async () => {
    const inner = 'module half #(parameter W = 4) (input [W-1:0] a, output [W-1:0] y);\n  assign y = a >> 1;\nendmodule\n';
    const outer = (shift: string): string => `module outer(input [7:0] a, output [7:0] y);\n  wire [7:0] h; // half q (\n  half #(.W(8)) first (.a(a), .y(h));\n  half  #( .W(8) )\n    second (.a(h), .y(y));\n  wire unused = a >> ${shift};\nendmodule\n`;
    const { exitCode, stdout } = await called(['equiv', file('inner.v', inner + outer('1')), file('outer.v', outer('2') + inner)]);
    expect([exitCode, stdout.slice(0, 5)]).toEqual([0, 'EQUAL']);
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['one design', () => [right], /^equiv needs two designs, or --baseline DIR\.$/],
    ['three designs', () => [right, right, 'third.v'], /^equiv compares two designs, and does not know what to do with 'third\.v'\.$/],
    ['a file that is not there', () => [right, join(root, 'no.v')], /^The file '.*no\.v' of equiv is not there\.$/],
    ['Verilog of several modules', () => [right, file('two.v', 'module a();\nendmodule\nmodule b();\nendmodule\n')], /^The file '.*two\.v' has the modules a, b; say with --top which of them is compared\.$/],
    ['another top', () => [right, right, '--top', 'mac'], /^The file '.*right\.v' has no module 'mac'; it has mac_tree\w*\./],
    ['no module', () => [right, file('empty.v', '// nothing\n')], /^The file '.*empty\.v' has no module\.$/],
    ['JSON without a unit', () => [file('lanes.json', '{"lanes": 8}'), right], /^The file '.*lanes\.json' names no unit, such as \{"unit": "mac-tree", "parameters": \{"lanes": 8\}\}\.$/],
    ['JSON of another unit', () => [file('other.json', '{"unit": "mac"}'), right], /^The file '.*other\.json' is for the unit 'mac'; the units are mac-tree, .*\.$/],
    ['a parameter that is not allowed', () => [parameters('wide.json', { lanes: 'many' }), right], /^The file '.*wide\.json' of equiv has "many" for 'lanes'; it takes 2 to 4096\.$/],
    ['a design beside a baseline', () => ['--baseline', root, right], /^--baseline takes the place of the designs, and equiv does not know what to do with '.*'\.$/],
    ['a baseline that is a file', () => ['--baseline', right], /^'.*right\.v' of --baseline is a file; a folder is needed\.$/],
    ['a baseline that is not there', () => ['--baseline', join(root, 'nowhere')], /^The file '.*nowhere' of --baseline is not there\.$/],
    ['an offset that is none', () => [right, right, '--offset', '-1'], /^--offset needs a value|^--offset is '-1'; it takes a whole number from 0 to 1000\.$/],
  ])('refuses %s', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await called(['equiv', ...args()]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.replace(/^Error: /, '').trimEnd()).toMatch(message);
  });

  it('says in one sentence that Verilog does not parse', async () => {
    const broken = file('broken.v', 'module broken(input a, output y);\n  assgn y = a;\nendmodule\n');
    expect(await called(['equiv', right, broken])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/Error: Yosys refuses .*broken\.v: line 2: syntax error[^\n]*\.\n$/) as string });
  });
});

describe('equiv --baseline', () => {
  const baseline = (name: string): string => {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const sign = (folder: string, unit: string, given: object, change = (text: string): string => text): void => {
    const made = generate(unit, { ...given });
    writeFileSync(join(folder, `${made.manifest.top}.v`), change(made.verilog));
    writeFileSync(join(folder, `${made.manifest.top}.json`), JSON.stringify(made.manifest));
  };

  it('is passed by what is generated today: the same text, or another that is proven equal', async () => {
    const folder = baseline('good');
    sign(folder, 'mac-tree', small);
    sign(folder, 'mac-tree', { ...small, flow: 'none' }, text => text.replace(/(\w+) \+ (\w+);/, '$2 + $1;'));
    sign(folder, 'activation-encoder', { lanes: 1, activationBits: 4, keptBits: 3 });
    writeFileSync(join(folder, 'mac_tree.certificate.json'), '{}');
    const { exitCode, stdout } = await called(['equiv', '--baseline', folder]);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map(line => line.slice(0, 9).trim())).toEqual(['EQUAL', 'EQUAL', 'EQUAL', '3 equal,', '']);
    expect(stdout).toContain('(the same Verilog, ');
    expect(stdout).toContain(', register by register, ');
  });

  it('names what differs, with its counterexample, and what can no longer be generated', async () => {
    const folder = baseline('bad');
    sign(folder, 'mac-tree', small, wrong);
    sign(folder, 'mac-tree', { ...small, lanes: 4 });
    const gone = join(folder, `${generate('mac-tree', { ...small, lanes: 4 }).manifest.top}.json`);
    writeFileSync(gone, readFileSync(gone, 'utf8').replace('"lanes":4', '"lanes":5'));
    const { exitCode, stdout } = await called(['equiv', '--baseline', folder, '--out', join(root, 'bad-out')]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`DIFFERENT {2}.*${manifest.top}\\.v and the generated one .*\\n {2}In clock \\d+, out_sum is `));
    expect(stdout).toMatch(/can no longer be generated: .*lanes/);
    expect(stdout).toMatch(/^0 equal, 2 different, 0 unknown\.$/m);
    const json = await called(['equiv', '--baseline', folder, '--json', '--out', join(root, 'bad-out')]);
    expect(JSON.parse(json.stdout)).toMatchObject([{ verdict: 'different' }, { verdict: 'different' }]);
  });

  it.each<[string, (folder: string) => void, RegExp]>([
    ['without a manifest', () => undefined, /^The folder '.*' of --baseline has no manifest, such as mac_tree\.json\.$/],
    ['with JSON that is no manifest', folder => writeFileSync(join(folder, 'a.json'), '{"unit": "mac-tree"}'), /^The file '.*a\.json' of --baseline is no manifest: it names no top module and no Verilog file beside it\.$/],
    ['whose Verilog is missing', folder => writeFileSync(join(folder, 'a.json'), '{"unit": "mac-tree", "top": "a", "files": ["a.v"]}'), /^The file '.*a\.v' of --baseline is not there\.$/],
  ])('refuses a folder %s', async (what, fill, message) => {
    const folder = baseline(what.replaceAll(' ', '-'));
    fill(folder);
    const { exitCode, stderr } = await called(['equiv', '--baseline', folder]);
    expect(exitCode).toBe(2);
    expect(stderr.replace(/^Error: /, '').trimEnd()).toMatch(message);
  });
});
