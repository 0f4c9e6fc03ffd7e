import { predictCost } from '../../generators/cost/cost.js';
import { costCases, families, type CostCase, type Family, type Subject, type TableName } from './cases.js';
import { designOf } from './emitted.js';
import { keyOf, lineOf, rowsOf, tables } from './table.js';

export type Structure = 'generic' | 'fitted';
export const structures: readonly Structure[] = ['generic', 'fitted'];

/** A measured area and what the cost model says of the same design. */
export interface Prediction {
  readonly name: string;
  readonly table: TableName;
  readonly family: Family;
  readonly structure: Structure;
  readonly measured: number;
  readonly predicted: number;
}

/** Tables whose areas are predicted. */
const predictedTables: readonly TableName[] = ['combinational', 'pipelined'];

/** Every measured area without hard multipliers on the page of costs, beside its prediction. */
export function predictionsOf(page: string): readonly Prediction[] {
  return predictedTables.flatMap(table => {
    const rows = rowsOf(page, table);
    return costCases.filter(each => each.table === table).flatMap(each => families.flatMap(family => structures.flatMap((structure): Prediction[] => {
      const text = rows.get(keyOf([each.name, family]))?.[tables[table].columns.indexOf(structure)] ?? '';
      const measured = Number.parseFloat(text);
      const predicted = Number.isNaN(measured) ? undefined : predictedArea(each, family, structure);
      return predicted === undefined ? [] : [{ name: each.name, table, family, structure, measured, predicted }];
    })));
  });
}

function predictedArea({ ours, without, per = 1 }: CostCase, family: Family, structure: Structure): number | undefined {
  const of = (subject: Subject): number | undefined => predictCost(designOf(subject, structure === 'generic' ? 'generic' : family, false), family, { dsp: false })?.area;
  const [whole, rest] = [of(ours), without?.ours === undefined ? 0 : of(without.ours)];
  return whole === undefined || rest === undefined ? undefined : Math.round((whole - rest) / per);
}

/** The table of predicted and measured areas of the page of the cost model. */
export function predictionTable(predictions: readonly Prediction[]): string {
  const columns = families.flatMap(family => structures.map(structure => ({ family, structure })));
  const cases = costCases.filter(({ name, table }) => predictions.some(each => each.name === name && each.table === table));
  return [
    lineOf(['unit, predicted / measured', ...columns.map(({ family, structure }) => `${family}, ${structure}`)]), lineOf(['---', ...columns.map(() => '---')]),
    ...cases.map(({ name, table }) => lineOf([table === 'pipelined' ? `${name}, with registers` : name, ...columns.map(({ family, structure }) => {
      const found = predictions.find(each => each.name === name && each.table === table && each.family === family && each.structure === structure);
      return found === undefined ? '-' : predictionText(found);
    })])),
  ].join('\n');
}

function predictionText({ predicted, measured }: Prediction): string {
  const error = Math.round(100 * (predicted / measured - 1));
  return `${predicted} / ${measured} (${error < 0 ? '' : '+'}${error} %)`;
}

/** A page with its table of predictions replaced. */
export function withPredictionTable(page: string, table: string): string {
  const before = page.indexOf('| unit, predicted / measured');
  const behind = page.slice(before).search(/\n(?!\|)/);
  return `${page.slice(0, before)}${table}${behind < 0 ? '\n' : page.slice(before + behind)}`;
}
