#!/usr/bin/env node
import { commandRows } from './command.js';
import { elaborationRows } from './elaboration.js';
import { machineLines } from './machine.js';
import { tableText, type Row } from './row.js';
import { proofRows } from './proof.js';
import { simulationRows } from './simulation.js';
import { waveRows } from './waves.js';

const parts: readonly (readonly [string, () => readonly Row[] | Promise<readonly Row[]>])[] = [
  ['elaboration', elaborationRows], ['the command', commandRows], ['simulation', simulationRows], ['waveforms', waveRows], ['proofs', proofRows],
];

const rows: Row[] = [];
for (const [name, measure] of parts) {
  process.stderr.write(`measuring ${name} ...\n`);
  rows.push(...await measure());
}
process.stdout.write(`${machineLines().join('\n')}\n\n${tableText(rows)}\n`);
process.exitCode = rows.every(row => row.good) ? 0 : 1;
