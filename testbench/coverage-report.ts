import type { CoverageModel } from './unit.js';

/** Bins by name, with how often each was hit. */
export interface CoverageCounts {
  readonly counts: Readonly<Record<string, number>>;
  /** Bins that were never hit, in the order of the model. */
  readonly missed: readonly string[];
}

/** The state of a coverage model; a bin without a count was hit 0 times. */
export function coverageCounts(model: CoverageModel): CoverageCounts {
  const seen = model.counts();
  const counts = Object.fromEntries(model.bins.map(bin => [bin, seen[bin] ?? 0]));
  return { counts, missed: model.bins.filter(bin => counts[bin] === 0) };
}

/** Adds the counts of several runs of one unit. */
export function mergeCoverage(parts: readonly CoverageCounts[]): CoverageCounts {
  const bins = [...new Set(parts.flatMap(part => Object.keys(part.counts)))];
  const counts = Object.fromEntries(bins.map(bin => [bin, parts.reduce((sum, part) => sum + (part.counts[bin] ?? 0), 0)]));
  return { counts, missed: bins.filter(bin => counts[bin] === 0) };
}

/**
 * The coverage as a table for a terminal: a line for each bin with its count, those never hit marked, and a last line that names
 * them. Ends with a newline.
 */
export function coverageTable({ counts, missed }: CoverageCounts): string {
  const bins = Object.entries(counts);
  if (bins.length === 0) return 'Coverage: this unit has no bins.\n';
  const nameWidth = Math.max(...bins.map(([bin]) => bin.length));
  const figures = bins.map(([, count]) => count.toLocaleString('en-US'));
  const countWidth = Math.max(...figures.map(figure => figure.length));
  const lines = bins.map(([bin, count], i) => `  ${bin.padEnd(nameWidth)}  ${(figures[i] ?? '').padStart(countWidth)}${count === 0 ? '  never' : ''}`);
  const summary = missed.length === 0 ? `Coverage: all ${bins.length} bins were hit.` : `Coverage: ${bins.length - missed.length} of ${bins.length} bins were hit; never: ${missed.join(', ')}.`;
  return [...lines, summary, ''].join('\n');
}
