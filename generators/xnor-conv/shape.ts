import { planeContradictions, type PlaneParameters } from '../arithmetic/bit-planes.js';
import type { HdlIssueOf } from '../arithmetic/stream.js';

/** What of the parameters decides the sizes of a convolution. */
export interface ShapeParameters extends PlaneParameters {
  readonly height: number;
  readonly width: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly simd: number;
  readonly pe: number;
}

/** The sizes of a convolution and of what it is made of; the letters are those of `docs/xnor-conv.md`. */
export interface Shape {
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Rows of a frame that are stored (HR); the others lie below the last window. */
  readonly storedRows: number;
  /** Columns of a row that are read (WR); the others lie right of the last window. */
  readonly readColumns: number;
  /** A memory for each row of the kernel; rows in each of them. */
  readonly banks: number;
  readonly rowsOfBank: number;
  /** All rows of the memories (M). */
  readonly slots: number;
  /** Columns that wait before the window (D). */
  readonly columnsAhead: number;
  /** Weights of an output channel (K), its chunks (Q), groups of output channels (G), and clocks of an output pixel (F). */
  readonly elements: number;
  readonly chunks: number;
  readonly groups: number;
  readonly folding: number;
  /** Of each output row: rows in use when it is read, and rows that are free behind it. */
  readonly rowsNeeded: readonly number[];
  readonly rowsFreed: readonly number[];
  /** Of each output pixel of a row: columns that it takes. */
  readonly columnsTaken: readonly number[];
  /** What the least number of complete rows in use can be; below 0 where rows are free before they come. */
  readonly leastRows: number;
}

export function shapeOf(P: ShapeParameters): Shape {
  const { height, width, kernelHeight, kernelWidth, stride, padding } = P;
  const outputHeight = outputs(height, kernelHeight, P);
  const outputWidth = outputs(width, kernelWidth, P);
  const storedRows = Math.min(height, (outputHeight - 1) * stride - padding + kernelHeight);
  const readColumns = Math.min(width, (outputWidth - 1) * stride - padding + kernelWidth);
  const rowsOfBank = 1 + Math.ceil(stride / kernelHeight);
  const first = (y: number): number => y === outputHeight ? storedRows : Math.max(0, y * stride - padding);
  const rows = Array.from({ length: outputHeight }, (_, y) => y);
  const rowsNeeded = rows.map(y => Math.min(storedRows, y * stride - padding + kernelHeight) - first(y));
  const rowsFreed = rows.map(y => first(y + 1) - first(y));
  const columns = (x: number): number => x < 0 ? 0 : Math.min(readColumns, x * stride - padding + kernelWidth);
  const elements = kernelHeight * kernelWidth * P.inputChannels;
  const [chunks, groups] = [Math.ceil(elements / P.simd), Math.ceil(P.outputChannels / P.pe)];
  return {
    outputHeight, outputWidth, storedRows, readColumns, rowsOfBank, rowsNeeded, rowsFreed, elements, chunks, groups,
    banks: kernelHeight, slots: kernelHeight * rowsOfBank, folding: chunks * groups,
    columnsAhead: Math.max(Math.min(kernelWidth - padding, readColumns), Math.min(stride, readColumns)) + 1,
    columnsTaken: Array.from({ length: outputWidth }, (_, x) => columns(x) - columns(x - 1)),
    leastRows: Math.min(0, ...rows.map(y => (rowsNeeded[y] ?? 0) - 1 - (rowsFreed[y] ?? 0))),
  };
}

function outputs(size: number, kernel: number, { stride, padding }: ShapeParameters): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

/** Parameters that do not make a convolution together. */
export function shapeContradictions(P: ShapeParameters): readonly HdlIssueOf<keyof ShapeParameters>[] {
  const { kernelHeight, kernelWidth, padding } = P;
  const padded = P.padding > 0 ? 'padded map' : 'map';
  const issues: HdlIssueOf<keyof ShapeParameters>[] = [...planeContradictions(P)];
  const refuse = (parameter: keyof ShapeParameters, isWrong: boolean, message: string): void => {
    if (isWrong) issues.push({ parameter, message });
  };
  const [rows, columns] = [P.height + 2 * padding, P.width + 2 * padding];
  for (const operand of ['activationDistances', 'weightDistances'] as const) {
    refuse(operand, P[operand].length > 0 && P[operand].every(distance => distance === 0), `'${operand}' are all 0, and so would be every sum`);
  }
  refuse('kernelHeight', kernelHeight > rows, `'kernelHeight' is ${kernelHeight}, more than the ${plural(rows, 'row')} of the ${padded}`);
  refuse('kernelWidth', kernelWidth > columns, `'kernelWidth' is ${kernelWidth}, more than the ${plural(columns, 'column')} of the ${padded}`);
  refuse('padding', padding >= kernelHeight, `'padding' is ${padding}, and a kernel of ${plural(kernelHeight, 'row')} would lie in it alone`);
  refuse('padding', padding >= kernelWidth && kernelWidth !== kernelHeight, `'padding' is ${padding}, and a kernel of ${plural(kernelWidth, 'column')} would lie in it alone`);
  const elements = kernelHeight * kernelWidth * P.inputChannels;
  refuse('simd', P.simd > elements, `'simd' is ${P.simd}, more than the ${plural(elements, 'weight')} of an output channel`);
  refuse('pe', P.pe > P.outputChannels, `'pe' is ${P.pe}, more than the ${plural(P.outputChannels, 'output channel')}`);
  const beat = P.pe * P.weightPlanes * P.simd;
  refuse('pe', beat > widestBeat, `'pe' by 'weightPlanes' by 'simd' are ${beat} bits in a beat of weights, more than ${widestBeat}`);
  return issues;
}

/** Bits of a beat of weights, for which there must be wires. */
const widestBeat = 65_536;

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
