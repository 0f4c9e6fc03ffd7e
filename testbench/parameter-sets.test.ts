import { afterAll, describe, expect, it } from 'vitest';
import { generate, type Generated } from '../generators/index.js';
import { activationEncoderSets, floatConvertSets, floatDotSets, floatMulSets, macTreeSets, pruneSets, xnorConvSets, xnorDotSets, zeroSkipSets, type ParameterSet } from './testing/parameter-sets.js';
import { findUnit } from './units/index.js';
import { verify } from './verify.js';

const sets: readonly (readonly [unit: string, set: ParameterSet])[] = [
  ...macTreeSets.map(set => ['mac-tree', set] as const),
  ...activationEncoderSets.map(set => ['activation-encoder', set] as const),
  ...floatMulSets.map(set => ['float-mul', set] as const),
  ...floatConvertSets.map(set => ['float-convert', set] as const),
  ...floatDotSets.map(set => ['float-dot', set] as const),
  ...xnorDotSets.map(set => ['xnor-dot', set] as const),
];

/** Units of frames: the waveforms see everything, and every simulator costs a build. */
const framedSets: readonly (readonly [unit: string, set: ParameterSet])[] = [
  ...xnorConvSets.map(set => ['xnor-conv', set] as const),
  ...zeroSkipSets.map(set => ['zero-skip-conv', set] as const),
  ...pruneSets.map(set => ['prune-unit', set] as const),
];

/** Whether a unit of floats has few enough operands to be compared on all of them. */
function isSmall({ manifest }: Generated): boolean {
  const [input] = manifest.streams.filter(stream => stream.direction === 'input');
  const bits = manifest.ports.reduce((sum, port) => sum + (input?.payload.includes(port.name) === true ? port.width : 0), 0);
  return manifest.unit.startsWith('float') && bits <= 16;
}

/** How often each value of each choice was verified. */
const seen = new Map<string, number>();

describe.concurrent('every parameter set matches its golden model on waveforms and in bulk', { timeout: 600_000 }, () => {
  it.each(sets)('%s %j', async (name, set) => {
    const design = generate(name, set);
    const verdict = await verify(findUnit(name), design, { seed: 7, waveBeats: 250, ...(isSmall(design) ? { vectors: 'exhaustive' } : { vectors: 20_000 }) });
    expect(verdict.failure).toBeUndefined();
    expect(verdict.verdict).toBe('pass');
    expect(verdict.waves.beats).toBeGreaterThan(0);
    expect(verdict.bulk.beats).toBeGreaterThan(0);
    // Every class with every class, and every case of rounding.
    if (name.startsWith('float')) expect(verdict.coverage.missed.filter(bin => !bin.endsWith('valid without ready'))).toEqual([]);
    if (name !== 'mac-tree') return;
    for (const [key, value] of Object.entries(design.manifest.parameters)) {
      const choice = `${key}=${String(value)}`;
      seen.set(choice, (seen.get(choice) ?? 0) + 1);
    }
  });
});

describe.concurrent('every parameter set of a unit of frames matches its golden model, its promised clocks and its counters on waveforms', { timeout: 600_000 }, () => {
  it.each(framedSets)('%s %j', async (name, set) => {
    const verdict = await verify(findUnit(name), generate(name, set), { seed: 7, waveBeats: 800, vectors: 0 });
    expect(verdict.failure).toBeUndefined();
    expect(verdict.verdict).toBe('pass');
    expect(verdict.waves.beats).toBeGreaterThan(0);
    expect(verdict.waves.promisedClocks).toBeGreaterThan(0);
    // Whether the unit ever makes its input wait depends on its shape.
    expect(verdict.coverage.missed.filter(bin => !bin.endsWith('valid without ready'))).toEqual([]);
  });
});

afterAll(() => {
  expect(macTreeSets.length).toBeGreaterThanOrEqual(40);
  const choices = [
    'rounding=truncate', 'rounding=nearest-even', 'rounding=unbiased', 'shift=leading-one', 'shift=fixed', 'encoding=inside', 'encoding=outside',
    'flow=stream', 'flow=valid', 'flow=none', 'pipeline=none', 'pipeline=output', 'pipeline=full', 'accumulate=off', 'activationSigned=true', 'dsp=false',
  ];
  for (const choice of choices) expect(seen.get(choice) ?? 0, choice).toBeGreaterThanOrEqual(2);
});
