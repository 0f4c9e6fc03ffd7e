import { join } from 'node:path';
import { generate as generateUnit, predict, type Cost } from '../../generators/index.js';
import type { Command } from '../command.js';
import { wrongCall } from '../error.js';
import { jsonText } from '../json-text.js';
import { unitOf } from '../unit.js';
import { writeFiles } from '../write-files.js';

/** `narrowgate generate UNIT --out DIR`: writes DIR/MODULE.v and DIR/MODULE.json, and nothing else. */
export const generate: Command = {
  name: 'generate',
  summary: 'Writes the Verilog and the manifest of a unit.',
  takesUnit: true,
  flags: [
    { name: 'out', kind: 'value', doc: 'folder for MODULE.v and MODULE.json; it is made if it is missing' },
    { name: 'stdout', kind: 'switch', doc: 'print the Verilog instead of writing files' },
    { name: 'source-lines', kind: 'switch', doc: 'say in the Verilog where the generator\'s source declares a name', default: 'true' },
  ],
  examples: ['narrowgate generate mac-tree --out rtl', 'narrowgate generate mac-tree --lanes 64 --kept-bits 3 --flow valid --out rtl'],
  async run({ flags, unit }, io) {
    const { name, parameters } = unitOf(unit);
    const folder = flags.text('out');
    const toStdout = flags.switch('stdout');
    if (folder === undefined && !toStdout) throw wrongCall('generate needs --out DIR for its files, or --stdout to print the Verilog.');
    if (folder !== undefined && toStdout) throw wrongCall('--out and --stdout contradict each other; give one of them.');
    const { verilog, manifest } = generateUnit(name, parameters, { sourceLines: flags.switch('source-lines', true) });
    if (folder === undefined) {
      io.stdout.write(flags.switch('json') ? jsonText({ verilog, manifest }) : verilog);
      return 0;
    }
    const files = [[`${manifest.top}.v`, verilog], [`${manifest.top}.json`, jsonText(manifest)]].map(([file = '', content = '']) => ({ path: join(folder, file), content, flag: '--out' }));
    await writeFiles(files, io.signal);
    const paths = files.map(file => file.path);
    const { unit: unitName, top, parameters: all, flow, latency, interval } = manifest;
    const predicted = predict(name, parameters);
    if (flags.switch('json')) io.stdout.write(jsonText({ unit: unitName, top, parameters: all, flow, latency, interval, files: paths, predicted }));
    else io.stdout.write(`Wrote ${paths.join(' and ')}.\nModule ${top}: flow ${flow}${latency === undefined ? '' : `, latency ${latency} clock${latency === 1 ? '' : 's'}`}, ${verilog.split('\n').length - 1} lines of Verilog.\n${predicted.map(costText).join('')}`);
    return 0;
  },
};

/** What a unit is predicted to cost on one device family. */
function costText({ device, area, unit, multipliers, flipFlops, memoryBits, levels, nanoseconds, megahertz }: Cost): string {
  const parts = [
    `${area} ${unit}`, ...(multipliers > 0 ? [`${multipliers} DSP`] : []), ...(flipFlops > 0 ? [`${flipFlops} flip-flops`] : []), ...(memoryBits > 0 ? [`${memoryBits} bits of memory`] : []),
    `${levels} level${levels === 1 ? '' : 's'} of LUTs`, ...(nanoseconds > 0 ? [`longest path ${nanoseconds.toFixed(1)} ns (${megahertz.toFixed(0)} MHz)`] : []),
  ];
  return `Predicted for ${device}: ${parts.join(', ')}.\n`;
}
