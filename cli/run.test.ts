import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeParameters, units } from '../generators/index.js';
import { commands } from './commands/index.js';
import { alternatives } from './nearest.js';
import { called } from './testing/called.js';
import { testFolder } from './testing/folder.js';

const folder = testFolder();

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A wrong call: exit 2, nothing on standard output, one line on standard error, no stack trace. */
async function refused(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await called(argv);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Error: [^\n]+[.?]\n$/);
  expect(stderr).not.toMatch(/\n {4}at /);
  return stderr.slice('Error: '.length, -1);
}

const commandNames = alternatives(commands.map(({ name }) => name));
const unitNames = alternatives(units.map(({ name }) => name));

describe('a wrong call', () => {
  it.each([
    [[], `narrowgate needs a command: ${commandNames}; 'narrowgate --help' says more.`],
    [['genrate', 'mac-tree'], `There is no command 'genrate'; the commands are ${commandNames}. Did you mean 'generate'?`],
    [['frobnicate'], `There is no command 'frobnicate'; the commands are ${commandNames}.`],
    [['--lanes', '8', 'generate'], "The flag '--lanes' stands before the command; flags come after it."],
    [['--verison'], "narrowgate has no flag '--verison'. Did you mean --version?"],
    [['list', 'mac-tree'], "list takes flags only, and does not know what to do with 'mac-tree'."],
    [['generate'], `generate needs a unit: ${unitNames}.`],
    [['generate', 'mac-tre'], `There is no unit 'mac-tre'; the units are ${unitNames}. Did you mean 'mac-tree'?`],
    [['generate', 'alu'], `There is no unit 'alu'; the units are ${unitNames}.`],
    [['generate', 'mac-tree', 'extra'], "generate takes one unit and flags, and does not know what to do with 'extra'."],
    [['generate', 'mac-tree', '--', '--lanes'], "generate takes one unit and flags, and does not know what to do with '--lanes'."],
    [['generate', 'mac-tree'], 'generate needs --out DIR for its files, or --stdout to print the Verilog.'],
    [['generate', 'mac-tree', '--out', 'a', '--stdout'], '--out and --stdout contradict each other; give one of them.'],
  ])('%j', async (argv, message) => {
    expect(await refused(...argv)).toBe(message);
  });

  it.each([
    [['--lnes', '8'], "generate has no flag '--lnes'. Did you mean --lanes?"],
    [['--lnes=8'], "generate has no flag '--lnes'. Did you mean --lanes?"],
    [['-lanes', '8'], "generate has no flag '-lanes'. Did you mean --lanes?"],
    [['--keptBits', '3'], "generate has no flag '--keptBits'. Did you mean --kept-bits?"],
    [['--no-dps'], "generate has no flag '--no-dps'. Did you mean --dsp?"],
    [['--colour'], "generate has no flag '--colour'."],
    [['--lanes', '8', '--lanes', '16'], '--lanes is given twice; give it once.'],
    [['--dsp', '--no-dsp'], '--dsp is given twice; give it once.'],
    [['--dsp=maybe'], "--dsp takes no value: write --dsp or --no-dsp, not '--dsp=maybe'."],
    [['--no-lanes'], '--lanes needs a value, so there is no --no-lanes.'],
    [['--lanes', '1e3'], "--lanes is '1e3'; it takes a whole number from 2 to 4096."],
    [['--lanes', '0x10'], "--lanes is '0x10'; it takes a whole number from 2 to 4096."],
    [['--lanes', '-3'], "--lanes is '-3'; it takes a whole number from 2 to 4096."],
    [['--lanes', '16.0'], "--lanes is '16.0'; it takes a whole number from 2 to 4096."],
    [['--lanes', ' 16'], "--lanes is ' 16'; it takes a whole number from 2 to 4096."],
    [['--lanes', '99999999999'], "--lanes is '99999999999'; it takes a whole number from 2 to 4096."],
    [['--lanes', '8192'], "--lanes is '8192'; it takes a whole number from 2 to 4096."],
    [['--rounding', 'nearest'], "--rounding is 'nearest'; it takes truncate, nearest-even or unbiased. Did you mean 'nearest-even'?"],
    [['--accumulate', '17'], "--accumulate is '17'; it takes off or 0 to 16."],
    [['--pipeline', 'ful'], "--pipeline is 'ful'; it takes none, output, full or 1 to 64. Did you mean 'full'?"],
    [['--lanes', '12'], '--lanes is 12, not a power of two.'],
    [['--kept-bits', '9'], '--kept-bits is 9, more than the 8 bits of an activation.'],
  ])('generate mac-tree %j', async (flags, message) => {
    expect(await refused('generate', 'mac-tree', '--stdout', ...flags)).toBe(message);
  });

  it.each([[['--lanes']], [['--lanes=']], [['--lanes', '']], [['--lanes', '--dsp']]])('a flag without its value: %j', async flags => {
    expect(await refused('generate', 'mac-tree', '--stdout', ...flags)).toMatch(/^--lanes needs a value: /);
  });

  it('names the flag where parameters contradict each other', async () => {
    expect(await refused('generate', 'mac-tree', '--stdout', '--pipeline', 'none')).toMatch(/^--pipeline 'none' has no registers, and flow 'stream' .*; use /);
  });

  it('refuses a parameter of another unit', async () => {
    expect(await refused('generate', 'activation-encoder', '--stdout', '--weight-bits', '4')).toBe('activation-encoder has no parameter --weight-bits.');
  });

  it.each([
    ['{"lanes": 8', /^The file '.*' of --parameters is no JSON: /],
    ['[8]', /holds no JSON object/],
    ['{"lnes": 8}', /has a key 'lnes' that mac-tree does not know\. Did you mean 'lanes'\?$/],
    ['{"lanes": "8"}', /has "8" for 'lanes'; it takes 2 to 4096\.$/],
    ['{"unit": "activation-encoder", "parameters": {}}', /is for the unit 'activation-encoder', not for 'mac-tree'\.$/],
  ])('a parameter file with %s', async (content, message) => {
    expect(await refused('generate', 'mac-tree', '--stdout', '--parameters', file('parameters.json', content))).toMatch(message);
  });

  it('a parameter file that is not there, or is a folder', async () => {
    expect(await refused('generate', 'mac-tree', '--stdout', '--parameters', join(folder, 'none.json'))).toBe(`The file '${join(folder, 'none.json')}' of --parameters is not there.`);
    expect(await refused('generate', 'mac-tree', '--stdout', '--parameters', folder)).toBe(`The file '${folder}' of --parameters is a folder.`);
  });
});

describe('parameters', () => {
  const generated = async (...flags: string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await called(['generate', 'mac-tree', '--stdout', '--json', ...flags]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { manifest } = JSON.parse(stdout) as { readonly manifest: { readonly parameters: unknown } };
    return manifest.parameters;
  };

  it('come from flags of every kind', async () => {
    expect(await generated('--lanes=8', '--activation-signed', '--no-dsp', '--rounding', 'unbiased', '--pipeline', '3', '--accumulate', '8'))
      .toMatchObject({ lanes: 8, activationSigned: true, dsp: false, rounding: 'unbiased', pipeline: 3, accumulate: 8 });
  });

  it('come from a file, and flags win over it', async () => {
    const path = file('some.json', '{"lanes": 8, "keptBits": 3}');
    expect(await generated('--parameters', path, '--lanes', '32')).toMatchObject({ lanes: 32, keptBits: 3, weightBits: 8 });
  });

  it('come from a manifest', async () => {
    const { stdout } = await called(['generate', 'mac-tree', '--stdout', '--json', '--lanes', '4', '--shift', 'fixed']);
    const { manifest } = JSON.parse(stdout) as { readonly manifest: unknown };
    expect(await generated('--parameters', file('manifest.json', JSON.stringify(manifest)))).toMatchObject({ lanes: 4, shift: 'fixed' });
  });
});

describe('help', () => {
  it('lists all commands', async () => {
    const { exitCode, stdout, stderr } = await called(['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^ *${name} +\\S`, 'm'));
  });

  it('shows every parameter of a unit with what it takes and its default', async () => {
    const { exitCode, stdout } = await called(['generate', 'mac-tree', '--help']);
    expect(exitCode).toBe(0);
    for (const { flag } of describeParameters('mac-tree')) expect(stdout).toContain(`--${flag} `);
    expect(stdout).toMatch(/--lanes .*\(2 to 4096\)\s*\[string\] \[default: 16\]/);
    expect(stdout).toContain('--activation-bits keeps all');
  });

  it('shows examples that can be copied: each on a line, whatever the width', async () => {
    for (const { load } of commands) {
      const { name, examples } = await load();
      const { stdout } = await called([name, '--help']);
      for (const example of examples) expect(stdout.split('\n')).toContain(`  ${example}`);
    }
  });

  it.each(commands.map(command => command.name))('of %s begins with its usage', async name => {
    for (const argv of [[name, '--help'], [name, '-h'], ['help', name]]) {
      const { exitCode, stdout } = await called(argv);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: narrowgate ${name}`));
    }
  });

  it('shows the version', async () => {
    expect(await called(['--version'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown });
  });
});

describe('list', () => {
  it('has a line for each unit', async () => {
    const { exitCode, stdout } = await called(['list']);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n').map(line => line.split(' ')[0])).toEqual(units.map(unit => unit.name));
  });

  it('gives the parameters as JSON', async () => {
    const { stdout } = await called(['list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject(units.map(({ name }) => ({ name, parameters: describeParameters(name).map(({ flag }) => ({ flag })) })));
  });
});

describe('an unexpected failure', () => {
  it('is one sentence, and a trace only where it is asked for', async () => {
    const broken = async (environment: Readonly<Record<string, string>>): Promise<string> => {
      let stderr = '';
      const { run } = await import('./run.js');
      const exitCode = await run(['list'], {
        stdout: { write: () => { throw new TypeError('the pipe is upside down'); } }, stderr: { write: text => { stderr += text; } },
        signal: new AbortController().signal, isTerminal: false, environment,
      });
      expect(exitCode).toBe(3);
      return stderr;
    };
    expect(await broken({})).toBe('Error: An unexpected failure: the pipe is upside down.\n  Set NARROWGATE_DEBUG=1 to see where.\n');
    expect(await broken({ NARROWGATE_DEBUG: '1' })).toMatch(/\n {4}at /);
  });
});
