import { runYosys, textOf, type YosysOptions } from '../yosys/run.js';
import type { ElaboratedDesign } from './elaborate.js';
import { netlistText, parseNetlist, partOf } from './netlist.js';
import type { Port } from './ports.js';
import type { ClockStep } from './registers.js';

export interface Unrolling {
  /** Clocks that are laid out one behind the other; registers are 0 before the first. */
  readonly clocks: number;
  /** Port of the synchronous reset, high in the first `resetClocks` clocks and low behind them. Without it, it is an input as any other. */
  readonly reset?: { readonly port: string; readonly clocks: number };
  /** Clocks whose outputs are outputs of the result. */
  readonly observed: readonly number[];
  /** Added to the number of a clock in the name of its outputs; inputs keep theirs. */
  readonly shift?: number;
}

/** Name of a port in one clock. */
export function portInClock(port: string, clock: number): string {
  return `${port}__${clock}`;
}

/** Port and clock of a name that `portInClock` made. */
export function clockOfPort(name: string): { readonly port: string; readonly clock: number } {
  const at = name.lastIndexOf('__');
  return { port: name.slice(0, at), clock: Number(name.slice(at + 2)) };
}

const range = (width: number): string => (width === 1 ? '' : `[${width - 1}:0] `);

/** The output that says whether another means anything: `out_valid` of `out_sum`. */
function validOf(port: string, step: ClockStep): string | undefined {
  const isValid = ({ name, direction, width }: Port): boolean => direction === 'output' && width === 1 && name.endsWith('_valid') && name !== port && port.startsWith(name.slice(0, -'valid'.length));
  return step.ports.find(isValid)?.name;
}

/**
 * Several clocks of a design as one combinational design, whose ports are those of the design in each clock. What an output stream carries while its valid is low means
 * nothing, and is 0.
 */
export async function unroll(step: ClockStep, { clocks, reset, observed, shift = 0 }: Unrolling, options: YosysOptions): Promise<ElaboratedDesign> {
  const ports: Port[] = [];
  const lines: string[] = [];
  const parts: Record<string, string> = {};
  const module = parseNetlist(step.json, 'step');
  // From the last clock back, for each clock computes only what is observed or held for the next one.
  let held: ReadonlySet<string> = new Set();
  for (let clock = clocks - 1; clock >= 0; clock--) {
    const needed = new Set([...observed.includes(clock) ? step.ports.filter(({ direction }) => direction !== 'input').map(({ name }) => name) : [], ...held]);
    const part = partOf(module, needed);
    parts[`step_${clock}.json`] = netlistText(`step_${clock}`, part);
    held = new Set(Object.keys(part.ports).filter(name => name.startsWith('q_')).map(name => name.replace('q_', 'd_')));
  }
  for (let clock = 0; clock < clocks; clock++) {
    const { ports: own } = parseNetlist(parts[`step_${clock}.json`] ?? '', `step_${clock}`);
    const connections = step.ports.flatMap(({ name, direction, width }): readonly string[] => {
      if (direction === 'input' && name === reset?.port) return own[name] === undefined ? [] : [`.\\${name} (1'b${clock < reset.clocks ? 1 : 0})`];
      if (direction !== 'input' && !observed.includes(clock)) return [];
      const outer = portInClock(name, direction === 'input' ? clock : clock + shift);
      ports.push({ name: outer, direction, width });
      if (own[name] === undefined) return [];
      const valid = direction === 'output' ? validOf(name, step) : undefined;
      if (valid === undefined) return [`.\\${name} (\\${outer} )`];
      const inner = `p_${ports.length}`;
      lines.push(`  wire ${range(width)}${inner};`, `  assign \\${outer}  = ${inner} & {${width}{\\${portInClock(valid, clock + shift)} }};`);
      return [`.\\${name} (${inner})`];
    });
    step.registers.forEach(({ width }, index) => {
      if (own[`q_${index}`] !== undefined) connections.push(`.q_${index}(${clock === 0 ? `${width}'d0` : `s_${index}_${clock}`})`);
      if (own[`d_${index}`] === undefined) return;
      lines.push(`  wire ${range(width)}s_${index}_${clock + 1};`);
      connections.push(`.d_${index}(s_${index}_${clock + 1})`);
    });
    lines.push(`  step_${clock} clock_${clock} (${connections.join(', ')});`);
  }
  const declared = ports.map(({ name, direction, width }) => `${direction} ${range(width)}\\${name} `).join(', ');
  const verilog = `module design(${declared});\n${lines.join('\n')}\nendmodule\n`;
  const script = [...Object.keys(parts).map(file => `read_json ${file}`), 'read_verilog design.v', 'hierarchy -check -top design', 'flatten', 'opt_clean', 'write_rtlil design.il'];
  const result = await runYosys(() => script, { ...parts, 'design.v': verilog }, ['design.il'], options);
  return { name: step.name, ports, registers: 0, memories: 0, memoryBits: 0, rtlil: textOf(result, 'design.il'), json: '' };
}
