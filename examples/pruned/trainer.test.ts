import { describe, expect, it } from 'vitest';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { prunedWeights } from './network.js';
import { networkPlans } from './plan.js';
import { trainNetwork } from './trainer.js';

describe('training with pruning', () => {
  it('learns, and prunes what it is asked to', { timeout: 240_000 }, () => {
    const digits = sliceDigits(readDigits('training'), 0, 200);
    const [, plan] = networkPlans;
    if (plan?.shares === undefined) throw new TypeError('the second network is pruned');
    const rights: number[] = [];
    // Pruning begins after a hundred steps.
    const network = trainNetwork(plan, digits, { seed: 3, epochs: 7, batch: 10, learningRate: 0.003, progress: (_, __, right) => rights.push(right) });
    expect(rights[6]).toBeGreaterThan(0.7);
    const { report } = prunedWeights(network);
    expect(report.fine / report.reads).toBeGreaterThanOrEqual(plan.shares.fine - 0.01);
    expect(report.runs).toBeGreaterThan(100);
    expect(network.featureScale).toBeGreaterThan(0);
  });
});
