/**
 * Trains the classifier of the digits, quantizes it and writes `examples/digits/weights.json`: `node dist/examples/digits/train.js`.
 * The same digits give the same file, byte for byte.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { accuracy, classify, classifierFile, exactSums, parseClassifier } from './classifier.js';
import { readDigits } from './idx.js';
import { classifierText, quantizeClassifier } from './quantize.js';
import { classifyFloat, trainLinearModel } from './softmax.js';

const options = { seed: 1, epochs: 12, batch: 32, learningRate: 0.1 };

function train(): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const [training, test] = [readDigits('training'), readDigits('test')];
  say(`${training.count} digits to train on, ${test.count} to test on`);
  const model = trainLinearModel(training, { ...options, progress: (epoch, loss) => say(`epoch ${epoch} of ${options.epochs}: loss ${loss.toFixed(4)}`) });
  const floatAccuracy = accuracy(classifyFloat(model, test), test.labels);
  const facts = { ...options, trainingDigits: training.count, testDigits: test.count, floatAccuracy, int8Accuracy: 0 };
  const draft = parseClassifier(classifierText(quantizeClassifier(model, facts)), 'the trained classifier');
  const int8Accuracy = accuracy(classify(draft, exactSums(draft, test)), test.labels);
  const file = classifierFile();
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, classifierText(quantizeClassifier(model, { ...facts, int8Accuracy })));
  renameSync(temporary, file);
  say(`right on the test digits: ${(100 * floatAccuracy).toFixed(2)} % in floating point, ${(100 * int8Accuracy).toFixed(2)} % with int8 weights`);
  say(`written: ${file}`);
}

train();
