import { unitName } from './harness.js';

/** What is read of nextpnr's report. */
export interface Report {
  readonly utilization: Readonly<Record<string, { readonly used: number; readonly available: number }>>;
  readonly fmax: Readonly<Record<string, { readonly achieved: number }>>;
  readonly critical_paths: readonly {
    readonly from: string;
    readonly to: string;
    readonly path: readonly { readonly delay: number; readonly net?: string; readonly type: string }[];
  }[];
}

/** A signal on the critical path. */
export interface PathStep {
  /** Its name in the Verilog of the unit; `input` and `output` for the registers of the harness. */
  readonly signal: string;
  /** Nanoseconds from the clock edge until the path leaves it. */
  readonly at: number;
}

/**
 * The longest path from register to register, as the signals of the unit that it goes through, each once in a row.
 * @param verilog of the unit; a net that synthesis made is called after the name in it that the net's name begins with
 */
export function criticalPath({ critical_paths: paths }: Report, verilog: string): readonly PathStep[] {
  const names = new Set(verilog.match(/[A-Za-z_]\w*/g));
  const length = ({ path }: Report['critical_paths'][number]): number => path.reduce((sum, { delay }) => sum + delay, 0);
  // Ways from and to pins say nothing of the unit.
  const longest = paths.filter(({ from, to }) => from.startsWith('posedge') && to.startsWith('posedge')).toSorted((a, b) => length(b) - length(a))[0];
  const steps: PathStep[] = [];
  let at = 0;
  for (const { delay, net } of longest?.path ?? []) {
    at += delay;
    const signal = net === undefined ? undefined : signalOf(net, names);
    if (signal === undefined) continue;
    if (steps.at(-1)?.signal === signal) steps.pop();
    steps.push({ signal, at });
  }
  return steps;
}

function signalOf(net: string, names: ReadonlySet<string>): string | undefined {
  if (/^feed\b/.test(net)) return 'input';
  if (net.startsWith('level0')) return 'output';
  if (!net.startsWith(`${unitName}.`)) return undefined;
  const [words = ''] = /^\w*/.exec(net.slice(unitName.length + 1)) ?? [];
  // From the whole name down, a word less each time.
  for (let name = words; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('_')))) if (names.has(name)) return name;
  return undefined;
}
