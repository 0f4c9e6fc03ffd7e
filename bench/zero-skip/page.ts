import { layer } from './run.js';
import type { LaneSweep, Measured } from './sweep.js';
import { runLength, zeroKinds } from './tiles.js';

/** What is swept, in a line. */
export const sweepTitle = `${layer.inputChannels} channels to ${layer.outputChannels}, ${layer.kernelHeight} x ${layer.kernelWidth}, a tile of ${layer.height} x ${layer.width}; `
  + `lookahead ${layer.lookahead}, runAhead ${layer.runAhead}, balance ${layer.balance}, skip ${layer.skip}`;

const share = (value: number): string => `${Math.round(100 * value)}`;

function cellsOf({ clocks, speedUp, utilization }: Measured): readonly string[] {
  return [`${clocks}`, `${speedUp.toFixed(1)} x`, (100 * utilization).toFixed(1)];
}

function tableOf({ lanes, denseClocks, cells }: LaneSweep): readonly string[] {
  return [
    `## ${lanes} lanes`, '', `\`skip: none\` takes ${denseClocks} clocks, whatever the tile.`, '',
    `| zeros of weights, % | of inputs, % | ideal | ${zeroKinds.map(kind => `${kind}: clocks | speed-up | busy, %`).join(' | ')} |`, `|${' --- |'.repeat(3 + 3 * zeroKinds.length)}`,
    ...cells.map(({ weights, inputs, kinds }) => {
      const ideal = (denseClocks * lanes) / kinds.random.pairs;
      return `| ${[share(weights), share(inputs), `${ideal.toFixed(1)} x`, ...zeroKinds.flatMap(kind => cellsOf(kinds[kind]))].join(' | ')} |`;
    }), '',
  ];
}

/** The page of a sweep. `figures` is the table of the rows that must be reached. */
export function sweepPage(sweeps: readonly LaneSweep[], figures: readonly string[], plot: string, machine: readonly string[]): string {
  return [
    '# What skipping zeros gains', '',
    '`make bench` measures this; `make bench BENCH_ARGUMENTS=--write` writes this page and its plot anew. Every tile runs through the emitted core in Verilator; its sums are held against the dense',
    'convolution and its counters against the cycle model.', '',
    `${sweepTitle}; int8, inputs compressed, \`group\` ${layer.group}.`, '', `![speed-up and utilization over the ideal speed-up](${plot})`, '',
    'A tile is a mark: scattered zeros a circle, zeros in runs a diamond. The ideal is that of a core that does a product in every lane in every clock, and none with a zero.', '', ...figures, '',
    '## How the tiles are made', '',
    `Zeros stand anywhere (random), or fill whole runs of ${runLength} neighbouring channels of a tap or a pixel (clustered), as coarse pruning leaves them. Both kinds have equally many zeros in each output channel`,
    'of the weights and in each pixel of the inputs, so that they differ in nothing else; the number of pairs without a zero differs by chance. The ideal is that of the random tile. "Busy" is products / (lanes · clocks),',
    'which is also what of its own ideal speed-up a tile reaches.', '', ...sweeps.flatMap(tableOf), ...machine, '',
  ].join('\n');
}
