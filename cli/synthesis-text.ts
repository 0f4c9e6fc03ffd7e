import type { Placement } from '../synth/placement/place.js';
import type { Check } from '../synth/proof.js';
import type { Synthesis } from '../synth/synthesize.js';
import { cellKinds, kindOf, type CellKind } from '../synth/targets.js';

const kindNames: Readonly<Record<CellKind, string>> = {
  lut: 'LUT', carry: 'carry', ff: 'flip-flop', dsp: 'hard multiplier', bram: 'block RAM', lutRam: 'distributed RAM', other: 'other',
};

/** What a design costs, for people. */
export function synthesisText(synthesis: Synthesis, rtl: string | undefined, check: Check): string {
  const { source, target, kinds, cells, levels, yosys, dsp } = synthesis;
  const { area } = target;
  const rows = cellKinds.filter(kind => kind !== 'other' || kinds.other > 0).map((kind): readonly [string, string, string] => {
    const types = Object.entries(cells).filter(([type]) => kindOf(target, type) === kind).map(([type, count]) => `${type} ${count}`);
    return [kindNames[kind], String(kinds[kind]), types.length === 1 ? types[0]?.replace(/ \d+$/, '') ?? '' : types.join(', ')];
  });
  if (area !== undefined) rows.push([`area in ${area.unit}`, String(area.of(cells)), area.doc]);
  rows.push(['depth', String(levels), 'LUTs on the longest path; carry chains cost nothing']);
  const width = Math.max(...rows.map(([name]) => name.length));
  const digits = Math.max(...rows.map(([, count]) => count.length));
  return [
    `${source.top}  ${target.title}, ${yosys.version}${dsp ? ', hard multipliers allowed' : ''}${rtl === undefined ? '' : `, RTL for ${rtl === 'generic' ? 'any device' : rtl}`}`,
    ...rows.map(([name, count, doc]) => `  ${name.padEnd(width)}  ${count.padStart(digits)}  ${doc}`.trimEnd()),
    `  ${'netlist'.padEnd(width)}  ${checkText(check)}`,
    '',
  ].join('\n');
}

/** How far the netlist is known to be the design, in words that begin with the verdict. */
export function checkText(check: Check): string {
  switch (check.verdict) {
    case 'proven': return `proven equal to the Verilog by ${check.by} (${check.seconds.toFixed(1)} s)`;
    case 'simulated': return `simulated, ${check.beats.toLocaleString('en-US')} beats as the golden model says (${check.seconds.toFixed(1)} s)`;
    case 'unchecked': return `unchecked: ${check.why}`;
    case 'WRONG': return `WRONG: ${check.why}; the figures above are void`;
  }
}

/**
 * What a placed design costs, for people.
 * @param sources where the generator's source declares a name of the Verilog
 */
export function placementText({ device, unit, area, harness, megahertz, nanoseconds, path, nextpnr }: Placement, sources: Readonly<Record<string, string>>): string {
  const lines = [
    `  ${device}, ${nextpnr}: ${area} ${unit} (and ${harness} of the harness), ${megahertz.toFixed(1)} MHz`,
    `  critical path of ${nanoseconds.toFixed(2)} ns:`,
    ...path.map(({ signal, at }) => `    ${at.toFixed(2).padStart(6)} ns  ${signal}${sources[signal] === undefined ? '' : `  (${sources[signal]})`}`),
  ];
  return `${lines.join('\n')}\n`;
}
