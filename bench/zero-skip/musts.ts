import { createRandom } from '../../testbench/index.js';
import type { ZeroSkipParameters } from '../../golden/index.js';
import type { Row } from '../row.js';
import { layer, runTiles, utilization } from './run.js';
import type { Cell, LaneSweep } from './sweep.js';
import { sparseTile, zeroKinds } from './tiles.js';

const seed = 2;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Least shares of lane-clocks with a product, by the density of pairs. */
interface Bound {
  readonly density: number;
  readonly busy: number;
}

/** Tiles of these densities of pairs, weights and inputs equally dense, and how busy the lanes are with them. */
async function busyRow(what: string, parameters: ZeroSkipParameters, bounds: readonly Bound[], how: string): Promise<Row> {
  const random = createRandom(seed);
  const runs = await runTiles(parameters, bounds.map(({ density }) => {
    const zeros = 1 - Math.sqrt(density);
    return sparseTile(parameters, { weights: zeros, inputs: zeros }, 'random', random);
  }));
  const busy = runs.map(run => utilization(run, parameters.lanes));
  const list = (shares: readonly number[], digits: number): string => shares.map(share => (100 * share).toFixed(digits)).join(' / ');
  return {
    what: `${what}, pair density ${bounds.map(({ density }) => density).join(' / ')}`, reached: `${list(busy, 1)} % busy`, must: `at least ${list(bounds.map(bound => bound.busy), 0)} %`,
    good: bounds.every((bound, index) => (busy[index] ?? 0) >= bound.busy && runs[index]?.good === true), how,
  };
}

async function laneRows(): Promise<readonly Row[]> {
  const oneLane: ZeroSkipParameters = { ...layer, outputChannels: 8, lanes: 1, lookahead: 32, balance: 'none' };
  const of = ({ lanes, lookahead, balance, runAhead }: ZeroSkipParameters): string => `lookahead ${lookahead}, runAhead ${runAhead}${lanes === 1 ? '' : `, balance ${balance}`}`;
  const four = [{ density: 0.25, busy: 0.95 }, { density: 0.1, busy: 0.88 }];
  const plain: ZeroSkipParameters = { ...layer, lookahead: 32, balance: 'none' };
  return [
    await busyRow('1 lane', oneLane, [{ density: 1, busy: 0.99 }, { density: 0.5, busy: 0.99 }, { density: 0.25, busy: 0.99 }, { density: 0.1, busy: 0.95 }], `8 of the output channels; ${of(oneLane)}`),
    await busyRow('16 lanes', plain, four, of(plain)),
    await busyRow('16 lanes, balanced', layer, four, of(layer)),
  ];
}

function find(sweeps: readonly LaneSweep[], lanes: number, weights: number, inputs: number): Cell {
  const cell = sweeps.find(each => each.lanes === lanes)?.cells.find(each => each.weights === weights && each.inputs === inputs);
  if (cell === undefined) throw new TypeError(`the sweep has no tile of ${lanes} lanes, ${weights}, ${inputs}`);
  return cell;
}

/** A clustered tile may take so much more clocks a product than a random one. */
export const clusterTolerance = 0.01;
/** Two random tiles differ by about as much, so that what is above it is measured on so many more tiles of each kind. */
const moreTiles = 8;

/** Where clustered zeros lose most against random ones, in clocks a product. */
interface Loss {
  readonly loss: number;
  readonly where: string;
  readonly good: boolean;
}

/** The loss on more tiles of the shares of a cell. */
async function meanLoss(lanes: number, { weights, inputs }: Cell): Promise<Pick<Loss, 'loss' | 'good'>> {
  const parameters = { ...layer, lanes };
  const random = createRandom(seed);
  const runs = await runTiles(parameters, zeroKinds.flatMap(kind => Array.from({ length: moreTiles }, () => sparseTile(parameters, { weights, inputs }, kind, random))));
  const [scattered, clustered] = [runs.slice(0, moreTiles), runs.slice(moreTiles)].map(of => of.reduce((sum, run) => sum + utilization(run, lanes), 0));
  return { loss: (scattered ?? 0) / (clustered ?? 0) - 1, good: runs.every(run => run.good) };
}

async function worstCluster(sweeps: readonly LaneSweep[]): Promise<Loss> {
  let worst: Loss = { loss: Number.NEGATIVE_INFINITY, where: '', good: true };
  for (const { lanes, cells } of sweeps) {
    for (const cell of cells) {
      const { weights, inputs, kinds: { random, clustered } } = cell;
      const where = `${lanes} lanes, ${percent(weights)} and ${percent(inputs)} zeros`;
      const once = random.utilization / clustered.utilization - 1;
      const found: Loss = once <= clusterTolerance ? { loss: once, where, good: true } : { ...await meanLoss(lanes, cell), where: `${where}, the mean of ${moreTiles} tiles` };
      if (found.loss > worst.loss || !found.good) worst = found;
      if (!found.good) return worst;
    }
  }
  return worst;
}

function sweepRows(sweeps: readonly LaneSweep[], worst: Loss, how: string): readonly Row[] {
  const dense = sweeps.map(({ cells }) => cells.find(({ weights, inputs }) => weights === 0 && inputs === 0)?.kinds.random.utilization ?? 0);
  const sparse = find(sweeps, 16, 0.9, 0.9).kinds.random;
  const tiles = sweeps.reduce((count, { cells }) => count + 2 * cells.length + 1, 0);
  const [least, most] = [Math.min(...sweeps.map(each => each.lanes)), Math.max(...sweeps.map(each => each.lanes))];
  return [
    { what: '0 % zeros', reached: `${percent(Math.min(...dense))} busy`, must: 'at least 99 %', good: Math.min(...dense) >= 0.99, how: `the least of ${least} to ${most} lanes; ${how}` },
    {
      what: '90 % of weights and of inputs zero', reached: `${sparse.speedUp.toFixed(1)} x`, must: 'at least 60 x over skip none', good: sparse.speedUp >= 60,
      how: `16 lanes; ${sparse.clocks} clocks, ${percent(sparse.utilization)} of the ideal of this tile`,
    },
    {
      what: 'zeros in runs against scattered ones', reached: worst.loss <= 0 ? 'never slower' : `${percent(worst.loss)} more clocks a product at most`, must: 'never slower (within 1 %)',
      good: worst.loss <= clusterTolerance && worst.good, how: `the worst of ${tiles} tiles, where one loses more the mean of ${moreTiles}: ${worst.where}`,
    },
    {
      what: 'sums and counters of the sweep', reached: sweeps.every(each => each.good) ? 'as the golden model' : 'NOT as the golden model', must: 'as the golden model',
      good: sweeps.every(each => each.good), how: `${tiles} tiles in Verilator: dense convolution, cycle model`,
    },
  ];
}

/** The rows of the table: lanes on their own tiles, and what a sweep shows. */
export async function mustRows(sweeps: readonly LaneSweep[]): Promise<readonly Row[]> {
  const { lookahead, runAhead, balance } = layer;
  return [...await laneRows(), ...sweepRows(sweeps, await worstCluster(sweeps), `lookahead ${lookahead}, runAhead ${runAhead}, balance ${balance}`)];
}
