import { describe, expect, it } from 'vitest';
import { elaborateAny } from '../../hdl/index.js';
import { findGenerator } from '../index.js';
import { predictCost } from './cost.js';
import { cutsOf } from './cuts.js';
import type { Stages } from './stages.js';

/** Stages whose depths add up, and the bits of the register behind each. */
function stagesOf(depths: readonly number[], bits: readonly number[]): Stages {
  return {
    count: depths.length, bits: boundary => bits[boundary - 1] ?? 0,
    depth: (from, to) => depths.slice(from, to).reduce((total, each) => total + each, 0),
  };
}

describe('where a pipeline is cut', () => {
  it.each([
    [1, [1, 2, 3]], [4, [1, 2, 3]], [5, [2]], [8, [2]], [9, [2]], [10, []],
  ])('at most %i levels: before the stages %j', (most, cuts) => {
    expect(cutsOf(stagesOf([2, 3, 4, 1], [8, 5, 7, 9]), most)).toEqual(cuts);
  });

  it('of as many registers it takes those with fewer bits', () => {
    expect(cutsOf(stagesOf([2, 2, 2], [8, 5, 9]), 4)).toEqual([2]);
    expect(cutsOf(stagesOf([2, 2, 2], [5, 8, 9]), 4)).toEqual([1]);
  });

  it('a stage that is deeper stands alone', () => {
    expect(cutsOf(stagesOf([1, 9, 1], [1, 1, 1]), 2)).toEqual([1, 2]);
  });
});

/** Units at small sizes that have natural stages, and the device that their depth is measured on. */
const cases = [
  ['mac-tree', { lanes: 4, activationBits: 6, keptBits: 3, weightBits: 5, dsp: false }],
  ['mac-tree', { lanes: 4, activationBits: 6, keptBits: 6, weightBits: 5, dsp: false, activationSigned: true, target: 'ice40', accumulate: 3 }],
  ['mac-tree', { lanes: 4, keptBits: 8, target: 'ecp5', dsp: false }],
  ['mac-tree', { lanes: 4, keptBits: 8, target: 'xc7', dsp: false }],
  ['float-mul', { dsp: false, subnormals: 'gradual' }],
  ['float-dot', { lanes: 2, dsp: false }],
  ['xnor-dot', { length: 64, target: 'xc7' }],
  ['xnor-dot', { length: 40, activationPlanes: 3, target: 'ice40' }],
  ['activation-encoder', {}],
] as const;

describe.each(cases)('%s %j', (name, parameters) => {
  const measured = (pipeline: number) => {
    const design = elaborateAny(findGenerator(name)?.generator ?? expect.fail(name), { flow: 'none', ...parameters, pipeline });
    const { target } = design.top.parameters;
    const { depth = 0 } = predictCost(design, target === 'ecp5' || target === 'xc7' ? target : 'ice40', { dsp: design.top.parameters.dsp === true }) ?? {};
    return { depth, clocks: design.top.timing?.latency ?? 0 };
  };
  const finest = measured(1);

  it('has no stage of more levels than the parameter says, but for natural stages that are deeper, and no more clocks than with fewer levels', () => {
    let clocks = finest.clocks;
    for (const most of [3, 4, 6, 9, 13, 30]) {
      const found = measured(most);
      expect(found.depth, `pipeline ${most}`).toBeLessThanOrEqual(Math.max(most, finest.depth));
      expect(found.clocks, `pipeline ${most}`).toBeLessThanOrEqual(clocks);
      ({ clocks } = found);
    }
    expect(measured(64).clocks).toBe(1);
  });
});
