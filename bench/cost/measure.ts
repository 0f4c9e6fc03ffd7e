import { place } from '../../synth/placement/place.js';
import { prove } from '../../synth/proof.js';
import { synthesize, type Source } from '../../synth/synthesize.js';
import { checkAgreement } from './agreement.js';
import type { CostCase, Family, Goal } from './cases.js';
import { emittedFor, naiveSource, type Emitted } from './emitted.js';
import { packedArea } from './packed.js';

/** What a design costs on a family. */
export interface Figure {
  readonly area: number;
  readonly levels: number;
  readonly dsps: number;
  readonly megahertz?: number;
  /** Clocks from input to output. */
  readonly latency?: number;
  /** Whether the netlist was proven to be the Verilog. */
  readonly proven: boolean;
}

/** A case on a family, measured. */
export interface Measured {
  readonly name: string;
  readonly family: Family;
  readonly goal: Goal;
  readonly generic: Figure;
  /** Where the generator has structures of its own for the family. */
  readonly fitted?: Figure;
  readonly naive?: Figure;
  readonly like?: string;
}

/** Seeds of the placement where the clock is what counts. */
const seeds = 3;

/** Measures a case, and checks that the naive Verilog of it does the same. */
export async function measure(each: CostCase, family: Family): Promise<Measured> {
  const { naive, without, per = 1, ours } = each;
  const dsp = each.table === 'dsp';
  const tries = each.table === 'sweep' ? 0 : each.table === 'pipelined' ? seeds : 1;
  if (naive !== undefined && naive.standsAlone !== true && without === undefined) await checkAgreement(ours, naiveSource(naive), naive.latency);
  const own = async (emitted: Emitted, rest: Emitted | undefined): Promise<Figure> => {
    const whole = await figure(emitted.source, family, { dsp, tries, proof: each.table !== 'sweep', latency: emitted.latency });
    return rest === undefined ? whole : less(whole, await figure(rest.source, family, { dsp, tries: 1, proof: false }), per);
  };
  const [texts, rests] = [emittedFor(ours, family, dsp), without === undefined ? undefined : emittedFor(without.ours, family, dsp)];
  const generic = await own(texts.generic, rests?.generic);
  const fitted = texts.fitted === undefined ? undefined : await own(texts.fitted, rests?.fitted ?? rests?.generic);
  const theirs = naive === undefined ? undefined : await figure(naiveSource(naive), family, { dsp, tries, proof: false, latency: naive.latency });
  return {
    name: each.name, family, goal: each.goals[family] ?? {}, ...(each.like === undefined ? {} : { like: each.like }), generic, ...(fitted === undefined ? {} : { fitted }),
    ...(theirs === undefined ? {} : { naive: theirs }),
  };
}

function less(whole: Figure, rest: Figure, per: number): Figure {
  return { ...whole, area: Math.round((whole.area - rest.area) / per) };
}

interface Options {
  readonly dsp: boolean;
  /** Placements; with 0 cells are only packed. */
  readonly tries: number;
  readonly proof: boolean;
  readonly latency?: number | undefined;
}

async function figure(source: Source, family: Family, { dsp, tries, proof, latency }: Options): Promise<Figure> {
  const synthesis = await synthesize(source, { target: family, dsp });
  const check = proof ? await prove(synthesis) : undefined;
  if (check?.verdict === 'WRONG') throw new Error(check.why);
  const { levels, kinds } = synthesis;
  const common = { levels, dsps: kinds.dsp, proven: check?.verdict === 'proven', ...(latency === undefined ? {} : { latency }) };
  if (synthesis.target.area !== undefined) return { ...common, area: synthesis.target.area.of(synthesis.cells) };
  if (tries === 0) return { ...common, area: await packedArea(synthesis) };
  const { area, megahertz } = await place(synthesis, { seeds: tries });
  return { ...common, area, megahertz };
}
