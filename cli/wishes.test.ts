import { describe, expect, it } from 'vitest';
import { called } from './testing/called.js';

const small = ['mac-tree', '--lanes', '2', '--activation-bits', '4', '--kept-bits', '4', '--weight-bits', '4', '--no-dsp', '--stdout'];

describe('what is left to the cost model', () => {
  it('is said, and lands in the Verilog and the manifest', async () => {
    const { exitCode, stdout, stderr } = await called(['generate', ...small, '--json', '--target', 'ice40', '--frequency', '120', '--strategy', 'auto']);
    expect(exitCode).toBe(0);
    const [, pipeline = '', target = ''] = /^Chosen for ice40: pipeline (\w+), target (\w+) \(predicted: \d+ LC, \d+ MHz, latency \d+ clocks?\)\.\n$/.exec(stderr) ?? expect.fail(stderr);
    const { manifest, verilog } = JSON.parse(stdout) as { manifest: { parameters: { pipeline: unknown; target: unknown } }; verilog: string };
    expect([String(manifest.parameters.pipeline), manifest.parameters.target]).toEqual([pipeline, target]);
    const again = await called(['generate', ...small, '--pipeline', pipeline, '--target', target]);
    expect(again.stdout).toBe(verilog);
  });

  it('may be for a device that the unit is not fitted to', async () => {
    const { exitCode, stderr } = await called(['generate', ...small, '--device', 'ecp5', '--frequency', '100']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Chosen for ecp5: pipeline \w+ /);
  });

  it.each([
    [['--frequency', '100'], '--frequency needs a device to predict for; give --target ice40, ecp5 or xc7, or --device for a unit of --target generic.'],
    [['--frequency', '0', '--target', 'ice40'], '--frequency is \'0\'; it takes a number of MHz above 0, such as 180.'],
    [['--frequency', '1e3', '--target', 'ice40'], '--frequency is \'1e3\'; it takes a number of MHz above 0, such as 180.'],
    [['--frequency', '100', '--pipeline', '3', '--target', 'ice40'], '--frequency and --pipeline contradict each other; give one of them.'],
    [['--strategy', 'fited', '--target', 'ice40'], '--strategy is \'fited\'; it takes fitted, generic or auto. Did you mean \'fitted\'?'],
    [['--strategy', 'auto', '--target', 'ice40', '--device', 'xc7'], '--device xc7 and --target ice40 contradict each other; give one of them.'],
    [['--device', 'ice40'], '--device is the device that --frequency and --strategy are for; give one of them too.'],
  ])('%j is refused in a sentence', async (flags, message) => {
    const { exitCode, stderr } = await called(['generate', ...small, ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('that cannot be had is refused with the best that can', async () => {
    const { exitCode, stderr } = await called(['generate', ...small, '--target', 'ice40', '--frequency', '900']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/mac-tree is not predicted to reach 900 MHz on ice40: the most is \d+ MHz, with pipeline \w+\./);
  });

  it('is for parameters that the unit has, and for a unit', async () => {
    expect((await called(['generate', 'prune-unit', '--stdout', '--device', 'ice40', '--frequency', '50'])).stderr).toContain('--frequency chooses the parameter pipeline, which prune-unit does not have.');
    expect((await called(['generate', 'prune-unit', '--stdout', '--device', 'ice40', '--strategy', 'auto'])).stderr).toContain('--strategy chooses the parameter target, which prune-unit does not have.');
    expect((await called(['synth', '--target', 'ice40', '--frequency', '100', '--file', 'a.v', '--top', 'a'])).stderr).toContain('--frequency is for a unit, and none is given.');
  });
});
