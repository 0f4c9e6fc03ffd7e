/**
 * Trains the binarized networks of digits and writes `examples/binarized/weights.json`: `node dist/examples/binarized/train.js`, about a quarter of an hour.
 * The same digits give the same file, byte for byte.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { accuracy } from '../digits/classifier.js';
import { readDigits } from '../digits/idx.js';
import { classifyDigits, foldNetwork, networksFile, packCodes, type NetworksFile } from './network.js';
import { networkPlans } from './plan.js';
import { trainNetwork } from './trainer.js';

const options = { seed: 1, epochs: 6, batch: 100, learningRate: 0.01 };

function train(): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const [training, test] = [readDigits('training'), readDigits('test')];
  say(`${training.count} digits to train on, ${test.count} to test on`);
  const networks = networkPlans.map((plan): NetworksFile['networks'][number] => {
    const layers = trainNetwork(plan, training, {
      ...options, progress: (epoch, loss, right) => say(`${plan.name}, epoch ${epoch} of ${options.epochs}: loss ${loss.toFixed(4)}, ${(100 * right).toFixed(2)} % right`),
    });
    const testAccuracy = accuracy(classifyDigits(foldNetwork(plan, layers, 0), test), test.labels);
    say(`${plan.name}: ${(100 * testAccuracy).toFixed(2)} % of the test digits right, on integers`);
    return {
      name: plan.name, testAccuracy,
      layers: layers.map(({ weightCodes, channels }, index) => ({
        weights: packCodes(weightCodes, plan.layers[index]?.weightPlanes ?? 1), channels: channels.map(({ mean, slope, offset }) => [mean, slope, offset]),
      })),
    };
  });
  const file = networksFile();
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ training: { ...options, trainingDigits: training.count, testDigits: test.count }, networks }, undefined, 1)}\n`);
  renameSync(temporary, file);
  say(`written: ${file}`);
}

train();
