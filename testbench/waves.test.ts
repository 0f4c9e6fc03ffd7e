import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBigints } from './beats.js';
import type { Manifest } from './manifest.js';
import { ElementCollector } from './vcd/elements.js';
import { runPipe } from './vcd/testing/pipe-waves.js';
import { withFile } from './vcd/testing/temporary-file.js';
import { readTransactions, type WaveOptions, type WaveStream, type WaveTransactions } from './waves.js';

const read = (vcd: string, manifest: Manifest, options?: WaveOptions): Promise<WaveTransactions> => withFile(vcd, file => readTransactions(file, manifest, options));

function integers(stream: WaveStream | undefined, port: string): readonly number[] {
  return toBigints(stream?.beats.ports[port] ?? []).map(Number);
}

describe('the transactions on the wires', () => {
  it('are every beat once, in order, whatever stalls and bubbles there are', async () => {
    const pattern = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }).map(list => [...list, true]);
    await fc.assert(fc.asyncProperty(fc.nat(30), pattern, pattern, fc.integer({ min: 1, max: 6 }), fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      async (beats, offers, allows, latency, group) => {
        const at = (list: readonly boolean[]) => (cycle: number) => list[cycle % list.length] ?? true;
        const run = runPipe(beats, { latency, offer: at(offers), allow: at(allows), ...(group === undefined ? {} : { group }) });
        const { streams, samples } = await read(run.vcd, run.manifest);
        expect(streams.in?.beats.count).toBe(beats);
        expect(integers(streams.in, 'in_activation')).toEqual(run.inputs.flat());
        expect(integers(streams.out, 'out_sum')).toEqual(run.sums);
        for (const stream of Object.values(streams)) expect(stream.beats.count + stream.stalls + stream.bubbles).toBe(samples.count - 2);
      }), { numRuns: 60 });
  });

  it('carry the cycle in which they moved', async () => {
    const run = runPipe(3, { latency: 2, resetCycles: 2, offer: cycle => cycle !== 3, allow: cycle => cycle !== 6 });
    const { streams, samples, summary } = await read(run.vcd, run.manifest);
    expect(streams.in).toMatchObject({ cycles: Uint32Array.from([2, 4, 5]), stalls: 0 });
    expect(streams.out).toMatchObject({ cycles: Uint32Array.from([4, 7, 8]), stalls: 1 });
    expect(streams.out?.beats.ports.out_sum).toBeInstanceOf(Int32Array);
    expect([samples.firstCycle, samples.port('clk').value(4), samples.port('out_valid').value(4), samples.port('out_valid').value(5)]).toEqual([0, 0n, 1n, 0n]);
    expect(summary.lastTime).toBe(10 * (samples.endCycle - 1) + 5);
    expect(() => samples.port('nothing')).toThrow("port 'nothing' was not sampled");
    expect(() => samples.port('clk').value(-1)).toThrow('cycle -1 was not sampled');
  });

  it('keep their cycle in a window that begins late in a run', async () => {
    const run = runPipe(20, { window: { first: 8, last: 15 } });
    const { streams, samples } = await read(run.vcd, run.manifest);
    expect([samples.firstCycle, samples.count]).toEqual([8, 8]);
    expect(streams.out).toMatchObject({ cycles: Uint32Array.from([8, 9, 10, 11, 12, 13, 14, 15]) });
    expect(integers(streams.out, 'out_sum')).toEqual(run.sums.slice(3, 11));
  });

  it('of a design without valid are all clocks that the driver fills, and their results follow by the latency', async () => {
    const run = runPipe(5, { flow: 'none', latency: 2 });
    const { streams } = await read(run.vcd, run.manifest, { beatCycles: { first: 2, last: 6 } });
    expect(streams.in?.cycles).toEqual(Uint32Array.from([2, 3, 4, 5, 6]));
    expect(streams.out?.cycles).toEqual(Uint32Array.from([4, 5, 6, 7, 8]));
    expect(integers(streams.out, 'out_sum')).toEqual(run.sums);
  });

  it('of a design without clock are its evaluations', async () => {
    const manifest: Manifest = {
      schema: 1, tool: { name: 'narrowgate', version: '0.0.0' }, unit: 'code', parameters: {}, top: 'code', files: ['code.v'], flow: 'none', latency: 0, interval: 1, sources: {},
      ports: [
        { name: 'in_a', direction: 'input', width: 4, signed: false, elements: 1, elementWidth: 4, doc: '' },
        { name: 'out_a', direction: 'output', width: 4, signed: true, elements: 1, elementWidth: 4, doc: '' },
      ],
      streams: [{ name: 'in', direction: 'input', payload: ['in_a'] }, { name: 'out', direction: 'output', payload: ['out_a'] }],
    };
    const header = '$scope module TOP $end $var wire 4 ! in_a [3:0] $end $var wire 4 ! out_a [3:0] $end $upscope $end $enddefinitions $end\n';
    const { streams } = await read(`${header}#0\nb0001 !\n#10\nb1111 !\n#20\n#30\nb1000 !\n#40\n`, manifest);
    expect(integers(streams.in, 'in_a')).toEqual([1, 15, 15, 8, 8]);
    expect(integers(streams.out, 'out_a')).toEqual([1, -1, -1, -8, -8]);
    expect(streams.out?.cycles).toEqual(Uint32Array.from([0, 1, 2, 3, 4]));
  });

  it('of the waves that Verilator wrote satisfy the arithmetic of the design', async () => {
    const { manifest } = runPipe(0, { latency: 2 });
    const ports = manifest.ports.map(port => port.name === 'out_sum' ? { ...port, width: 12, elementWidth: 12 } : port);
    const { streams } = await readTransactions(new URL('vcd/testing/verilator.vcd', import.meta.url).pathname, { ...manifest, ports });
    const lanes = integers(streams.in, 'in_activation');
    const sums = integers(streams.out, 'out_sum');
    expect(sums.length).toBeGreaterThan(15);
    expect(sums).toEqual(sums.map((_, beat) => lanes.slice(4 * beat, 4 * beat + 4).reduce((sum, value) => sum + value, 0)));
  });
});

describe('waves that cannot be followed', () => {
  const good = runPipe(8);
  it.each([
    ['cut off in the middle of a line', good.vcd.slice(0, -1), 'tool', 'the file is cut off: its last line, after'],
    ['cut off in the middle of a cycle', good.vcd.slice(0, -3), 'tool', 'the file is cut off: it ends in cycle 22 before its clock edge, at time 225'],
    ['with a missing port', good.vcd.replaceAll('out_sum', 'out_result'), 'tool', "no scope has all ports of 'pipe'; 'TOP' has 7 of 8, without 'out_sum'"],
    ['with a port of another width', good.vcd.replaceAll('wire 20 * out_sum [19:0]', 'wire 21 * out_sum [20:0]'), 'tool', "'TOP.out_sum' has 21 bits and the port of the manifest 20"],
    ['without edges', `${good.vcd.split('\n#0\n')[0] ?? ''}\n#0\n`, 'tool', 'it has no rising clock edge'],
    ['with a clock of another period', good.vcd.replace(/^#(\d+)$/gm, (_, time: string) => `#${Number(time) * 2}`), 'tool', 'belongs to cycle 3, but the next cycle is 2'],
    ['with x in a beat', runPipe(8, { faults: { unknownResult: 5 } }).vcd, 'design', "beat 5 of stream 'out' moves in cycle 10 with unknown bits: out_sum is "],
  ])('are refused: %s', async (_, vcd, kind, message) => {
    await expect(read(vcd, good.manifest)).rejects.toThrow(expect.objectContaining({ name: 'TestbenchError', kind, message: expect.stringContaining(message) as string }));
  });
});

describe('the elements of a packed vector', () => {
  it('are cut at any width and sign', () => {
    const format = fc.record({ elements: fc.integer({ min: 1, max: 40 }), elementWidth: fc.integer({ min: 1, max: 80 }), signed: fc.boolean() });
    fc.assert(fc.property(format.chain(f => fc.tuple(fc.constant(f), fc.array(fc.bigInt({ min: 0n, max: (1n << BigInt(f.elements * f.elementWidth)) - 1n }), { maxLength: 70 }))), ([f, beats]) => {
      const collector = new ElementCollector(f);
      for (const bits of beats) collector.add(bits);
      const width = BigInt(f.elementWidth);
      const expected = beats.flatMap(bits => Array.from({ length: f.elements }, (_, i) => {
        const element = (bits >> (BigInt(i) * width)) % (1n << width);
        return f.signed && element >> (width - 1n) === 1n ? element - (1n << width) : element;
      }));
      expect(Array.from(collector.finish(), BigInt)).toEqual(expected);
    }));
  });
});
