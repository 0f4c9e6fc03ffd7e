import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, verilog, type ManifestPort } from '../../hdl/index.js';
import { tool } from '../../generators/index.js';
import { createRandom, type RandomSource } from '../../testbench/index.js';
import { cached, contentHash, defaultCacheDirectory } from '../../system/cache.js';
import { runChild } from '../../system/child.js';
import type { Source } from '../../synth/synthesize.js';
import type { Subject } from './cases.js';
import { designOf } from './emitted.js';

/** Beats on which naive Verilog is compared with our unit. */
export const agreementBeats = 3000;

/**
 * Simulates naive Verilog beside our unit without registers, on random beats with many operands at the ends of their ranges, in Icarus Verilog.
 * @param latency clocks from input to output of the naive one, whose clock is then `clk`
 * @throws Error with the first beat for which they differ
 */
export async function checkAgreement(subject: Subject, theirs: Source, latency = 0): Promise<void> {
  const design = designOf({ ...subject, parameters: { ...subject.parameters, pipeline: 'none' } }, 'generic', false);
  const { ports, top } = manifest(design, tool);
  // Both may have the same name.
  const renamed = theirs.verilog.replace(new RegExp(`\\bmodule ${theirs.top}\\b`), 'module naive');
  const bench = benchOf(top, ports, latency);
  const beats = beatsOf(ports.filter(({ direction }) => direction === 'input'));
  const files = { 'unit.v': verilog(design, { sourceLines: false }), 'naive.v': renamed, 'bench.v': bench, 'beats.hex': beats };
  const { directory } = await cached(defaultCacheDirectory(), 'agreement', contentHash(Object.values(files)), async folder => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const built = await runChild(['iverilog', '-g2005', '-s', 'bench', '-o', 'bench.vvp', 'bench.v', 'unit.v', 'naive.v'], { cwd: folder });
    if (built.status !== 0) throw new Error(`Icarus Verilog does not take the naive ${theirs.top}: ${built.output.trim()}`);
    const { output } = await runChild(['vvp', '-n', 'bench.vvp'], { cwd: folder });
    writeFileSync(join(folder, 'answer'), output);
  });
  const answer = readFileSync(join(directory, 'answer'), 'utf8').trim();
  if (answer !== `equal on ${agreementBeats} beats`) throw new Error(`The naive ${theirs.top} is not our ${top}: ${answer.split('\n')[0] ?? 'it said nothing'}`);
}

/** A test bench that gives both one beat after the other, and remembers what ours says until the naive one says it. */
function benchOf(top: string, ports: readonly ManifestPort[], latency: number): string {
  const inputs = ports.filter(({ direction }) => direction === 'input');
  const outputs = ports.filter(({ direction }) => direction === 'output');
  const [fed, taken] = [inputs, outputs].map(each => each.reduce((sum, { width }) => sum + width, 0));
  const connected = (wire: string): readonly string[] => [...slices(inputs, 'beat'), ...slices(outputs, wire)];
  return [
    'module bench;',
    `  reg [${(fed ?? 1) - 1}:0] beats [0:${agreementBeats - 1}];`, `  reg [${(fed ?? 1) - 1}:0] beat;`, '  reg clk;',
    `  wire [${(taken ?? 1) - 1}:0] expected, seen;`, `  reg [${(taken ?? 1) - 1}:0] remembered [0:${agreementBeats - 1}];`, '  integer i, told;',
    `  ${top} unit(${connected('expected').join(', ')});`, `  naive other(${[...(latency > 0 ? ['.clk(clk)'] : []), ...connected('seen')].join(', ')});`,
    '  initial begin',
    '    $readmemh("beats.hex", beats);', '    clk = 0;',
    `    for (i = 0; i < ${agreementBeats}; i = i + 1) begin`,
    '      beat = beats[i];', '      #1 remembered[i] = expected;', ...(latency > 0 ? ['      clk = 1;', '      #1 clk = 0;'] : []),
    `      told = i - ${Math.max(0, latency - 1)};`,
    '      if (told >= 0 && seen !== remembered[told]) begin',
    '        $display("for %h it says %h, not %h", beats[told], seen, remembered[told]);', '        $finish;', '      end', '      #1;', '    end',
    `    if (i == ${agreementBeats}) $display("equal on ${agreementBeats} beats");`, '    $finish;', '  end', 'endmodule', '',
  ].join('\n');
}

function slices(ports: readonly ManifestPort[], vector: string): readonly string[] {
  let at = 0;
  return ports.map(({ name, width }) => `.${name}(${vector}[${(at += width) - 1}:${at - width}])`);
}

/** Beats as hexadecimal numbers, a line each. */
function beatsOf(inputs: readonly ManifestPort[]): string {
  const random = createRandom(1);
  const lines: string[] = [];
  for (let beat = 0; beat < agreementBeats; beat++) {
    // In some beats most operands stand at the ends of their ranges.
    const share = [0, 0.2, 0.9, 1][random.below(4)] ?? 0;
    let word = 0n;
    let at = 0;
    for (const { elements, elementWidth } of inputs) {
      for (let i = 0; i < elements; i++) {
        word |= operand(random, elementWidth, share) << BigInt(at);
        at += elementWidth;
      }
    }
    lines.push(word.toString(16));
  }
  return `${lines.join('\n')}\n`;
}

function operand(random: RandomSource, width: number, share: number): bigint {
  const all = (1n << BigInt(width)) - 1n;
  if (!random.chance(share)) return random.bits(width);
  const half = 1n << BigInt(width - 1);
  return [0n, 1n & all, half, half - 1n, all, all - 1n, random.bits(width) & random.bits(width), random.bits(width) | random.bits(width)][random.below(8)] ?? 0n;
}
