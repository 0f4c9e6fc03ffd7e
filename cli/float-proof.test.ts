import { beforeAll, describe, expect, it } from 'vitest';
import { buildCommand, runCommand } from './testing/built.js';

beforeAll(buildCommand);

describe.each(['generic', 'ice40', 'ecp5', 'xc7'])('the default multiplier of 1-5-7 for %s', target => {
  it('is right for all 67,108,864 pairs of operands, of every class with every class and in every case of rounding', async () => {
    const { exitCode, stdout } = await runCommand(['verify', 'float-mul', '--target', target, ...(target === 'generic' ? [] : ['--no-dsp']), '--exhaustive', '--no-trace', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'pass', bulk: { method: 'exhaustive', beats: 2 ** 26, bits: 13 * 2 ** 26 }, coverage: { missed: [] } });
  });
});

describe.each([['binary16', '5', '10'], ['bfloat16', '8', '7']])('a multiplier of %s', (_name, exponentBits, mantissaBits) => {
  it('is right for 10,000,000 pairs, directed ones of every class and case and random ones', async () => {
    const { exitCode, stdout } = await runCommand(['verify', 'float-mul', '--exponent-bits', exponentBits, '--mantissa-bits', mantissaBits, '--vectors', '10000000', '--no-trace', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'pass', bulk: { method: 'vectors', beats: 10_000_000 }, coverage: { missed: [] } });
  });
});
