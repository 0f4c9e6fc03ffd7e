import type { TableName } from './cases.js';
import type { Figure, Measured } from './measure.js';
import { sweepTolerance } from './sweep.js';

/** A table of the page: its heading, its columns and how a case fills them. The first two cells of a row name it. */
interface Table {
  readonly heading: string;
  readonly columns: readonly string[];
  /** @param page the page as it stands */
  readonly cells: (measured: Measured, page: string) => readonly string[];
}

const ours = ({ generic, fitted }: Measured): Figure => fitted ?? generic;
const shown = (value: number | undefined): string => value === undefined ? '-' : String(value);
const areaText = ({ area, proven }: Figure): string => proven ? String(area) : `${area} (unchecked)`;
const optional = (figure: Figure | undefined, text: (of: Figure) => string): string => figure === undefined ? '-' : text(figure);
/** A naive design whose hard multipliers add as well may take no cells. */
const ratio = (measured: Measured): string => optional(measured.naive, ({ area }) => area === 0 ? '-' : (ours(measured).area / area).toFixed(2));
const clock = ({ megahertz }: Figure): string => megahertz === undefined ? '-' : megahertz.toFixed(1);
const withDsps = ({ area, dsps }: Figure): string => `${area} + ${dsps} DSP`;

/** A goal, and whether it is reached. */
function goalText(goal: number | undefined, reached: number): string {
  return goal === undefined ? '-' : `${goal}${reached <= goal ? '' : ' (missed)'}`;
}

/** A clock that is to be reached, behind the area. */
function clockGoal({ goal: { megahertz } }: Measured, { megahertz: reached = 0 }: Figure): string {
  return megahertz === undefined ? '' : ` at ${megahertz} MHz${reached >= megahertz ? '' : ' (missed)'}`;
}

export const tables: Readonly<Record<TableName, Table>> = {
  combinational: {
    heading: '## Without registers, without hard multipliers',
    columns: ['unit', 'target', 'generic', 'fitted', 'levels', 'MHz', 'naive', 'levels', 'ours / naive', 'best peer', 'must', 'aim'],
    cells: measured => [
      measured.name, measured.family, areaText(measured.generic), optional(measured.fitted, areaText), shown(ours(measured).levels), clock(ours(measured)),
      optional(measured.naive, ({ area }) => String(area)), optional(measured.naive, ({ levels }) => String(levels)), ratio(measured),
      measured.goal.peer ?? '-', goalText(measured.goal.must, ours(measured).area), goalText(measured.goal.aim, ours(measured).area),
    ],
  },
  pipelined: {
    heading: '## With registers, without hard multipliers',
    columns: ['unit', 'target', 'generic', 'MHz', 'clocks', 'fitted', 'MHz', 'clocks', 'naive', 'MHz', 'clocks', 'ours / naive', 'must', 'aim'],
    cells: measured => [
      measured.name, measured.family,
      ...[measured.generic, measured.fitted, measured.naive].flatMap(figure => [
        optional(figure, figure === measured.naive ? ({ area }) => String(area) : areaText), optional(figure, clock), optional(figure, ({ latency }) => shown(latency)),
      ]),
      ratio(measured), `${goalText(measured.goal.must, ours(measured).area)}${clockGoal(measured, ours(measured))}`, goalText(measured.goal.aim, ours(measured).area),
    ],
  },
  dsp: {
    heading: '## With hard multipliers, without registers',
    columns: ['unit', 'target', 'generic', 'fitted', 'naive', 'ours / naive', 'best peer', 'must', 'aim'],
    cells: measured => [
      measured.name, measured.family, withDsps(measured.generic), optional(measured.fitted, withDsps), optional(measured.naive, withDsps), ratio(measured),
      measured.goal.peer ?? '-', goalText(measured.goal.must, ours(measured).area), goalText(measured.goal.aim, ours(measured).area),
    ],
  },
  sweep: {
    heading: '## Other sizes',
    columns: ['unit', 'target', 'generic', 'fitted', 'naive', 'ours / naive', 'must'],
    cells: (measured, page) => [
      measured.name, measured.family, String(measured.generic.area), optional(measured.fitted, ({ area }) => String(area)), optional(measured.naive, ({ area }) => String(area)),
      ratio(measured), nearText(measured, page),
    ],
  },
};

export const tableNames: readonly TableName[] = ['combinational', 'pipelined', 'dsp', 'sweep'];

/** The ratio to naive Verilog that a row of another size must come near, which is that of the goal of the size that it is like, or else of what we reach there; and whether it does. */
function nearText(measured: Measured, page: string): string {
  const { like, family, naive } = measured;
  const { columns } = tables.combinational;
  const row = like === undefined ? undefined : rowsOf(page, 'combinational').get(keyOf([like, family]));
  const cell = (column: string): number => Number.parseFloat(row?.[columns.indexOf(column)] ?? '');
  const goal = cell('must') / cell('naive');
  const most = (Number.isNaN(goal) ? cell('ours / naive') : goal) * (1 + sweepTolerance);
  if (naive === undefined || Number.isNaN(most)) return '-';
  return `${most.toFixed(2)}${ours(measured).area / naive.area <= most ? '' : ' (missed)'}`;
}

/** A row as it stands on the page. */
export function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function cellsOf(line: string): readonly string[] {
  return line.split('|').slice(1, -1).map(cell => cell.trim());
}

/** The rows of a table of the page, by unit and target. */
export function rowsOf(page: string, name: TableName): ReadonlyMap<string, readonly string[]> {
  const begin = page.indexOf(tables[name].heading);
  if (begin < 0) return new Map();
  const lines = page.slice(begin + tables[name].heading.length).split('\n');
  const first = lines.findIndex(line => line.startsWith('| --- |')) + 1;
  const last = lines.findIndex((line, i) => i >= first && !line.startsWith('|'));
  return new Map(lines.slice(first, last < 0 ? undefined : last).map(cellsOf).map(cells => [keyOf(cells), cells]));
}

export function keyOf([unit = '', target = '']: readonly string[]): string {
  return `${unit}, ${target}`;
}

/** A figure may grow by so much over the one that is checked in; the clock, which the placement decides, may fall by so much. */
export const areaTolerance = 0.02;
export const clockTolerance = 0.1;

/** What became worse in a row, one sentence each. What a naive design costs is not watched. */
export function regressions(name: TableName, before: readonly string[] | undefined, now: readonly string[]): readonly string[] {
  const { columns } = tables[name];
  const naive = columns.indexOf('naive');
  return columns.slice(0, naive).flatMap((column, i) => {
    const [old, fresh] = [Number.parseFloat(before?.[i] ?? ''), Number.parseFloat(now[i] ?? '')];
    const isWorse = column === 'generic' || column === 'fitted' ? fresh > old * (1 + areaTolerance) : column === 'MHz' && fresh < old * (1 - clockTolerance);
    return isWorse ? [`${keyOf(now)}: ${column} ${old} before, ${fresh} now`] : [];
  });
}
