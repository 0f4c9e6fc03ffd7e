import { describeParameters, units } from '../../generators/index.js';
import type { Command } from '../command.js';
import { jsonText } from '../json-text.js';

/** `narrowgate list`: the units with a sentence each; as JSON with their parameters too. */
export const list: Command = {
  name: 'list',
  summary: 'The units that can be generated.',
  takesUnit: false,
  flags: [],
  examples: ['narrowgate list'],
  run({ flags }, io) {
    if (flags.switch('json')) {
      io.stdout.write(jsonText(units.map(({ name, summary }) => ({ name, summary, parameters: describeParameters(name) }))));
    } else {
      const width = Math.max(...units.map(({ name }) => name.length));
      for (const { name, summary } of units) io.stdout.write(`${name.padEnd(width)}  ${summary}\n`);
    }
    return Promise.resolve(0);
  },
};
