import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { MacTreeModel } from '../../golden/mac-tree.js';
import { readNpy, writeNpy } from '../../testbench/npy.js';
import { called } from '../testing/called.js';
import { testFolder } from '../testing/folder.js';

const root = testFolder();
const lanes = 4;
const parameters = {
  lanes, activationBits: 8, activationSigned: false, weightBits: 8, keptBits: 4, rounding: 'truncate', shift: 'leading-one', encoding: 'inside', accumulate: 'off',
} as const;
const beats = 50;
const activations = Uint8Array.from({ length: beats * lanes }, (_, index) => (index * 37) & 255);
const weights = Int8Array.from({ length: beats * lanes }, (_, index) => index * 91);
const expected = Array.from<number | bigint, number>(new MacTreeModel(parameters).process(Uint32Array.from(activations), Int32Array.from(weights)), value => Number(value));

function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const a = write('a.npy', writeNpy([beats, lanes], activations));
const w = write('w.npy', writeNpy([beats, lanes], weights));
const call = (...flags: string[]): ReturnType<typeof called> => called(['simulate', 'mac-tree', '--lanes', String(lanes), ...flags]);
const bothInputs = ['--input', `in_activation=${a}`, '--input', `in_weight=${w}`];

async function refused(...flags: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await call(...flags);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr.split('\n')).toHaveLength(2);
  return stderr.slice('Error: '.length, -1);
}

describe('simulate', () => {
  it('runs tensors through the Verilog, and gives what the golden model gives', async () => {
    const [y, vcd] = [join(root, 'out', 'y.npy'), join(root, 'out', 'y.vcd')];
    const { exitCode, stdout } = await call(...bothInputs, '--output', `out_sum=${y}`, '--vcd', vcd, '--bubbles', '0.3', '--backpressure', '0.3');
    expect(stdout).toContain(`PASS: all ${beats} beats are those of the golden model.`);
    expect(exitCode).toBe(0);
    const { shape, data } = readNpy(readFileSync(y), 'y');
    expect(shape).toEqual([beats]);
    expect([...data]).toEqual(expected);
    expect(readFileSync(vcd, 'utf8')).toContain('$enddefinitions');
    expect(readdirSync(join(root, 'out')).sort()).toEqual(['y.npy', 'y.vcd']);
  });

  it('takes and gives JSON', async () => {
    const rows = (data: Uint8Array | Int8Array): string => JSON.stringify(Array.from({ length: beats }, (_, beat) => [...data.subarray(beat * lanes, (beat + 1) * lanes)]));
    const y = join(root, 'y.json');
    const inputs = ['--input', `in_activation=${write('a.json', rows(activations))}`, '--input', `in_weight=${write('w.json', rows(weights))}`];
    const { exitCode, stdout } = await call(...inputs, '--output', `out_sum=${y}`, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'pass', inputBeats: { in: beats }, outputBeats: { out: beats }, files: [y] });
    expect(JSON.parse(readFileSync(y, 'utf8'))).toEqual(expected);
  });

  it('exits with 1 and a picture where the Verilog is wrong', async () => {
    const { verilog } = generate('mac-tree', { lanes });
    const at = verilog.lastIndexOf(' + ');
    const wrong = write('wrong.v', `${verilog.slice(0, at)} - ${verilog.slice(at + 3)}`);
    const { exitCode, stdout } = await call(...bothInputs, '--verilog', wrong, '--vcd', join(root, 'wrong.vcd'));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/FAIL: Beat \d+ of stream 'out': element 0 of out_sum is -?\d+, expected -?\d+\./);
    expect(stdout).toMatch(/expected .*│/);
    expect(await call(...bothInputs, '--verilog', wrong, '--no-compare')).toMatchObject({ exitCode: 0 });
  });

  it('refuses tensors that do not fit', async () => {
    const input = (content: string | Uint8Array, name = 'bad.npy'): Promise<string> => refused('--input', `in_activation=${write(name, content)}`, '--input', `in_weight=${w}`);
    const bad = join(root, 'bad.npy');
    expect(await input(writeNpy([beats, 8], new Uint8Array(beats * 8)))).toBe(`in_activation takes the shape (beats, 4), and the file '${bad}' of --input has (50, 8): dimension 1 is 8, not 4.`);
    expect(await input(writeNpy([beats * lanes], activations))).toBe(`in_activation takes the shape (beats, 4), and the file '${bad}' of --input has (200,): two dimensions, not 1, are needed.`);
    expect(await input(writeNpy([0, lanes], new Uint8Array(0)))).toContain('holds no beats for in_activation');
    expect(await input(writeNpy([beats, lanes], Int16Array.from(activations, (value, index) => (index === 6 ? 256 : value))))).toBe(`Element [1, 2] of the file '${bad}' of --input is 256; in_activation takes 0 to 255.`);
    expect(await input(writeNpy([beats, lanes], Int8Array.from(activations)))).toMatch(/^Element \[\d+, \d+\] .* is -\d+; in_activation takes 0 to 255\.$/);
    expect(await input(writeNpy([beats, lanes], Float32Array.from(activations, (value, index) => (index === 3 ? 0.5 : value))))).toBe(`The file '${bad}' of --input holds float32, and its element [0, 3] is 0.5: only whole numbers are accepted.`);
    expect(await input(writeNpy([beats, lanes], activations).subarray(0, -1))).toContain('is cut short');
    expect(await input(writeNpy([49, lanes], activations.subarray(lanes)))).toBe(`The file '${w}' of --input has 50 beats for in_weight, and in_activation has 49; they go together beat by beat.`);
    expect(await input('[[1, 2], [3]]', 'bad.json')).toContain('is ragged: at [1] a list of 2 belongs');
    expect(await input('[[1, 2, 3, 4.5]]', 'bad.json')).toContain("has '4.5' at [0, 3]; only whole numbers are accepted");
    expect(await input('[[1, 2', 'bad.json')).toContain('is no JSON');
    expect(await input('1 2', 'bad.txt')).toContain('ends in neither .npy nor .json');
  });

  it('refuses ports and files that are not there', async () => {
    expect(await refused('--input', `in_activation=${a}`)).toBe('simulate needs a tensor for in_weight: --input in_weight=FILE, of shape (beats, 4), signed, 8 bits.');
    expect(await refused('--input', `in_activaton=${a}`)).toBe("--input names the port 'in_activaton'; the input ports are in_activation or in_weight. Did you mean 'in_activation'?");
    expect(await refused('--input', a)).toContain('it takes PORT=FILE, such as in_activation=tensor.npy.');
    expect(await refused('--input', `in_weight=${w}`, '--input', `in_weight=${w}`)).toBe('--input gives in_weight twice; give it once.');
    expect(await refused('--input', 'in_activation=none.npy', '--input', `in_weight=${w}`)).toBe("The file 'none.npy' of --input is not there.");
    expect(await refused(...bothInputs, '--output', 'in_weight=y.npy')).toContain("--output names the port 'in_weight'; the output ports are out_sum.");
    expect(await refused(...bothInputs, '--output', 'out_sum=/proc/narrowgate/y.npy')).toBe("'/proc/narrowgate' of --output cannot be made.");
    expect(await refused(...bothInputs, '--backpressure', '1')).toBe("--backpressure is '1'; it takes a probability from 0 to below 1, such as 0.25.");
    expect(await refused(...bothInputs, '--seed', '-1')).toMatch(/^--seed is '-1'; it takes a whole number from 0 to /);
    mkdirSync(join(root, 'folder.npy'));
    expect(await refused(...bothInputs, '--output', `out_sum=${join(root, 'folder.npy')}`)).toContain('is a folder; a file is to be written there.');
  });

  it('writes over nothing that it reads, and no file twice', async () => {
    const path = write('same.npy', readFileSync(a));
    const own = ['--input', `in_activation=${path}`, '--input', `in_weight=${w}`];
    expect(await refused(...own, '--output', `out_sum=${root}/./same.npy`)).toBe(`The file '${root}/./same.npy' of --output is read by this call too; give it another name.`);
    expect(await refused(...own, '--vcd', path)).toBe(`The file '${path}' of --vcd is read by this call too; give it another name.`);
    const rtl = write('rtl.v', generate('mac-tree', { lanes }).verilog);
    expect(await refused(...own, '--verilog', rtl, '--vcd', rtl)).toBe(`The file '${rtl}' of --vcd is read by this call too; give it another name.`);
    const twice = join(root, 'twice.npy');
    expect(await refused(...own, '--output', `out_sum=${twice}`, '--vcd', twice)).toBe(`The file '${twice}' of --vcd is written by --output too; give it another name.`);
    expect(readFileSync(path)).toEqual(readFileSync(a));
  });

  it('leaves nothing when it is interrupted', async () => {
    const interrupt = new AbortController();
    const y = join(root, 'interrupted', 'y.npy');
    const running = called(['simulate', 'mac-tree', '--lanes', String(lanes), ...bothInputs, '--output', `out_sum=${y}`, '--vcd', `${y}.vcd`], { signal: interrupt.signal });
    setImmediate(() => interrupt.abort('SIGINT'));
    expect(await running).toMatchObject({ exitCode: 130, stdout: '' });
    expect(existsSync(y)).toBe(false);
    expect(readdirSync(root).filter(name => name.includes('interrupted'))).toEqual([]);
  });
});

describe('simulate of a convolution', () => {
  const shape = Object.entries({ height: 2, width: 2, 'input-channels': 2, 'output-channels': 1, 'kernel-height': 1, 'kernel-width': 1, padding: 0, simd: 2, pe: 1 }).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const convolution = (...flags: string[]): ReturnType<typeof called> => called(['simulate', 'xnor-conv', ...shape, ...flags]);
  const tensors = (ports: Readonly<Record<string, readonly number[]>>): readonly string[] =>
    Object.entries(ports).flatMap(([port, values]) => ['--input', `${port}=${write(`conv-${port}.json`, JSON.stringify(values.map(value => [value])))}`]);

  it('sets the parameter output with a value that names no file', async () => {
    const y = join(root, 'codes.json');
    // Weights +1, +1: the sums are -2, 0, 0, 2, and at most 1 of them is asked for.
    const inputs = tensors({ in_activation: [0, 1, 2, 3], in_reload: [1, 0, 0, 0], weight_planes: [3], threshold_value: [1], threshold_direction: [1] });
    const { exitCode, stdout, stderr } = await convolution('--output', 'sign', ...inputs, '--output', `out_activation=${y}`);
    expect(stderr).not.toContain('Error');
    expect([exitCode, JSON.parse(readFileSync(y, 'utf8'))]).toEqual([0, [1, 1, 1, 0]]);
    expect(stdout).toContain('PASS: all 4 beats');
    expect((await convolution('--output', 'sign', '--output', 'levels')).stderr).toBe('Error: --output sets the parameter twice, to \'sign\' and \'levels\'; set it once.\n');
    expect((await convolution('--output', 'signs')).stderr).toBe('Error: --output is \'signs\'; it takes integer, sign or levels. Did you mean \'sign\'?\n');
  });

  it('says that a frame is cut short, and that there are weights too many', async () => {
    const { exitCode, stderr } = await convolution(...tensors({ in_activation: [0, 1, 2], in_reload: [1, 0, 0], weight_planes: [3] }));
    expect([exitCode, stderr]).toEqual([2, 'Error: The tensors of --input do not make whole frames: frame 0 ends after 3 of its 4 pixels (2 rows x 2 columns).\n']);
    const many = await convolution(...tensors({ in_activation: [0, 1, 2, 3], in_reload: [1, 0, 0, 0], weight_planes: [3, 3] }));
    expect([many.exitCode, many.stderr]).toEqual([2, 'Error: The tensors of --input do not make whole frames: the stream weight has 2 beats; 1 frame with 1 set of 1 beat would be 1.\n']);
  });
});
