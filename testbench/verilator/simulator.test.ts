import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromIntegers, toBigints, type Beats, type Streams } from '../beats.js';
import { createRandom } from '../random.js';
import { adder, dotProduct, type AdderOptions, type HandWrittenDesign } from '../testing/designs.js';
import { buildExecutable } from './build.js';
import { defaultCacheDirectory } from '../../system/cache.js';
import { driverOperands, type DriverSource } from './driver-operands.js';
import { buildSimulator, type BulkSource, type Simulator } from './simulator.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const build = (design: HandWrittenDesign, trace = false): Promise<Simulator> => buildSimulator(design, { trace });

/** Seeded operands of an adder. */
function operands(design: HandWrittenDesign, count: number, seed = 1): Streams {
  const random = createRandom(seed);
  const ports = Object.fromEntries(design.manifest.ports.filter(port => ['in_a', 'in_b'].includes(port.name)).map(port => {
    const values = Array.from({ length: count * port.elements }, () => {
      const bits = random.bits(port.elementWidth);
      return port.signed ? BigInt.asIntN(port.elementWidth, bits) : bits;
    });
    return [port.name, fromIntegers(port, values)];
  }));
  return { in: { count, ports } };
}

function sums(beats: Beats | undefined): readonly bigint[] {
  const [a, b] = [toBigints(beats?.ports.in_a ?? []), toBigints(beats?.ports.in_b ?? [])];
  return a.map((value, index) => value + (b[index] ?? 0n));
}

const seen = (streams: Streams): readonly bigint[] => toBigints(streams.out?.ports.out_sum ?? []);

describe('a full run', () => {
  const shapes: readonly AdderOptions[] = [
    { flow: 'stream' }, { flow: 'valid', latency: 2 }, { flow: 'none', latency: 1 }, { flow: 'none', latency: 0, width: 13, lanes: 1 },
    { flow: 'stream', lanes: 3, width: 40, latency: 2 }, { flow: 'valid', lanes: 2, width: 70, latency: 1 },
  ];
  it.each(shapes)('gives every sum, $latency clocks after its operands, with flow $flow and $lanes x $width bits', async options => {
    const design = adder(options);
    const inputs = operands(design, 60);
    const { outputs, inputCycles, outputCycles, cycles } = await (await build(design)).run(inputs, { seed: 5 });
    expect(seen(outputs)).toEqual(sums(inputs.in));
    const { latency = NaN } = design.manifest;
    expect(outputCycles.out).toEqual(inputCycles.in?.map(cycle => cycle + latency));
    // One beat a clock: nobody stalls.
    expect((inputCycles.in?.at(-1) ?? 0) - (inputCycles.in?.at(0) ?? 0)).toBe(59);
    expect(cycles).toBeGreaterThan(outputCycles.out?.at(-1) ?? 0);
  });

  it('loses nothing under bubbles and backpressure, and repeats itself from its seed', async () => {
    const design = adder({ flow: 'stream' });
    const simulator = await build(design);
    const inputs = operands(design, 400);
    const options = { seed: 11, bubbles: 0.4, backpressure: 0.6 };
    const first = await simulator.run(inputs, options);
    expect(seen(first.outputs)).toEqual(sums(inputs.in));
    expect(first.cycles).toBeGreaterThan(900);
    const again = await simulator.run(inputs, options);
    expect(again.outputCycles).toEqual(first.outputCycles);
    const other = await simulator.run(inputs, { ...options, seed: 12 });
    expect(other.outputCycles).not.toEqual(first.outputCycles);
  });

  it('takes no beats at all', async () => {
    const design = adder({ flow: 'stream' });
    const { outputs } = await (await build(design)).run(operands(design, 0), { seed: 1 });
    expect(outputs.out?.count).toBe(0);
  });

  it('writes the waveforms of the window that was asked, edges at 10 c + 5', async () => {
    const design = adder({ flow: 'stream' });
    const simulator = await build(design, true);
    const file = join(directory, 'window.vcd');
    const plain = await simulator.run(operands(design, 50), { seed: 1 });
    const traced = await simulator.run(operands(design, 50), { seed: 1, vcd: { file, firstCycle: 10, lastCycle: 14 } });
    expect(traced.outputs).toEqual(plain.outputs);
    const text = readFileSync(file, 'utf8');
    const times = [...text.matchAll(/^#(\d+)$/gm)].map(match => Number(match[1]));
    expect(times[0]).toBe(100);
    expect(times.at(-1)).toBe(145);
    const clock = /\$var wire\s+1 (\S+) clk \$end/.exec(text)?.[1] ?? '';
    const rises = [...text.matchAll(/^#(\d+)\n((?:[^#].*\n)*)/gm)].filter(([, , changes = '']) => changes.split('\n').includes(`1${clock}`)).map(match => Number(match[1]));
    expect(rises).toEqual([105, 115, 125, 135, 145]);
    await expect((await build(design)).run(operands(design, 1), { seed: 1, vcd: { file, firstCycle: 0, lastCycle: 1 } })).rejects.toThrow('built without waveforms');
  });
});

describe('the waveforms of a large design', () => {
  it('have its ports alone', async () => {
    const { verilog, manifest } = adder({ flow: 'stream' });
    const signals = async (design: HandWrittenDesign): Promise<readonly string[]> => {
      const file = join(directory, 'signals.vcd');
      await (await build(design, true)).run(operands(design, 5), { seed: 1, vcd: { file, firstCycle: 0, lastCycle: 5 } });
      return [...new Set([...readFileSync(file, 'utf8').matchAll(/\$var wire +\d+ \S+ (\w+)/g)].map(([, name = '']) => name))].sort();
    };
    const ports = manifest.ports.map(port => port.name).sort();
    expect(await signals({ verilog, manifest })).toEqual([...ports, 'move', 'sum_next', 'sums', 'valid'].sort());
    expect(await signals({ verilog: `// first line\n${verilog}${'// filled up\n'.repeat(20_000)}`, manifest })).toEqual(ports);
  });
});

describe('a design that is wrong', () => {
  const run = async (fault: NonNullable<AdderOptions['fault']>, stalls = {}): Promise<{ wanted: readonly bigint[]; found: readonly bigint[] }> => {
    const design = adder({ flow: 'stream', fault });
    const inputs = operands(design, 300);
    const result = await (await build(design)).run(inputs, { seed: 3, ...stalls });
    return { wanted: sums(inputs.in), found: seen(result.outputs) };
  };

  it('shows its wrong sums', async () => {
    const { wanted, found } = await run('wrong-sum');
    expect(found.length).toBe(wanted.length);
    const wrong = wanted.filter((sum, index) => found[index] !== sum).length;
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThan(60);
  });

  it('shows the beats that it loses under backpressure', async () => {
    const { wanted, found } = await run('lost-beat', { backpressure: 0.5 });
    expect(found.length).toBeLessThan(wanted.length);
  });

  it('that stops taking input is a deadlock, with the stream and the count', async () => {
    await expect(run('deadlock')).rejects.toMatchObject({
      kind: 'design',
      message: expect.stringMatching(/^Deadlock: no beat has moved for \d+ clocks at cycle \d+; stream in offers a beat and is not ready, after \d+ beats in and \d+ beats out\.$/) as string,
    });
  });

  it('whose output never ends is told', async () => {
    await expect(run('endless')).rejects.toMatchObject({ kind: 'design', message: expect.stringContaining('clocks after the last input') as string });
  });

  it('that fails a check inside is told with the text of the check', async () => {
    await expect(run('stop')).rejects.toMatchObject({
      kind: 'design', message: expect.stringMatching(/^adder stopped itself at adder\.v:\d+: adder\.ts:12: the operand must not end in 15\.$/) as string,
    });
  });

  it('that takes too many clocks is stopped', async () => {
    const design = adder({ flow: 'stream' });
    await expect((await build(design)).run(operands(design, 300), { seed: 1, maxCycles: 100 })).rejects.toMatchObject({
      kind: 'design', message: expect.stringMatching(/^The run was stopped after 100 clocks, with \d+ beats in and \d+ beats out\.$/) as string,
    });
  });
});

describe('a wrong call', () => {
  it('is told before anything runs', async () => {
    const design = adder({ flow: 'stream' });
    const simulator = await build(design);
    const inputs = operands(design, 2);
    await expect(simulator.run({}, { seed: 1 })).rejects.toMatchObject({ kind: 'usage', message: 'The stimulus of adder lacks the stream in.' });
    await expect(simulator.run({ ...inputs, weights: { count: 0, ports: {} } }, { seed: 1 })).rejects.toThrow('adder has no input stream weights; it has in.');
    await expect(simulator.run(inputs, { seed: 1, bubbles: 1 })).rejects.toThrow('bubbles is a probability in 0 .. 1, below 1, not 1.');
    await expect(simulator.bulk({ seed: 1, source: { kind: 'counter', first: 2n ** 53n, count: 1 }, onOutputs: () => true })).rejects.toThrow('can count to 2^53');
  });

  it('in the manifest is told before anything is built', async () => {
    const { verilog, manifest } = adder({ flow: 'stream' });
    const wrong = (change: Partial<typeof manifest>): Promise<Simulator> => build({ verilog, manifest: { ...manifest, ...change } });
    await expect(wrong({ streams: manifest.streams.slice(0, 1) })).rejects.toThrow('needs an input stream and an output stream');
    await expect(wrong({ ports: manifest.ports.filter(port => port.name !== 'in_b') })).rejects.toThrow('names a port in_b');
    await expect(wrong({ ports: [...manifest.ports, ...manifest.ports.slice(-2, -1).map(port => ({ ...port, name: 'mode' }))] })).rejects.toThrow('Input mode of adder belongs to no stream');
    await expect(wrong({ ports: manifest.ports.map(port => port.name === 'in_a' ? { ...port, elements: 3 } : port) })).rejects.toThrow('32 bits, which are not 3 elements of 8 bits');
  });

  it('leaves no process and no file behind, and a stimulus file that was cut short is told', async () => {
    const design = adder({ flow: 'stream' });
    const { executable } = await buildExecutable(design, { trace: false });
    const stimulus = join(directory, 'short');
    const ending = join(directory, 'ending');
    const header = Uint32Array.from([0x5453474e, 1, 10, 0]);
    writeFileSync(stimulus, new Uint8Array(header.buffer));
    const seeds = Array.from({ length: 8 }, (_, index) => index + 1).join(',');
    const run = spawnSync(executable, ['reset=2', 'cycles=100', 'watchdog=100', 'drain=10', 'expected=1', 'soon=10', 'tail=100', 'bubbles=0', 'backpressure=0', `seeds=${seeds}`, 'source=file',
      `stimulus=${stimulus}`, `responses=${join(directory, 'responses')}`, `ending=${ending}`]);
    expect(run.status).toBe(1);
    expect(readFileSync(ending, 'utf8')).toBe(`tool\nThe stimulus file ${stimulus} is cut short: it has 16 bytes where 96 are needed\n`);
    expect(existsSync(join(directory, 'responses'))).toBe(false);
  });
});

describe('a bulk run', () => {
  const design = dotProduct(4);
  const collect = async (simulator: Simulator, source: BulkSource, stalls = {}): Promise<readonly bigint[]> => {
    const sums: bigint[] = [];
    let beatCount = 0;
    const result = await simulator.bulk({ seed: 2, source, ...stalls, onOutputs: (_stream, beats) => {
      beatCount += beats.count;
      sums.push(...toBigints(beats.ports.out_sum ?? []));
      return true;
    } });
    expect(result.outputBeats).toBe(beatCount);
    return sums;
  };
  const dot = (chunks: Iterable<Streams>): readonly bigint[] => [...chunks].flatMap(({ in: beats }) => {
    const [a, w] = [toBigints(beats?.ports.in_activation ?? []), toBigints(beats?.ports.in_weight ?? [])];
    return Array.from({ length: beats?.count ?? 0 }, (_, beat) => [0, 1, 2, 3].reduce((sum, lane) => sum + (a[4 * beat + lane] ?? 0n) * (w[4 * beat + lane] ?? 0n), 0n));
  });

  it('makes the same random operands as we do here, in chunks of any size', async () => {
    const simulator = await build(design);
    const source: DriverSource = { kind: 'random', state: createRandom(9).state(), count: 70_001 };
    const found = await collect(simulator, source);
    expect(found).toEqual(dot(driverOperands(simulator.manifest, source, 1000)));
    expect(dot(driverOperands(simulator.manifest, source, 999)).slice(0, 5000)).toEqual(found.slice(0, 5000));
    expect(new Set(found).size).toBeGreaterThan(20_000);
    const reused: bigint[] = [];
    for (const chunk of driverOperands(simulator.manifest, source, 1000, { reuse: true })) reused.push(...dot([chunk]));
    expect(reused).toEqual(found);
  });

  it('counts through the operands as we do here, also across words and with odd widths', async () => {
    const odd = adder({ flow: 'none', latency: 0, lanes: 1, width: 13 });
    const simulator = await build(odd);
    const all = [...driverOperands(simulator.manifest, { kind: 'counter', first: 0n, count: 2 ** 14 }, 5000)].flatMap(({ in: beats }) => sums(beats));
    expect(await collect(simulator, { kind: 'counter', first: 0n, count: 2 ** 14 })).toEqual(all);
    // The first port is lowest: a counts from 0 while b stays, then b is 1.
    expect(all.slice(0, 3)).toEqual([0n, 1n, 2n]);
    expect(all[2 ** 13]).toBe(1n);
    const wide = await build(adder({ flow: 'valid', lanes: 2, width: 70, latency: 1 }));
    for (const first of [2n ** 31n, 2n ** 32n - 3n, 2n ** 52n]) {
      const source: BulkSource = { kind: 'counter', first, count: 10 };
      expect(await collect(wide, source)).toEqual([...driverOperands(wide.manifest, source, 3)].flatMap(({ in: beats }) => sums(beats)));
    }
  });

  it('takes operands made here, chunk after chunk, under stalls', async () => {
    const simulator = await build(adder({ flow: 'stream' }));
    const chunks = [3, 0, 2000, 1].map((count, index) => operands(adder({ flow: 'stream' }), count, index));
    const found = await collect(simulator, { kind: 'beats', chunks }, { bubbles: 0.2, backpressure: 0.3 });
    expect(found).toEqual(chunks.flatMap(({ in: beats }) => sums(beats)));
  });

  it('ends when its reader has enough, when it is aborted and when its operands cannot be made', async () => {
    const simulator = await build(design);
    const endless: BulkSource = { kind: 'random', state: createRandom(1).state(), count: 2 ** 50 };
    const stopped = await simulator.bulk({ seed: 1, source: endless, onOutputs: () => false });
    expect(stopped).toMatchObject({ stopped: true });
    expect(stopped.outputBeats).toBeGreaterThan(0);
    const controller = new AbortController();
    const aborted = simulator.bulk({ seed: 1, source: endless, signal: controller.signal, onOutputs: () => {
      controller.abort(new Error('enough'));
      return true;
    } });
    await expect(aborted).rejects.toThrow('enough');
    const broken = function* (): Generator<Streams> {
      yield* driverOperands(simulator.manifest, { kind: 'random', state: createRandom(1).state(), count: 10 }, 5);
      throw new Error('no more operands');
    };
    await expect(simulator.bulk({ seed: 1, source: { kind: 'beats', chunks: broken() }, onOutputs: () => true })).rejects.toThrow('no more operands');
    const mine = readdirSync(join(defaultCacheDirectory(), 'tmp')).filter(name => name.startsWith(`${process.pid}-`));
    expect(mine).toEqual([]);
  });

  it('that deadlocks or stops is told as in a full run', async () => {
    const stuck = await build(adder({ flow: 'stream', fault: 'deadlock' }));
    const source: DriverSource = { kind: 'random', state: createRandom(1).state(), count: 10_000 };
    await expect(stuck.bulk({ seed: 1, source, onOutputs: () => true })).rejects.toThrow('Deadlock: no beat has moved');
    const stops = await build(adder({ flow: 'stream', fault: 'stop' }));
    await expect(stops.bulk({ seed: 1, source, onOutputs: () => true })).rejects.toThrow('the operand must not end in 15');
  });
});
