/**
 * The table of a LUT: bit `i` is what `entry` says of the inputs whose pattern is `i`, input 0 lowest.
 * @param inputs how many inputs the table has, at most 5
 */
export function tableOf(inputs: number, entry: (...bits: readonly boolean[]) => boolean): number {
  let table = 0;
  for (let pattern = 2 ** inputs - 1; pattern >= 0; pattern--) {
    table = 2 * table + Number(entry(...Array.from({ length: inputs }, (_, bit) => ((pattern >> bit) & 1) === 1)));
  }
  return table;
}

/** A table as a constant of Verilog. */
export function tableText(table: number | bigint, width: number): string {
  return `${width}'h${table.toString(16).padStart(width / 4, '0')}`;
}
