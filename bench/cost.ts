#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNextpnr } from '../synth/placement/find.js';
import { findYosys } from '../synth/yosys/find.js';
import { packageRoot } from '../system/package-root.js';
import { costCases, familiesOf, type CostCase, type Family, type TableName } from './cost/cases.js';
import { measure } from './cost/measure.js';
import { predictionTable, predictionsOf, withPredictionTable } from './cost/predictions.js';
import { sweepCases } from './cost/sweep.js';
import { areaTolerance, clockTolerance, keyOf, lineOf, regressions, rowsOf, tableNames, tables } from './cost/table.js';
import { eachOf } from './cost/work.js';

/**
 * `make bench-cost`: measures the rows of docs/cost.md, with `--sweep` those of other sizes, with `--only PATTERN` those whose unit and target it fits, and with `--write` puts them on the page and
 * beside the predictions of docs/cost-model.md.
 */

const page = join(packageRoot(), 'docs', 'cost.md');
const modelPage = join(packageRoot(), 'docs', 'cost-model.md');
const workers = 2;

interface Job {
  readonly table: TableName;
  readonly each: CostCase;
  readonly family: Family;
}

const only = process.argv.indexOf('--only');
const pattern = new RegExp(only < 0 ? '' : process.argv[only + 1] ?? '', 'i');
const kept = readFileSync(page, 'utf8');
const isSweep = process.argv.includes('--sweep');
const jobs = (isSweep ? sweepCases : costCases).flatMap(each => familiesOf(each.table).map((family): Job => ({ table: each.table, each, family })))
  .filter(({ table, each, family }) => pattern.test(`${table}: ${keyOf([each.name, family])}`));

const begin = performance.now();
let done = 0;
const rows = await eachOf(jobs, workers, async ({ table, each, family }) => {
  const cells = tables[table].cells(await measure(each, family), kept);
  process.stderr.write(`${Math.round((performance.now() - begin) / 1000)} s, ${++done} of ${jobs.length}: ${keyOf(cells)}\n`);
  return { table, cells };
});

const grown: string[] = [];
const texts = tableNames.map(name => {
  const before = rowsOf(kept, name);
  const fresh = new Map(rows.filter(({ table }) => table === name).map(({ cells }) => [keyOf(cells), cells]));
  for (const [key, cells] of fresh) grown.push(...regressions(name, before.get(key), cells));
  const order = [...costCases, ...sweepCases].filter(each => each.table === name).flatMap(each => familiesOf(name).map(family => keyOf([each.name, family])));
  const lines = order.map(key => fresh.get(key) ?? before.get(key)).filter(cells => cells !== undefined).map(lineOf);
  const { heading, columns } = tables[name];
  return { fresh, text: `${heading}\n\n${[lineOf(columns), lineOf(columns.map(() => '---')), ...lines].join('\n')}\n` };
});

const head = kept.slice(0, kept.indexOf(tables.combinational.heading));
for (const [i, { fresh }] of texts.entries()) {
  const name = tableNames[i];
  if (fresh.size > 0 && name !== undefined) process.stdout.write(`${lineOf(tables[name].columns)}\n${[...fresh.values()].map(lineOf).join('\n')}\n\n`);
}
for (const each of grown) process.stderr.write(`More than ${100 * areaTolerance} % larger, or ${100 * clockTolerance} % slower: ${each}\n`);
if (process.argv.includes('--write')) {
  const [yosys, nextpnr] = await Promise.all([findYosys(), findNextpnr('ice40')]);
  writeFileSync(page, `${head}${texts.map(({ text }) => text).join('\n')}\nMeasured with ${yosys.version} and ${nextpnr.version}.\n`);
  writeFileSync(modelPage, withPredictionTable(readFileSync(modelPage, 'utf8'), predictionTable(predictionsOf(readFileSync(page, 'utf8')))));
}
process.exitCode = grown.length === 0 ? 0 : 1;
