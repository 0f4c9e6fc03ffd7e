import { describe, expect, it } from 'vitest';
import { elaborate, evaluate, generator, input, output, range, u, verilog, type Design } from '../../hdl/index.js';
import { seeded, stream } from '../testing/handshake.js';
import { Pipeline, flowContradictions, flowParameters, inputPorts, outputPorts, type FlowParameters } from './stream.js';

/** Three natural stages, each a carry chain: 5 · a + 7, plus a. */
const stages = generator({
  name: 'stages', doc: 'Three stages.', params: flowParameters,
  ports: P => ({ ...inputPorts(P), in_a: input(u(8)), ...outputPorts(P), out_y: output(range(7, 1537)) }),
  build(m, io, P) {
    const pipe = new Pipeline(m, io, P);
    pipe.stage(2);
    const scaled = io.in_a.mul(5);
    const second = pipe.stage(3);
    const moved = second.enter('scaled', scaled).add(7);
    const beside = second.enter('a', io.in_a);
    const third = pipe.stage(1);
    const sum = third.enter('moved', moved).add(third.enter('a_2', beside));
    io.out_y.drive(pipe.end().enter('y', sum));
    pipe.promise(['in_a'], ['out_y']);
  },
});
const expected = (a: number): bigint => BigInt(6 * a + 7);

const registers = (design: Design): readonly string[] => design.top.signals.filter(signal => signal.kind === 'register').map(signal => signal.name);

describe('where registers stand', () => {
  it.each([
    ['none', 0, []],
    ['output', 1, ['y']],
    ['full', 3, ['scaled', 'a', 'moved', 'a_2', 'y']],
    [1, 3, ['scaled', 'a', 'moved', 'a_2', 'y']],
    [3, 3, ['scaled', 'a', 'moved', 'a_2', 'y']],
    [4, 2, ['scaled', 'a', 'y']],
    [6, 1, ['y']],
  ] as const)('pipeline %s: %i clocks', (pipeline, latency, names) => {
    const design = elaborate(stages, { flow: 'none', pipeline });
    expect(registers(design)).toEqual(names);
    expect(design.top.timing?.latency).toBe(latency);
  });

  it('the Verilog names the line of the unit that wanted a register, not that of the pipeline', () => {
    const text = verilog(elaborate(stages, { pipeline: 'full' }));
    expect(text).toMatch(/scaled <= .*\/\/ stream\.test\.ts:\d+/);
    expect(text).not.toContain('stream.ts:');
  });

  it('a design without registers has neither clock nor reset', () => {
    const ports = (pipeline: 'none' | 'full') => elaborate(stages, { flow: 'none', pipeline }).top.ports.map(port => port.signal.name);
    expect(ports('none')).toEqual(['in_a', 'out_y']);
    expect(ports('full')).toEqual(['clk', 'rst', 'in_a', 'out_y']);
  });

  it('a stream resets its valid bits and no data', () => {
    const design = elaborate(stages, { pipeline: 4 });
    expect(design.top.signals.filter(signal => signal.register?.resetValue !== undefined).map(signal => signal.name)).toEqual(['valid_1', 'valid_2']);
  });
});

const pipelinings = ['output', 'full', 3, 4] as const;

describe.each(pipelinings)('flow stream, pipeline %s', pipeline => {
  const design = elaborate(stages, { flow: 'stream', pipeline });
  const latency = design.top.timing?.latency ?? 0;
  const beats = Array.from({ length: 300 }, (_, i) => ({ in_a: (i * 37 + (i >> 3)) % 256 }));

  it('in_ready does not depend on in_valid, nor out_valid on out_ready, without a register in between', () => {
    expect([...design.top.combinationalInputs.get('in_ready') ?? []]).toEqual(['out_ready']);
    expect([...design.top.combinationalInputs.get('out_valid') ?? []]).toEqual([]);
    expect([...design.top.combinationalInputs.get('out_y') ?? []]).toEqual([]);
  });

  it.each([[0, 0], [0, 0.5], [0.5, 0], [0.3, 0.3], [0.05, 0.9], [0.9, 0.05]])(
    'loses, doubles and reorders nothing (bubbles %d, stalls %d)', (bubbles, stalls) => {
      for (const seed of [1, 2, 3]) {
        const run = stream(evaluate(design, { powerUp: 'random', seed }), beats, { output: 'out_y', results: beats.length, random: seeded(seed), bubbles, stalls });
        expect(run.results).toEqual(beats.map(beat => expected(beat.in_a)));
      }
    },
  );

  it('moves a beat every clock, and the latency is the promised one', () => {
    const run = stream(evaluate(design), beats, { output: 'out_y', results: beats.length, random: seeded(1), bubbles: 0, stalls: 0 });
    expect(run.accepted).toEqual(beats.map((_, i) => i));
    expect(run.taken).toEqual(beats.map((_, i) => i + latency));
  });

  it('a reset takes away the beats that are on their way', () => {
    const unit = evaluate(design).set('rst', true).step().set('rst', false).set('in_valid', true).set('out_ready', true).set('in_a', 1);
    for (let clock = 0; clock < latency; clock++) unit.step();
    expect(unit.get('out_valid')).toBe(1n);
    unit.set('rst', true).step().set('rst', false).set('in_valid', false);
    for (let clock = 0; clock <= latency; clock++) expect(unit.step().get('out_valid')).toBe(0n);
  });
});

it.each(pipelinings)('flow valid, pipeline %s: out_valid is in_valid, delayed by the latency', pipeline => {
  const design = elaborate(stages, { flow: 'valid', pipeline });
  const latency = design.top.timing?.latency ?? 0;
  const random = seeded(4);
  const sent = Array.from({ length: 100 }, (_, i) => ({ valid: i < 90 && random() < 0.6, a: Math.floor(256 * random()) }));
  const unit = evaluate(design, { powerUp: 'random' }).set('rst', true).set('in_valid', false).step().set('rst', false);
  sent.forEach(({ valid, a }, clock) => {
    const due = sent[clock - latency];
    unit.set('in_valid', valid).set('in_a', a);
    expect(unit.get('out_valid')).toBe(due?.valid === true ? 1n : 0n);
    if (due?.valid === true) expect(unit.get('out_y')).toBe(expected(due.a));
    unit.step();
  });
});

it('a handshake without a register is a contradiction', () => {
  const of = (flow: FlowParameters['flow']) => flowContradictions({ flow, pipeline: 'none' }).map(({ parameter, message }) => `${parameter}: ${message}`);
  expect(of('none')).toEqual([]);
  expect(of('stream')).toEqual(['pipeline: pipeline \'none\' has no registers, and flow \'stream\' needs one at the output']);
  expect(of('valid')).toEqual(['pipeline: pipeline \'none\' has no registers, and flow \'valid\' needs one at the output']);
});
