/** One line of the table of figures. */
export interface Row {
  readonly what: string;
  /** What was reached, with its unit. */
  readonly reached: string;
  /** What must be reached, in the same words. */
  readonly must: string;
  readonly good: boolean;
  /** How it was measured. */
  readonly how: string;
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Rows in columns. */
export function tableText(rows: readonly Row[]): string {
  const cells = [['what', 'reached', 'must', '', 'how'], ...rows.map(row => [row.what, row.reached, row.must, row.good ? 'ok' : 'MISSED', row.how])];
  const widths = [0, 1, 2, 3].map(column => Math.max(...cells.map(line => line[column]?.length ?? 0)));
  return cells.map(line => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

/** Rows as a table of Markdown. */
export function rowsMarkdown(rows: readonly Row[]): readonly string[] {
  return ['| what | reached | must | how |', '| --- | --- | --- | --- |', ...rows.map(({ what, reached, must, good, how }) => `| ${what} | ${reached} | ${must}${good ? '' : ' (missed)'} | ${how} |`)];
}
