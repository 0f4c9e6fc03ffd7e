import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNextpnr } from '../../synth/placement/find.js';
import { harness, harnessTop, idleUnit } from '../../synth/placement/harness.js';
import type { Synthesis } from '../../synth/synthesize.js';
import { runYosys } from '../../synth/yosys/run.js';
import { cached, contentHash, defaultCacheDirectory } from '../../system/cache.js';
import { runChild } from '../../system/child.js';
import { withScratch } from '../../system/scratch.js';

/**
 * LC of a unit on the iCE40 as nextpnr packs it: the same number as of the placed unit, but also of what is too large for the device. Of a unit without registers.
 */
export async function packedArea(synthesis: Synthesis): Promise<number> {
  const { source, ports, outputLuts, kinds } = synthesis;
  if (kinds.ff > 0) throw new TypeError(`${source.top} has registers`);
  const [idle, whole] = [await packed(synthesis, idleUnit(source.top, ports, undefined)), await packed(synthesis, source.verilog)];
  return whole - (idle - outputLuts);
}

async function packed({ source, target, dsp, ports, yosys }: Synthesis, unit: string): Promise<number> {
  const nextpnr = await findNextpnr('ice40');
  const verilog = `${unit}\n${harness(source.top, ports, undefined)}`;
  const script = ['read_verilog design.v', `${target.synthesis(dsp)} -top ${harnessTop}`, 'write_json design.json'];
  const args = ['--hx8k', '--package', 'ct256', '--pcf-allow-unconstrained', '--json', 'design.json', '--pack-only'];
  const { directory } = await cached(defaultCacheDirectory(), 'packing', contentHash([yosys.version, nextpnr.version, ...script, ...args, verilog]), async entry => {
    const { files } = await runYosys(() => script, { 'design.v': verilog }, ['design.json'], { yosys });
    await withScratch(join(defaultCacheDirectory(), 'tmp'), async folder => {
      for (const [name, content] of files) writeFileSync(join(folder, name), content);
      const { output } = await runChild([...nextpnr.command, ...args], { cwd: folder });
      const used = /ICESTORM_LC: *(\d+)\//.exec(output)?.[1];
      if (used === undefined) throw new Error(`${nextpnr.version} did not pack ${source.top}: ${output.trim().split('\n').at(-1) ?? ''}`);
      writeFileSync(join(entry, 'used'), used);
    });
  });
  return Number(readFileSync(join(directory, 'used'), 'utf8'));
}
