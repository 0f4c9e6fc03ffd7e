/**
 * Trains the networks of digits with a pruned convolution and writes `examples/pruned/weights.json`: `node dist/examples/pruned/train.js`, about a quarter of an hour.
 * The same digits give the same file, byte for byte.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { accuracy } from '../digits/classifier.js';
import { readDigits, sliceDigits } from '../digits/idx.js';
import { classifyDigits, layerOf, networkToFile, networksFile, prunedWeights, type NetworksFile, type PrunedNetwork } from './network.js';
import { networkPlans, pruneParameters, prunedLayer } from './plan.js';
import { chooseThresholds } from './thresholds.js';
import { trainNetwork } from './trainer.js';

const options = { seed: 1, epochs: 4, batch: 50, learningRate: 0.003 };
const trainingDigits = 30000;

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function train(): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const [training, test] = [sliceDigits(readDigits('training'), 0, trainingDigits), readDigits('test')];
  say(`${training.count} digits to train on, ${test.count} to test on`);
  const right = (network: PrunedNetwork): number => accuracy(classifyDigits(network, test), test.labels);
  const networks = networkPlans.map(plan => {
    const network = trainNetwork(plan, training, {
      ...options, progress: (epoch, loss, share) => say(`${plan.name}, epoch ${epoch} of ${options.epochs}: loss ${loss.toFixed(4)}, ${percent(share)} right`),
    });
    const testAccuracy = right(network);
    const { report } = prunedWeights(network);
    say(`${plan.name}: ${percent(testAccuracy)} of the test digits right; ${report.kept} of ${report.reads} weights left, ${report.fine} pruned alone and ${report.runs} runs`);
    return { ...network, testAccuracy };
  });
  const [dense] = networks;
  const shares = networkPlans.find(plan => plan.shares !== undefined)?.shares;
  if (dense === undefined || shares === undefined) throw new TypeError('a dense network and a pruned one');
  const prunedAtOnce = right({ ...dense, thresholds: chooseThresholds(layerOf(dense, prunedLayer).weights, shares, pruneParameters) });
  say(`the dense one pruned after training: ${percent(prunedAtOnce)}`);
  const file = networksFile();
  const temporary = `${file}.${process.pid}`;
  const content: NetworksFile = { training: { ...options, trainingDigits: training.count, testDigits: test.count, prunedAtOnce }, networks: networks.map(networkToFile) };
  writeFileSync(temporary, `${JSON.stringify(content, undefined, 1)}\n`);
  renameSync(temporary, file);
  say(`written: ${file}`);
}

train();
