#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../generators/index.js';
import { place } from '../synth/placement/place.js';
import { prove } from '../synth/proof.js';
import { synthesize, type Source, type Synthesis } from '../synth/synthesize.js';
import type { TargetName } from '../synth/targets.js';
import { findNextpnr } from '../synth/placement/find.js';
import { findYosys } from '../synth/yosys/find.js';
import { packageRoot } from '../system/package-root.js';
import { costCases, type CostCase } from './cost-cases.js';

/** A figure may grow by so much over the one that is checked in. */
const tolerance = 0.02;
const page = join(packageRoot(), 'docs', 'cost.md');

/** What is counted on a target: LC of the placed iCE40, COMB, cells. */
async function areaOf(synthesis: Synthesis): Promise<number> {
  return synthesis.target.area?.of(synthesis.cells) ?? (await place(synthesis, { seeds: 1 })).area;
}

async function measured(source: Source, target: TargetName): Promise<{ readonly area: number; readonly levels: number; readonly verdict: string }> {
  const synthesis = await synthesize(source, { target, dsp: false });
  const check = await prove(synthesis);
  if (check.verdict === 'WRONG') throw new Error(check.why);
  return { area: await areaOf(synthesis), levels: synthesis.levels, verdict: check.verdict };
}

/** What naive Verilog costs. */
async function naiveArea(name: string, target: TargetName): Promise<number> {
  const verilog = readFileSync(join(packageRoot(), 'bench', 'naive', `${name}.v`), 'utf8');
  return areaOf(await synthesize({ verilog, file: 'naive.v', top: name }, { target, dsp: false }));
}

async function row(each: CostCase, target: TargetName): Promise<{ readonly key: string; readonly area: number; readonly line: string }> {
  process.stderr.write(`${each.name}, ${target} ...\n`);
  const parameters = 'dsp' in generate(each.unit).manifest.parameters ? { ...each.parameters, dsp: false } : each.parameters;
  const { verilog, manifest } = generate(each.unit, parameters);
  const ours = await measured({ verilog, file: 'unit.v', top: manifest.top }, target);
  const naive = each.naive === undefined ? undefined : await naiveArea(each.naive, target);
  const goal = each.goals[target];
  const key = `| ${each.name} | ${target} |`;
  const cells = [
    `${ours.area} (${ours.verdict})`, ours.levels, naive ?? '-', naive === undefined ? '-' : (ours.area / naive).toFixed(2), goal?.peer ?? '-', goal === undefined ? '-' : `${goal.must}${ours.area <= goal.must ? '' : ' (missed)'}`,
  ];
  return { key, area: ours.area, line: `${key} ${cells.join(' | ')} |` };
}

/** The figure of a line that is checked in. */
function before(text: string, key: string): number | undefined {
  const line = text.split('\n').find(each => each.startsWith(key));
  const figure = line === undefined ? undefined : /^ (\d+) /.exec(line.slice(key.length))?.[1];
  return figure === undefined ? undefined : Number(figure);
}

const [yosys, nextpnr] = await Promise.all([findYosys(), findNextpnr('ice40')]);
const kept = readFileSync(page, 'utf8');
const lines: string[] = [];
const grown: string[] = [];
for (const each of costCases) {
  for (const target of ['ice40', 'ecp5', 'xc7'] as const) {
    const { key, area, line } = await row(each, target);
    const old = before(kept, key);
    if (old !== undefined && area > old * (1 + tolerance)) grown.push(`${each.name} on ${target}: ${old} before, ${area} now`);
    lines.push(line);
  }
}
const begin = kept.indexOf('| unit |');
const table = ['| unit | target | ours | levels | naive | ours / naive | best peer | must |', '| --- | --- | --- | --- | --- | --- | --- | --- |', ...lines];
const text = `${kept.slice(0, begin)}${table.join('\n')}\n\nMeasured with ${yosys.version} and ${nextpnr.version}.\n`;
process.stdout.write(`${table.join('\n')}\n`);
for (const each of grown) process.stderr.write(`More than ${100 * tolerance} % larger: ${each}\n`);
if (process.argv.includes('--write')) writeFileSync(page, text);
process.exitCode = grown.length === 0 ? 0 : 1;
