#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { commandRows } from './command.js';
import { elaborationRows } from './elaboration.js';
import { machineLines } from './machine.js';
import { tableText, type Row } from './row.js';
import { proofRows } from './proof.js';
import { simulationRows } from './simulation.js';
import { waveRows } from './waves.js';
import { zeroSkipRows } from './zero-skip.js';

const usage = 'usage: node dist/bench/main.js [--write] [--only PART], of which --write writes the pages of docs/ that hold figures';

function options(): { readonly write: boolean; readonly only: string | undefined } {
  try {
    const { values: { write = false, only } } = parseArgs({ options: { write: { type: 'boolean' }, only: { type: 'string' } } });
    return { write, only };
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)} (${usage})\n`);
    process.exit(2);
  }
}

const { write, only } = options();
const parts: readonly (readonly [string, () => readonly Row[] | Promise<readonly Row[]>])[] = [
  ['elaboration', elaborationRows], ['the command', commandRows], ['simulation', simulationRows], ['waveforms', waveRows], ['proofs', proofRows],
  ['zero skipping', () => zeroSkipRows(write)],
];

const rows: Row[] = [];
const wanted = parts.filter(([name]) => only === undefined || name === only);
if (wanted.length === 0) {
  process.stderr.write(`bench: there is no part '${only ?? ''}'; the parts are ${parts.map(([name]) => name).join(', ')}.\n`);
  process.exit(2);
}
for (const [name, measure] of wanted) {
  process.stderr.write(`measuring ${name} ...\n`);
  rows.push(...await measure());
}
process.stdout.write(`${machineLines().join('\n')}\n\n${tableText(rows)}\n`);
process.exitCode = rows.every(row => row.good) ? 0 : 1;
