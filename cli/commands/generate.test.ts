import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { called } from '../testing/called.js';
import { testFolder } from '../testing/folder.js';

const root = testFolder();

describe('generate', () => {
  it('writes the Verilog and the manifest, and nothing else', async () => {
    const folder = join(root, 'a', 'deep', 'folder');
    const { exitCode, stdout, stderr } = await called(['generate', 'mac-tree', '--lanes', '8', '--out', folder]);
    const { verilog, manifest } = generate('mac-tree', { lanes: 8 });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(join(folder, `${manifest.top}.v`));
    expect(readdirSync(folder).sort()).toEqual([`${manifest.top}.json`, `${manifest.top}.v`]);
    expect(readFileSync(join(folder, `${manifest.top}.v`), 'utf8')).toBe(verilog);
    expect(JSON.parse(readFileSync(join(folder, `${manifest.top}.json`), 'utf8'))).toEqual(manifest);
  });

  it('writes the same bytes twice, over what was there', async () => {
    const folder = join(root, 'twice');
    const write = async (): Promise<readonly string[]> => {
      expect((await called(['generate', 'activation-encoder', '--out', folder])).exitCode).toBe(0);
      return readdirSync(folder).sort().map(name => readFileSync(join(folder, name), 'utf8'));
    };
    const first = await write();
    expect(await write()).toEqual(first);
  });

  it('says as JSON what it wrote', async () => {
    const { stdout } = await called(['generate', 'mac-tree', '--out', join(root, 'json'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ unit: 'mac-tree', top: 'mac_tree', parameters: { lanes: 16 }, files: [join(root, 'json', 'mac_tree.v'), join(root, 'json', 'mac_tree.json')] });
  });

  it('prints the Verilog, with and without places of the source', async () => {
    expect((await called(['generate', 'mac-tree', '--stdout'])).stdout).toBe(generate('mac-tree', {}).verilog);
    const { stdout } = await called(['generate', 'mac-tree', '--stdout', '--no-source-lines']);
    expect(stdout).toBe(generate('mac-tree', {}, { sourceLines: false }).verilog);
    expect(stdout).not.toMatch(/\.ts:\d/);
  });

  it('refuses a folder that is a file, lies under one, or cannot be made, and leaves nothing', async () => {
    const file = join(root, 'file');
    writeFileSync(file, 'mine');
    const refused = async (folder: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await called(['generate', 'mac-tree', '--out', folder]);
      expect([exitCode, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await refused(file)).toBe(`Error: '${file}' of --out is a file; a folder is needed.\n`);
    expect(await refused(join(file, 'below'))).toBe(`Error: '${join(file, 'below')}' of --out lies under a file; a folder is needed.\n`);
    expect(await refused('/proc/narrowgate')).toBe("Error: '/proc/narrowgate' of --out cannot be made.\n");
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('writes neither file where one cannot stand', async () => {
    const folder = join(root, 'blocked');
    mkdirSync(join(folder, 'mac_tree.json'), { recursive: true });
    const { exitCode, stderr } = await called(['generate', 'mac-tree', '--out', folder]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`Error: '${join(folder, 'mac_tree.json')}' of --out is a folder; a file is to be written there.\n`);
    expect(readdirSync(folder)).toEqual(['mac_tree.json']);
  });

  it('leaves nothing when it is interrupted', async () => {
    const folder = join(root, 'interrupted', 'deep');
    const interrupt = new AbortController();
    const call = called(['generate', 'mac-tree', '--lanes', '64', '--out', folder], { signal: interrupt.signal });
    interrupt.abort('SIGINT');
    expect(await call).toEqual({ exitCode: 130, stdout: '', stderr: 'Interrupted.\n' });
    expect(readdirSync(root)).not.toContain('interrupted');
  });
});
