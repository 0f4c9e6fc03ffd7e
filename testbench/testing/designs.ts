import type { Manifest, ManifestPort, ManifestStream } from '../manifest.js';

/** Verilog written by hand, and the manifest that goes with it: what the testbench is tested on. */
export interface HandWrittenDesign {
  readonly verilog: string;
  readonly manifest: Manifest;
}

export interface AdderOptions {
  readonly flow: Manifest['flow'];
  /** Elements of each port. */
  readonly lanes?: number;
  /** Bits of an element of an operand; the sums have one more. */
  readonly width?: number;
  /** Registers between input and output; 0, only with flow `none`, is a design without a clock. */
  readonly latency?: number;
  readonly fault?: 'wrong-sum' | 'lost-beat' | 'deadlock' | 'stop' | 'endless' | 'unstable' | 'extra-latency' | 'late' | 'rare';
  readonly top?: string;
}

const port = (name: string, direction: 'input' | 'output', elements: number, elementWidth: number, signed: boolean, doc: string): ManifestPort =>
  ({ name, direction, width: elements * elementWidth, signed, elements, elementWidth, doc });

const control = (name: string, direction: 'input' | 'output', doc: string): ManifestPort => port(name, direction, 1, 1, false, doc);

const vector = (bits: number): string => (bits === 1 ? '' : `[${bits - 1}:0] `);

function handshakePorts(flow: Manifest['flow']): { readonly input: readonly ManifestPort[]; readonly output: readonly ManifestPort[] } {
  const valid = flow !== 'none';
  const ready = flow === 'stream';
  return {
    input: [...(valid ? [control('in_valid', 'input', 'A beat is offered.')] : []), ...(ready ? [control('in_ready', 'output', 'A beat is taken.')] : [])],
    output: [...(valid ? [control('out_valid', 'output', 'A sum is offered.')] : []), ...(ready ? [control('out_ready', 'input', 'A sum is taken.')] : [])],
  };
}

function stream(name: string, direction: 'input' | 'output', flow: Manifest['flow'], payload: readonly string[]): ManifestStream {
  const prefix = direction === 'input' ? 'in' : 'out';
  return { name, direction, payload, ...(flow === 'none' ? {} : { valid: `${prefix}_valid` }), ...(flow === 'stream' ? { ready: `${prefix}_ready` } : {}) };
}

function manifestOf(top: string, flow: Manifest['flow'], latency: number, ports: readonly ManifestPort[], inputs: readonly string[], outputs: readonly string[],
  parameters: Manifest['parameters'] = {}): Manifest {
  const clocked = latency > 0;
  return {
    schema: 1,
    tool: { name: 'narrowgate', version: '0.0.0' },
    unit: 'hand-written',
    parameters,
    top,
    files: [`${top}.v`],
    ports: clocked ? [control('clk', 'input', 'Clock.'), control('rst', 'input', 'Reset.'), ...ports] : ports,
    ...(clocked ? { clock: 'clk', reset: 'rst' } : {}),
    flow,
    latency,
    interval: 1,
    streams: [stream('in', 'input', flow, inputs), stream('out', 'output', flow, outputs)],
    sources: {},
  };
}

function portList(manifest: Manifest, registered: readonly string[] = []): string {
  return manifest.ports.map(({ name, direction, width }) => `  ${direction} ${registered.includes(name) ? 'reg' : 'wire'} ${vector(width)}${name}`).join(',\n');
}

/** The registers behind the sum: a pipeline that stalls as one, by the valid bit of its last stage. */
function stages(options: AdderOptions, latency: number, bits: number): string {
  const { flow, fault } = options;
  const depth = fault === 'extra-latency' ? latency + 1 : latency;
  const last = depth - 1;
  const move = flow === 'stream' ? (fault === 'lost-beat' ? `(out_ready | ~valid[${last}] | (&sum_next[3:0]))` : `(out_ready | ~valid[${last}])`) : "1'b1";
  const shift = (name: string, next: string): string => (depth === 1 ? next : `{${name}, ${next}}`);
  const lines = [
    `  reg [${depth * bits - 1}:0] sums;`,
    `  assign out_sum = sums[${depth * bits - 1}:${last * bits}]${fault === 'unstable' ? ` ^ {{${bits - 1}{1'b0}}, ~out_ready}` : ''};`,
  ];
  if (flow === 'none') {
    return [...lines, '  always @(posedge clk) begin', `    sums <= ${shift(`sums[${Math.max(last * bits - 1, 0)}:0]`, 'sum_next')};`, '  end',
      '  wire unused = &{1\'b0, rst};'].join('\n');
  }
  return [
    ...lines,
    `  reg [${last}:0] valid;`,
    `  wire move = ${move};`,
    `  assign out_valid = valid[${last}]${fault === 'endless' ? " | 1'b1" : ''};`,
    ...(flow === 'stream' ? [`  assign in_ready = move${fault === 'deadlock' ? ' & ~jammed' : ''};`] : []),
    '  always @(posedge clk) begin',
    `    if (rst) valid <= ${depth}'d0;`,
    `    else if (move) valid <= ${shift(`valid[${Math.max(last - 1, 0)}:0]`, fault === 'deadlock' ? 'in_valid & ~jammed' : 'in_valid')};`,
    `    if (move) sums <= ${shift(`sums[${Math.max(last * bits - 1, 0)}:0]`, 'sum_next')};`,
    '  end',
    // Right for the first thousands of beats: only the run from its start shows it.
    ...(fault === 'late' ? ['  reg [12:0] beats;', '  always @(posedge clk) if (rst) beats <= 13\'d0; else if (move & in_valid & ~(&beats)) beats <= beats + 13\'d1;'] : []),
    ...(fault === 'deadlock' ? ['  reg jammed;', '  always @(posedge clk) jammed <= ~rst & (jammed | (in_valid & (&in_a[3:0])));'] : []),
    ...(fault === 'stop' ? ['  always @(posedge clk) if (~rst & in_valid & (&in_a[3:0])) begin', '    $display("adder.ts:12: the operand must not end in 15");', '    $stop;', '  end'] : []),
  ].join('\n');
}

/** Lane-wise sums of an unsigned and a signed operand, behind some registers. Ports `in_a`, `in_b`, `out_sum`. */
export function adder(options: AdderOptions): HandWrittenDesign {
  const { flow, lanes = 4, width = 8, latency = 3, top = 'adder' } = options;
  const sumWidth = width + 2;
  const { input, output } = handshakePorts(flow);
  const manifest = manifestOf(top, flow, latency, [
    ...input,
    port('in_a', 'input', lanes, width, false, 'Unsigned operands.'),
    port('in_b', 'input', lanes, width, true, 'Signed operands.'),
    ...output,
    port('out_sum', 'output', lanes, sumWidth, true, 'Sums.'),
  ], ['in_a', 'in_b'], ['out_sum'], { lanes, width });
  const bits = lanes * sumWidth;
  const sum = (lane: number): string => {
    const high = lane * width + width - 1;
    // `rare` needs an operand that is not special in any way.
    const condition = { 'wrong-sum': `&in_a[${high}:${high - 3}]`, 'late': '&beats', 'rare': `in_a[${high}:${high - 7}] == 8'h5b` };
    const { fault } = options;
    const faulty = (fault === 'wrong-sum' || fault === 'late' || fault === 'rare') && lane === lanes - 1;
    const wrong = faulty ? ` + {{${sumWidth - 1}{1'b0}}, ${condition[fault]}}` : '';
    return `  assign sum_next[${lane * sumWidth} +: ${sumWidth}] = {2'b00, in_a[${lane * width} +: ${width}]} + {{2{in_b[${high}]}}, in_b[${lane * width} +: ${width}]}${wrong};`;
  };
  const verilog = [
    `module ${top} (`,
    portList(manifest),
    ');',
    `  wire ${vector(bits)}sum_next;`,
    ...Array.from({ length: lanes }, (_, lane) => sum(lane)),
    latency === 0 ? '  assign out_sum = sum_next;' : stages(options, latency, bits),
    'endmodule',
    '',
  ].join('\n');
  return { verilog, manifest };
}

/** The exact dot product of unsigned bytes with signed bytes: products, then a tree of sums, a register after each. Ports `in_activation`, `in_weight`, `out_sum`. */
export function dotProduct(lanes: number, flow: 'stream' | 'none' = 'stream'): HandWrittenDesign {
  const levels = Math.log2(lanes);
  const latency = levels + 2;
  const sumWidth = 16 + levels;
  const top = `dot_product_${lanes}`;
  const { input, output } = handshakePorts(flow);
  const manifest = manifestOf(top, flow, latency, [
    ...input,
    port('in_activation', 'input', lanes, 8, false, 'Unsigned activations.'),
    port('in_weight', 'input', lanes, 8, true, 'Signed weights.'),
    ...output,
    port('out_sum', 'output', 1, sumWidth, true, 'Dot product.'),
  ], ['in_activation', 'in_weight'], ['out_sum'], { lanes });
  const lines: string[] = [];
  const registers: string[] = ['a <= in_activation;', 'w <= in_weight;'];
  lines.push(`  reg [${8 * lanes - 1}:0] a, w;`);
  for (let level = 0; level <= levels; level++) {
    const width = 16 + level;
    for (let index = 0; index < lanes >> level; index++) {
      const name = `s${level}_${index}`;
      lines.push(`  reg signed [${width - 1}:0] ${name};`);
      if (level === 0) {
        lines.push(`  wire signed [16:0] p${index} = $signed({1'b0, a[${8 * index} +: 8]}) * $signed(w[${8 * index} +: 8]);`);
        registers.push(`${name} <= p${index}[15:0];`);
      } else {
        const [x, y] = [`s${level - 1}_${2 * index}`, `s${level - 1}_${2 * index + 1}`];
        registers.push(`${name} <= {${x}[${width - 2}], ${x}} + {${y}[${width - 2}], ${y}};`);
      }
    }
  }
  const unused = Array.from({ length: lanes }, (_, lane) => `p${lane}[16]`);
  const handshake = flow === 'none'
    ? ['  wire move = 1\'b1;', `  wire unused = &{1'b0, rst, ${unused.join(', ')}};`]
    : [
      `  reg [${latency - 1}:0] valid;`,
      `  wire move = out_ready | ~valid[${latency - 1}];`,
      '  assign in_ready = move;',
      `  assign out_valid = valid[${latency - 1}];`,
      `  always @(posedge clk) if (rst) valid <= ${latency}'d0; else if (move) valid <= {valid[${latency - 2}:0], in_valid};`,
      `  wire unused = &{1'b0, ${unused.join(', ')}};`,
    ];
  const verilog = [
    `module ${top} (`,
    portList(manifest),
    ');',
    ...lines,
    ...handshake,
    '  always @(posedge clk) if (move) begin',
    ...registers.map(line => `    ${line}`),
    '  end',
    `  assign out_sum = s${levels}_0;`,
    'endmodule',
    '',
  ].join('\n');
  return { verilog, manifest };
}
