import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { readCertificate, verifyCertificate } from '../../testbench/certificate.js';
import { called } from '../testing/called.js';
import { testFolder } from '../testing/folder.js';

const root = testFolder();
const small = ['verify', 'mac-tree', '--lanes', '2', '--vectors', '20000', '--wave-beats', '200'];

function wrongVerilog(): string {
  const { verilog } = generate('mac-tree', { lanes: 2 });
  const at = verilog.lastIndexOf(' + ');
  const path = join(root, 'wrong tree.v');
  writeFileSync(path, `${verilog.slice(0, at)} - ${verilog.slice(at + 3)}`);
  return path;
}

describe('verify', () => {
  it('passes a right design, and leaves certificate and report', async () => {
    const [out, junit] = [join(root, 'right'), join(root, 'right.xml')];
    const { exitCode, stdout, stderr } = await called([...small, '--out', out, '--junit', junit, '--coverage']);
    expect(stderr).toBe('Building the simulators\nChecking waveforms\nComparing in bulk\n');
    expect(stdout).toMatch(/^PASS {2}mac_tree_lanes_2$/m);
    expect(stdout).toMatch(/bulk +20,000 beats compared, seed 1 \(/);
    expect(stdout).toMatch(/Coverage: /);
    expect(exitCode).toBe(0);
    expect(readdirSync(out)).toEqual(['mac_tree_lanes_2.certificate.json']);
    expect(JSON.parse(readFileSync(join(out, 'mac_tree_lanes_2.certificate.json'), 'utf8'))).toMatchObject({ verdict: 'pass', top: 'mac_tree_lanes_2', checks: [{ method: 'waves' }, { method: 'vectors', compared: 20000, seed: 1 }] });
    expect(readFileSync(junit, 'utf8')).toMatch(/<testsuite name="mac_tree_lanes_2" tests="2" failures="0" errors="0"/);
  });

  it('fails a wrong one with picture, files, report, and the command that repeats it', async () => {
    const verilog = wrongVerilog();
    const [out, junit] = [join(root, 'wrong'), join(root, 'wrong.xml')];
    const { exitCode, stdout } = await called([...small, '--verilog', verilog, '--out', out, '--junit', junit]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}mac_tree_lanes_2$/m);
    expect(stdout.match(/element 0 of out_sum is -?\d+, expected -?\d+/g)).toHaveLength(1);
    expect(stdout).toContain(`--verilog '${verilog}'`);
    expect(readdirSync(out).sort()).toEqual(['certificate.json', 'svg', 'txt', 'vcd'].map(extension => `mac_tree_lanes_2.${extension}`));
    expect(readFileSync(junit, 'utf8')).toMatch(/failures="1"/);
    const again = await called([...small, '--verilog', verilog, '--out', out, '--json']);
    expect(again.exitCode).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({ verdict: 'fail', failure: { kind: 'mismatch' } });
  });

  it('stamps the Verilog of a design that passes, and of no other', async () => {
    const out = join(root, 'stamped');
    const { exitCode, stdout } = await called([...small, '--out', out, '--stamp']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Verilog with its line: ${join(out, 'mac_tree_lanes_2.v')}\n`)]);
    const stamped = readFileSync(join(out, 'mac_tree_lanes_2.v'), 'utf8');
    expect(stamped).toMatch(/^\/\/ Certificate: pass; waves \d+ seed 1, vectors 20000 seed 1; .*; sha256 [0-9a-f]{64}$/m);
    expect(stamped.replace(/^\/\/ Certificate: .*\n/m, '')).toBe(generate('mac-tree', { lanes: 2 }).verilog);
    const certificate = await readCertificate(join(out, 'mac_tree_lanes_2.certificate.json'));
    expect(await verifyCertificate(certificate, out)).toEqual({ valid: true, problems: [] });
    expect(await called([...small, '--out', out, '--stamp', '--verilog', join(out, 'mac_tree_lanes_2.v')])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is read by --verilog too; give another folder.') as string });
    const failed = join(root, 'unstamped');
    expect((await called([...small, '--out', failed, '--stamp', '--verilog', wrongVerilog()])).exitCode).toBe(1);
    expect(readdirSync(failed).filter(name => name.endsWith('.v'))).toEqual([]);
  });

  it('passes Verilog that was generated before', async () => {
    const path = join(root, 'signed-off.v');
    writeFileSync(path, generate('mac-tree', { lanes: 2 }).verilog);
    expect((await called([...small, '--verilog', path])).exitCode).toBe(0);
  });

  it('exits with 1 where Verilator refuses the Verilog', async () => {
    const path = join(root, 'broken.v');
    writeFileSync(path, 'module mac_tree_lanes_2 (');
    const junit = join(root, 'broken.xml');
    const { exitCode, stderr } = await called([...small, '--verilog', path, '--junit', junit]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\nError: Verilator refuses broken\.v: %Error: broken\.v:1:\d+: syntax error[^\n]+; the full log is [^\n]+\.\n$/);
    expect(readFileSync(junit, 'utf8')).toMatch(/failures="1"/);
  });

  it('shows one status line on a terminal, and takes it away', async () => {
    const { stderr } = await called(small, { isTerminal: true });
    expect(stderr).toContain('\r\u001b[2KBuilding the simulators ...');
    expect(stderr).not.toContain('\n');
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
  });

  it.each([
    [['--vectors', '1e6'], "--vectors is '1e6'; it takes a number of beats, 0 or more, or exhaustive."],
    [['--vectors', '-1'], "--vectors is '-1'; it takes a number of beats, 0 or more, or exhaustive."],
    [['--vectors', '10', '--exhaustive'], '--exhaustive and --vectors contradict each other; give one of them.'],
    [['--no-trace', '--wave-beats', '10'], '--no-trace and --wave-beats contradict each other; give one of them.'],
    [['--no-trace', '--vectors', '0'], 'Without bulk vectors and without waveforms nothing would be compared; give --vectors or --wave-beats a number above 0.'],
    [['--stamp'], '--stamp writes Verilog with the line of its certificate; give --out DIR for both.'],
    [['--bubbles', '1'], "--bubbles is '1'; it takes a probability from 0 to below 1, such as 0.25."],
    [['--junit', '/proc/narrowgate/report.xml'], "'/proc/narrowgate' of --junit cannot be made."],
    [['--verilog', 'none.v'], "The file 'none.v' of --verilog is not there."],
  ])('refuses %j', async (flags, message) => {
    expect(await called(['verify', 'mac-tree', ...flags])).toEqual({ exitCode: 2, stdout: '', stderr: `Error: ${message}\n` });
  });

  it('refuses Verilog of another module', async () => {
    const path = join(root, 'other.v');
    writeFileSync(path, 'module mac_tree_2 (); endmodule\n');
    expect((await called(['verify', 'mac-tree', '--verilog', path])).stderr).toBe(`Error: The file '${path}' of --verilog has no module 'mac_tree', which mac-tree has with these parameters.\n`);
  });

  it('ends when it is interrupted, and leaves nothing', async () => {
    const interrupt = new AbortController();
    const out = join(root, 'interrupted');
    const running = called(['verify', 'mac-tree', '--lanes', '2', '--vectors', '1000000000', '--out', out], { signal: interrupt.signal });
    setTimeout(() => interrupt.abort('SIGTERM'), 1500);
    expect(await running).toMatchObject({ exitCode: 143, stdout: '' });
    expect(existsSync(out)).toBe(false);
  });
});
