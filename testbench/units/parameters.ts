import { type ActivationParameters, activationRoundings, activationShifts, type MacTreeParameters } from '../../golden/index.js';
import { TestbenchError } from '../errors.js';
import type { Manifest, ParameterValue } from '../manifest.js';

function value(manifest: Manifest, key: string): ParameterValue {
  const found = manifest.parameters[key];
  if (found === undefined) throw new TestbenchError('usage', `The manifest of ${manifest.top} has no parameter ${key}, which ${manifest.unit} needs.`);
  return found;
}

function wrong(manifest: Manifest, key: string, allowed: string): TestbenchError {
  return new TestbenchError('usage', `Parameter ${key} of ${manifest.top} is ${JSON.stringify(value(manifest, key))}; allowed is ${allowed}.`);
}

function integer(manifest: Manifest, key: string): number {
  const found = value(manifest, key);
  if (typeof found !== 'number' || !Number.isInteger(found)) throw wrong(manifest, key, 'an integer');
  return found;
}

function flag(manifest: Manifest, key: string): boolean {
  const found = value(manifest, key);
  if (typeof found !== 'boolean') throw wrong(manifest, key, 'true or false');
  return found;
}

function choice<T extends string>(manifest: Manifest, key: string, choices: readonly T[]): T {
  const found = choices.find(candidate => candidate === value(manifest, key));
  if (found === undefined) throw wrong(manifest, key, choices.join(', '));
  return found;
}

/** What decides an activation's code, out of the manifest. Throws a TestbenchError of kind `usage` for a parameter that is missing or has the wrong type. */
export function activationParameters(manifest: Manifest): ActivationParameters {
  return {
    activationBits: integer(manifest, 'activationBits'),
    activationSigned: flag(manifest, 'activationSigned'),
    keptBits: integer(manifest, 'keptBits'),
    rounding: choice(manifest, 'rounding', activationRoundings),
    shift: choice(manifest, 'shift', activationShifts),
  };
}

/** What decides the sums of a MAC tree, out of the manifest. Throws as `activationParameters` does. */
export function macTreeParameters(manifest: Manifest): MacTreeParameters {
  return {
    ...activationParameters(manifest),
    lanes: integer(manifest, 'lanes'),
    weightBits: integer(manifest, 'weightBits'),
    encoding: choice(manifest, 'encoding', ['inside', 'outside'] as const),
    accumulate: value(manifest, 'accumulate') === 'off' ? 'off' : integer(manifest, 'accumulate'),
  };
}
