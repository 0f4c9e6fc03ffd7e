import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate, units } from '../generators/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A command of the README and the output that it shows. */
interface Shown {
  readonly command: string;
  readonly output: string;
}

function shownIn(text: string): readonly (readonly Shown[])[] {
  return [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
    block.split(/^\$ /m).slice(1).map(part => {
      const [command = '', ...output] = part.split('\n');
      return { command, output: output.join('\n').trimEnd() };
    }));
}

/** Figures that differ from run to run: times, rates, tool versions. */
function masked(text: string): string {
  return text
    .replace(/\d+(\.\d+)? ?(s|ms|M beats\/s|M clocks\/s)\b/g, '# $2')
    .replace(/(Verilator|g\+\+|node|Yosys|Z3|Icarus Verilog)( version)? v?\d[^\s,)]*/gi, '$1 #')
    .replace(/[ \t]+/g, ' ')
    .trimEnd();
}

describe('the README', () => {
  const place = mkdtempSync(join(tmpdir(), 'narrowgate-readme-'));

  beforeAll(() => symlinkSync(join(root, 'dist/cli/main.js'), join(place, 'narrowgate')));
  afterAll(() => rmSync(place, { recursive: true }));

  const blocks = shownIn(readme);

  it('shows commands', () => {
    expect(blocks.flat().length).toBeGreaterThan(3);
  });

  it.each(blocks.flat().map(shown => [shown.command, shown] as const))('shows what `%s` prints', (command, { output }) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
      cwd: place, encoding: 'utf8', env: { ...process.env, PATH: `${place}${delimiter}${process.env.PATH ?? ''}`, NO_COLOR: '1', CI: 'true' },
    });
    expect(masked(status === 0 || status === 1 ? stdout : stderr)).toBe(masked(output));
  });

  it('names every unit', () => {
    for (const { name } of units) expect(readme).toContain(`\`${name}\``);
  });

  it('shows the module as it is emitted', () => {
    const [, ports = ''] = /```verilog\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(ports).not.toBe('');
    expect(generate('mac-tree', {}).verilog).toContain(ports.trim());
  });
});
