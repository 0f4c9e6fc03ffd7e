import { describe, expect, it } from 'vitest';
import { called } from '../testing/called.js';

interface Report {
  readonly good: boolean;
  readonly tools: readonly { readonly name: string; readonly found: boolean; readonly needed: boolean; readonly detail: string; readonly hint?: string }[];
}

async function report(environment: Readonly<Record<string, string>>): Promise<{ readonly exitCode: number; readonly report: Report }> {
  const { exitCode, stdout } = await called(['doctor', '--json'], { environment });
  return { exitCode, report: JSON.parse(stdout) as Report };
}

describe('doctor', () => {
  it('finds what verification needs, with versions', async () => {
    const { exitCode, report: { good, tools } } = await report({});
    expect([exitCode, good]).toEqual([0, true]);
    expect(tools.map(tool => tool.name)).toEqual(['Node.js', 'Verilator', 'C++ compiler', 'vcd-stream', 'make', 'Icarus Verilog', 'Yosys', 'nextpnr-ice40', 'z3']);
    for (const { needed, found, detail, hint } of tools) {
      expect(detail).not.toBe('');
      if (needed) expect(found).toBe(true);
      if (!found) expect(hint).toMatch(/install/);
    }
    expect(tools.find(tool => tool.name === 'Verilator')?.detail).toMatch(/^Verilator \d+\.\d+/);
  });

  it.each([['VERILATOR', 'Verilator'], ['CXX', 'C++ compiler']])('exits with 3 and a hint where %s points nowhere', async (variable, name) => {
    const { exitCode, report: { good, tools } } = await report({ [variable]: '/nowhere/tool' });
    expect([exitCode, good]).toEqual([3, false]);
    expect(tools.find(tool => tool.name === name)).toMatchObject({ found: false, needed: true, detail: '/nowhere/tool was not found or cannot be started.', hint: expect.stringMatching(/apt-get install/) as unknown });
    const { exitCode: same, stdout } = await called(['doctor'], { environment: { [variable]: '/nowhere/tool' } });
    expect(same).toBe(3);
    expect(stdout).toContain(`MISSING  ${name}`);
    expect(stdout).toContain(`Needed and missing: ${name}.`);
  });
});
