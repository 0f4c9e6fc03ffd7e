/**
 * The clock of every output pixel of the convolution at full speed: every input stream offers a beat in every clock, the output is always ready. It follows the
 * schedule of docs/xnor-conv.md event by event.
 */
import { convolutionSizes, type XnorConvParameters } from './xnor-conv.js';
import { streamSizes } from './xnor-conv-streams.js';

/** Pixels of the map that are stored, and the memory that the windows are read from. */
interface Rows {
  /** Rows stored of a frame, and columns read of each. */
  readonly stored: number;
  readonly columns: number;
  /** Rows of memory, and columns that may be read ahead of their output pixel. */
  readonly memory: number;
  readonly ahead: number;
}

function rowsOf(parameters: XnorConvParameters): Rows {
  const { height, width, kernelHeight, kernelWidth, stride, padding } = parameters;
  const { outputHeight, outputWidth } = convolutionSizes(parameters);
  const columns = Math.min(width, (outputWidth - 1) * stride - padding + kernelWidth);
  return {
    stored: Math.min(height, (outputHeight - 1) * stride - padding + kernelHeight), columns,
    memory: kernelHeight * (1 + Math.ceil(stride / kernelHeight)),
    ahead: Math.max(Math.min(kernelWidth - padding, columns), Math.min(stride, columns)) + 1,
  };
}

/** The events of a run so far. */
class Schedule {
  /** Clock in which each output pixel comes out, frame after frame, in raster order. */
  readonly outputs: number[] = [];
  private readonly rows: Rows;
  private readonly outputHeight: number;
  private readonly outputWidth: number;
  private readonly folding: number;
  /** Clock of the last pixel accepted, and how many pixels have been. */
  private lastAccepted = -1;
  private acceptedPixels = 0;
  /** Clock in which the last column of each output row was read; of every column read; in which the output pixel that takes a column was taken up. */
  private readonly rowRead: number[] = [];
  private readonly read: number[] = [];
  private readonly columnTaken: number[] = [];
  /** Clocks in which the pixels of the rows that are still needed were accepted, by frame and row. */
  private readonly accepted = new Map<string, readonly number[]>();
  private lastTaken = -Infinity;

  constructor(private readonly parameters: XnorConvParameters, private readonly pipelineClocks: number, private readonly reloads: readonly boolean[]) {
    this.rows = rowsOf(parameters);
    ({ outputHeight: this.outputHeight, outputWidth: this.outputWidth } = convolutionSizes(parameters));
    this.folding = streamSizes(parameters).folding;
  }

  run(): void {
    for (let frame = 0; frame < this.reloads.length; frame++) {
      for (let row = 0; row < this.outputHeight; row++) this.outputRow(frame, row);
    }
  }

  /** First row of a frame that an output row of it reads, and one behind the last. */
  private firstRow(row: number): number {
    return Math.max(0, row * this.parameters.stride - this.parameters.padding);
  }

  private endRow(row: number): number {
    return Math.min(this.rows.stored, row * this.parameters.stride - this.parameters.padding + this.parameters.kernelHeight);
  }

  private columnsFor(column: number): number {
    return Math.min(this.rows.columns, column * this.parameters.stride - this.parameters.padding + this.parameters.kernelWidth);
  }

  private outputRow(frame: number, row: number): void {
    const pixels = this.acceptedRow(frame, this.endRow(row) - 1);
    const { columns, ahead } = this.rows;
    const begin = this.read.length;
    let next = 0;
    for (let column = 0; column < columns; column++) {
      const k = begin + column;
      const clock = Math.max((this.read[k - 1] ?? -1) + 1, (pixels[column] ?? 0) + 1, k >= ahead ? this.columnTaken[k - ahead] ?? Infinity : 0);
      this.read.push(clock);
      // Every output pixel whose last column this is.
      for (; next < this.outputWidth && this.columnsFor(next) <= column + 1; next++) this.outputPixel(frame, row, next, begin, clock);
    }
    this.rowRead.push(this.read.at(-1) ?? 0);
  }

  private outputPixel(frame: number, row: number, column: number, begin: number, lastColumn: number): void {
    const { folding, pipelineClocks } = this;
    let taken = Math.max(this.lastTaken + folding, lastColumn + 2);
    if (row === 0 && column === 0) {
      if (frame === 0) taken = Math.max(taken, folding);
      else if (this.reloads[frame] === true) taken = Math.max(lastColumn + 2, (this.outputs.at(-1) ?? 0) + 1) + 1 + folding;
    }
    this.lastTaken = taken;
    this.outputs.push(taken + folding + 1 + pipelineClocks);
    const from = column === 0 ? 0 : this.columnsFor(column - 1);
    for (let k = begin + from; k < begin + this.columnsFor(column); k++) this.columnTaken[k] = taken;
  }

  /** The clocks in which the pixels of a row were accepted, after those of all rows before. */
  private acceptedRow(frame: number, row: number): readonly number[] {
    const { height, width } = this.parameters;
    const wanted = (frame * height + row + 1) * width;
    while (this.acceptedPixels < wanted) this.acceptRow();
    return this.accepted.get(`${frame} ${row}`) ?? [];
  }

  private acceptRow(): void {
    const { height, width } = this.parameters;
    const at = this.acceptedPixels / width;
    const [frame, row] = [Math.floor(at / height), at % height];
    const free = this.freeAt(frame * this.rows.stored + Math.min(row, this.rows.stored));
    const clocks: number[] = [];
    for (let column = 0; column < width; column++) {
      this.lastAccepted = Math.max(this.lastAccepted + 1, free);
      clocks.push(this.lastAccepted);
    }
    this.acceptedPixels += width;
    this.accepted.set(`${frame} ${row}`, clocks);
    this.accepted.delete(`${frame - 1} ${row}`);
  }

  /** The first clock in which stored row `stored` may be written: the output rows that still needed the memory have read all their columns. */
  private freeAt(stored: number): number {
    const oldest = stored - this.rows.memory;
    let output = Math.max(0, Math.floor(oldest / this.rows.stored) * this.outputHeight);
    while (Math.floor(output / this.outputHeight) * this.rows.stored + this.firstRow(output % this.outputHeight) <= oldest) output++;
    return output > 0 ? (this.rowRead[output - 1] ?? Infinity) + 1 : 0;
  }
}

/**
 * The clocks of all output pixels of frames that follow each other at full speed, frame after frame in raster order, counted from the first clock after reset.
 * `reloads` says of each frame whether it takes new weights (the first always does); `pipelineClocks` are the clocks of the arithmetic's pipeline, the manifest's
 * latency - folding - 4. Throws a GoldenError for a parameter outside its range.
 */
export function xnorConvClocks(parameters: XnorConvParameters, pipelineClocks: number, reloads: readonly boolean[]): Uint32Array {
  const schedule = new Schedule(parameters, pipelineClocks, reloads);
  schedule.run();
  return Uint32Array.from(schedule.outputs);
}
