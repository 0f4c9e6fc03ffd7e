import { createRandom } from '../../testbench/index.js';
import { layer, runTiles, utilization } from './run.js';
import { sparseTile, zeroKinds, type ZeroKind } from './tiles.js';

/** Shares of zeros, of weights and of inputs. */
export const shares = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95] as const;
export const laneCounts = [8, 16, 32] as const;

/** A tile of one kind of zeros. */
export interface Measured {
  readonly clocks: number;
  /** Pairs of which neither is zero. */
  readonly pairs: number;
  /** Over `skip: none` on as many lanes. */
  readonly speedUp: number;
  /** Pairs over lanes and clocks: also what of the ideal speed-up is reached. */
  readonly utilization: number;
  readonly good: boolean;
}

/** Tiles of one share of zeros. */
export interface Cell {
  readonly weights: number;
  readonly inputs: number;
  readonly kinds: Readonly<Record<ZeroKind, Measured>>;
}

/** All shares on so many lanes. */
export interface LaneSweep {
  readonly lanes: number;
  /** Clocks of `skip: none`, which do not depend on the data. */
  readonly denseClocks: number;
  readonly good: boolean;
  readonly cells: readonly Cell[];
}

const seed = 1;

async function sweepLanes(lanes: number): Promise<LaneSweep> {
  const parameters = { ...layer, lanes };
  const random = createRandom(seed);
  const [dense] = await runTiles({ ...parameters, skip: 'none' }, [sparseTile(parameters, { weights: 0.5, inputs: 0.5 }, 'random', random)]);
  if (dense === undefined) throw new TypeError('one tile');
  const wanted = shares.flatMap(weights => shares.map(inputs => ({ weights, inputs })));
  const runs = await runTiles(parameters, wanted.flatMap(zeros => zeroKinds.map(kind => sparseTile(parameters, zeros, kind, random))));
  const measured = runs.map((run): Measured => ({
    clocks: run.cycles, pairs: run.products, speedUp: dense.cycles / run.cycles, utilization: utilization(run, lanes), good: run.good,
  }));
  const cells = wanted.flatMap((zeros, index): readonly Cell[] => {
    const [scattered, clustered] = [measured[2 * index], measured[2 * index + 1]];
    return scattered === undefined || clustered === undefined ? [] : [{ ...zeros, kinds: { random: scattered, clustered } }];
  });
  return { lanes, denseClocks: dense.cycles, good: dense.good && measured.every(each => each.good), cells };
}

/** Every share of zeros of weights with every one of inputs, scattered and in runs, on 8, 16 and 32 lanes. */
export async function sweep(): Promise<readonly LaneSweep[]> {
  const sweeps: LaneSweep[] = [];
  for (const lanes of laneCounts) sweeps.push(await sweepLanes(lanes));
  return sweeps;
}
