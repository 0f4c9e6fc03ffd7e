import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { findNextpnr } from '../../synth/placement/find.js';
import { defaultPlacementTime, place } from '../../synth/placement/place.js';
import { synthesize, type Source } from '../../synth/synthesize.js';
import { targetNames, type TargetName } from '../../synth/targets.js';
import type { Call, Command } from '../command.js';
import { wrongCall } from '../error.js';
import { explainRead } from '../file-error.js';
import { quoted } from '../flags.js';
import { jsonText } from '../json-text.js';
import { alternatives } from '../nearest.js';
import { checkNetlist, designFor, targetOf, type DeviceDesign } from '../netlist.js';
import { StatusLine } from '../status-line.js';
import { placementText, synthesisText } from '../synthesis-text.js';

/** `narrowgate synth UNIT --target T`: what a unit costs, with a netlist that is known to be the unit. */
export const synth: Command = {
  name: 'synth',
  summary: 'Says what a unit, or any Verilog, costs on an FPGA. The netlist is proven equal to the Verilog, or simulated against the golden model, before its figures count.',
  takesUnit: true,
  unitOptional: true,
  flags: [
    { name: 'target', kind: 'value', doc: `the device: ${alternatives(targetNames)} (LUTs of four inputs without carry chains). The unit is generated for it where it offers that, else for any device` },
    { name: 'generic-rtl', kind: 'switch', doc: 'generate the unit for any device even where it offers one for --target' },
    { name: 'dsp', kind: 'switch', doc: 'may the unit and synthesis use hard multipliers?', default: 'false' },
    { name: 'pnr', kind: 'switch', doc: 'place and route too (iCE40 HX8K, ECP5 85k), in a harness of registers: cells, clock and critical path' },
    { name: 'time-limit', kind: 'value', doc: 'seconds that placing and routing may take', default: `${defaultPlacementTime}` },
    { name: 'file', kind: 'value', doc: 'Verilog file to synthesize in place of a unit' },
    { name: 'top', kind: 'value', doc: 'its top module' },
  ],
  examples: ['narrowgate synth mac-tree --target ice40', 'narrowgate synth mac-tree --lanes 4 --target ice40 --pnr', 'narrowgate synth mac-tree --lanes 4 --target ecp5 --dsp', 'narrowgate synth --file a.v --top t --target xc7'],
  async run(call, io) {
    const { flags } = call;
    const target = targetOf(flags, 'target');
    const timeLimit = flags.integer('time-limit', defaultPlacementTime, 1, 1_000_000);
    if (flags.has('time-limit') && !flags.switch('pnr')) throw wrongCall('--time-limit is that of --pnr, which is not given.');
    if (flags.switch('pnr')) await findNextpnr(target, io.signal);
    const { source, design } = await sourceOf(call, target);
    const status = new StatusLine(io);
    try {
      status.show('Synthesizing');
      const synthesis = await synthesize(source, { target, dsp: design?.dsp ?? flags.switch('dsp'), signal: io.signal });
      status.show('Checking the netlist');
      const check = await checkNetlist(synthesis, design, io.signal);
      const isJson = flags.switch('json');
      status.clear();
      // What is known is not lost where placing fails.
      if (!isJson) io.stdout.write(synthesisText(synthesis, design?.rtl, check));
      if (flags.switch('pnr')) status.show('Placing and routing');
      const placement = flags.switch('pnr') ? await place(synthesis, { timeLimit, signal: io.signal }) : undefined;
      status.clear();
      if (isJson) {
        const { cells, kinds, levels, yosys, dsp, target: { area } } = synthesis;
        io.stdout.write(jsonText({
          top: source.top, ...(design === undefined ? { file: source.file } : { unit: design.manifest.unit, parameters: design.manifest.parameters }), target, dsp,
          kinds, cells, ...(area === undefined ? {} : { area: { unit: area.unit, value: area.of(cells) } }), levels, check, ...(placement === undefined ? {} : { placement }),
          tools: { yosys: yosys.version, ...(placement === undefined ? {} : { nextpnr: placement.nextpnr }) },
        }));
      } else if (placement !== undefined) io.stdout.write(placementText(placement, design?.manifest.sources ?? {}));
      return check.verdict === 'WRONG' ? 1 : 0;
    } finally {
      status.clear();
    }
  },
};

async function sourceOf({ flags, unit }: Call, target: TargetName): Promise<{ readonly source: Source; readonly design?: DeviceDesign }> {
  const file = flags.text('file');
  const top = flags.text('top');
  if (unit === undefined) {
    if (file === undefined) throw wrongCall('synth needs a unit, or --file and --top.');
    if (top === undefined) throw wrongCall('--file needs --top, the name of its top module.');
    if (!/^[A-Za-z_][\w$]*$/.test(top)) throw wrongCall(`--top is ${quoted(top)}; it takes the name of a module.`);
    if (flags.switch('generic-rtl')) throw wrongCall('--generic-rtl is for a unit; a file is synthesized as it is.');
    const verilog = await readFile(file, 'utf8').catch((error: unknown) => {
      throw explainRead(error, file, '--file');
    });
    const name = basename(file);
    return { source: { verilog, file: /^[A-Za-z_][\w.-]*\.s?v$/.test(name) && name !== 'netlist.v' && name !== 'cells.v' ? name : 'design.v', top } };
  }
  const stray = ['file', 'top'].find(name => flags.has(name));
  if (stray !== undefined) throw wrongCall(`--${stray} and the unit ${unit.name} contradict each other; give one of them.`);
  const isGeneric = flags.switch('generic-rtl') || (flags.has('strategy') && unit.parameters.target === 'generic');
  const design = designFor(unit, target, { genericRtl: isGeneric, dsp: flags.has('dsp') ? flags.switch('dsp') : undefined });
  return { source: { verilog: design.verilog, file: `${design.manifest.top}.v`, top: design.manifest.top }, design };
}
