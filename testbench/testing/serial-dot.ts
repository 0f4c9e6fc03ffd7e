import { sliceBeats, type Beats, type Streams } from '../beats.js';
import type { Manifest } from '../manifest.js';
import type { RandomSource } from '../random.js';
import type { Unit } from '../unit.js';
import type { HandWrittenDesign } from './designs.js';

/** Weights of a frame, values of one dot product, and dot products of a frame. */
const [taps, dots] = [4, 2];
const valuesPerFrame = taps * dots;

const port = (name: string, direction: 'input' | 'output', width: number, signed: boolean): Manifest['ports'][number] =>
  ({ name, direction, width, signed, elements: 1, elementWidth: width, doc: `The port ${name}.` });

const streamPorts = (name: string, direction: 'input' | 'output', payload: string, width: number, signed: boolean): Manifest['ports'] => [
  port(`${name}_valid`, direction, 1, false),
  port(`${name}_ready`, direction === 'input' ? 'output' : 'input', 1, false),
  port(payload, direction, width, signed),
];

const streamOf = (name: string, direction: 'input' | 'output', payload: string): Manifest['streams'][number] =>
  ({ name, direction, valid: `${name}_valid`, ready: `${name}_ready`, payload: [payload] });

/**
 * Two input streams, two output streams, frames, and a time that depends on data. A frame is 4 weights on `weight`, then twice 4 values on `in`; the dot product of
 * each 4 values comes on `out`, the largest value of the frame on `peak`. After each value but the fourth the unit pauses as many clocks as its two low bits say.
 * `wrong-sum`: wrong behind a value of 255; `slow`: one clock more behind a value of 252; `late`: wrong after
 * 8191 frames.
 */
export function serialDot(fault?: 'wrong-sum' | 'slow' | 'late'): HandWrittenDesign {
  const ports = [
    port('clk', 'input', 1, false), port('rst', 'input', 1, false),
    ...streamPorts('weight', 'input', 'weight', 8, true), ...streamPorts('in', 'input', 'in_value', 8, false),
    ...streamPorts('out', 'output', 'out_sum', 19, true), ...streamPorts('peak', 'output', 'peak_value', 8, false),
  ];
  const manifest: Manifest = {
    schema: 1, tool: { name: 'narrowgate', version: '0.0.0' }, unit: 'serial-dot', parameters: {}, top: 'serial_dot', files: ['serial_dot.v'],
    ports, clock: 'clk', reset: 'rst', flow: 'stream', interval: 2,
    streams: [streamOf('weight', 'input', 'weight'), streamOf('in', 'input', 'in_value'), streamOf('out', 'output', 'out_sum'), streamOf('peak', 'output', 'peak_value')],
    sources: {},
  };
  const declared = ports.map(({ name, direction, width }) => `  ${direction} wire ${width === 1 ? '' : `[${width - 1}:0] `}${name}`).join(',\n');
  const wrong = fault === 'wrong-sum' ? ' + {18\'d0, &in_value}' : fault === 'late' ? ' + {18\'d0, &frames}' : '';
  const verilog = `module serial_dot (
${declared}
);
  localparam [1:0] LOAD = 2'd0, RUN = 2'd1, GIVE = 2'd2;
  reg [1:0] state, index, pause;
  reg second, out_done, peak_done;
  reg [31:0] weights;
  reg [18:0] sum;
  reg [7:0] peak;${fault === 'late' ? '\n  reg [12:0] frames;' : ''}
  wire signed [16:0] product = $signed({1'b0, in_value}) * $signed(weights[7:0]);
  wire given = (out_done | out_ready) & (peak_done | peak_ready | ~second);
  assign weight_ready = state == LOAD;
  assign in_ready = state == RUN & pause == 2'd0;
  assign out_valid = state == GIVE & ~out_done;
  assign peak_valid = state == GIVE & second & ~peak_done;
  assign out_sum = sum;
  assign peak_value = peak;
  always @(posedge clk) begin
    if (state == LOAD & weight_valid) begin
      weights <= {weight, weights[31:8]};
      index <= index + 2'd1;
      sum <= 19'd0;
      peak <= 8'd0;
      second <= 1'b0;
      if (index == 2'd3) state <= RUN;
    end${fault === 'late' ? '\n    if (rst) frames <= 13\'d0; else if (state == GIVE & given & second & ~(&frames)) frames <= frames + 13\'d1;' : ''}
    if (state == RUN & pause != 2'd0) pause <= pause - 2'd1;
    if (in_ready & in_valid) begin
      weights <= {weights[7:0], weights[31:8]};
      index <= index + 2'd1;
      sum <= sum + {{2{product[16]}}, product}${wrong};
      if (in_value > peak) peak <= in_value;
      pause <= in_value[1:0]${fault === 'slow' ? ' | {1\'b0, &in_value[7:2]}' : ''};
      out_done <= 1'b0;
      peak_done <= 1'b0;
      if (index == 2'd3) begin
        state <= GIVE;
        pause <= 2'd0;
      end
    end
    if (state == GIVE) begin
      out_done <= out_done | out_ready;
      peak_done <= peak_done | (peak_ready & second);
      if (given) begin
        sum <= 19'd0;
        second <= ~second;
        state <= second ? LOAD : RUN;
      end
    end
    if (rst) begin
      state <= LOAD;
      index <= 2'd0;
      pause <= 2'd0;
    end
  end
endmodule
`;
  return { verilog, manifest };
}

function numbers(streams: Streams, stream: string, name: string): readonly number[] {
  return Array.from(streams[stream]?.ports[name] ?? [], Number);
}

function framesOf(random: RandomSource | undefined, frames: number): Streams {
  const value = (least: number): number => least + (random === undefined ? 255 : random.chance(1 / 8) ? [0, 255, 252, 128][random.below(4)] ?? 0 : random.below(256));
  return {
    weight: { count: frames * taps, ports: { weight: Int32Array.from({ length: frames * taps }, () => value(-128)) } },
    in: { count: frames * valuesPerFrame, ports: { in_value: Uint32Array.from({ length: frames * valuesPerFrame }, () => value(0)) } },
  };
}

/** Sums and peaks of as many frames as are whole; what is left over waits in the lists. */
function results(weights: number[], values: number[]): Streams {
  const [sums, peaks]: [number[], number[]] = [[], []];
  while (weights.length >= taps && values.length >= valuesPerFrame) {
    const frameWeights = weights.splice(0, taps);
    const frame = values.splice(0, valuesPerFrame);
    for (let first = 0; first < valuesPerFrame; first += taps) sums.push(frameWeights.reduce((sum, weight, tap) => sum + weight * (frame[first + tap] ?? 0), 0));
    peaks.push(Math.max(...frame));
  }
  return { out: { count: sums.length, ports: { out_sum: Int32Array.from(sums) } }, peak: { count: peaks.length, ports: { peak_value: Uint32Array.from(peaks) } } };
}

/** The unit of `serialDot`. `promised` clocks more are promised for each output beat than the design takes: 0 is right. */
export function serialDotUnit(promised = 0): Unit {
  return {
    name: 'serial-dot',
    summary: 'dot products of frames, value by value',
    golden: () => {
      const [weights, values]: [number[], number[]] = [[], []];
      return {
        process: inputs => {
          weights.push(...numbers(inputs, 'weight', 'weight'));
          values.push(...numbers(inputs, 'in', 'in_value'));
          return results(weights, values);
        },
      };
    },
    stimulus: () => ({
      anyPattern: false, framed: true,
      random: (random, count) => framesOf(random, Math.max(1, Math.round(count / valuesPerFrame))),
      corners: () => framesOf(undefined, 1),
    }),
    coverage: () => ({ bins: [], add: () => undefined, counts: () => ({}) }),
    explain: (_manifest, inputs, outputIndex, stream) => {
      const first = outputIndex * (stream === 'peak' ? valuesPerFrame : taps);
      return [`${stream}: values ${numbers(inputs, 'in', 'in_value').slice(first, first + taps).join(' ')}`];
    },
    timing: (_manifest, inputs) => {
      const [out, peak]: [number[], number[]] = [[], []];
      let clock = 0;
      numbers(inputs, 'in', 'in_value').forEach((value, index) => {
        if (index % valuesPerFrame === 0) clock += taps;
        if (index % taps !== taps - 1) clock += 1 + (value & 3);
        else {
          out.push(clock + 1 + promised);
          if (index % valuesPerFrame === valuesPerFrame - 1) peak.push(clock + 1 + promised);
          clock += 2;
        }
      });
      return { out: Uint32Array.from(out), peak: Uint32Array.from(peak) };
    },
    complete: (_manifest, inputs) => {
      const [weights, values] = [inputs.weight?.count ?? 0, inputs.in?.count ?? 0];
      if (weights % taps === 0 && values * taps === weights * valuesPerFrame) return undefined;
      return `frames of ${taps} weights and ${valuesPerFrame} values do not come out at ${weights} weights and ${values} values.`;
    },
  };
}

/** A unit whose stimulus ends in the middle of a frame. */
export function cutShort(unit: Unit): Unit {
  const cut = (beats: Beats): Beats => sliceBeats(beats, 0, beats.count - 1);
  return {
    ...unit,
    stimulus: manifest => {
      const whole = unit.stimulus(manifest);
      return { ...whole, corners: () => Object.fromEntries(Object.entries(whole.corners()).map(([name, beats]) => [name, name === 'in' ? cut(beats) : beats])) };
    },
  };
}
