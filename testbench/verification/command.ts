import { describeParameters, HdlError } from '../../generators/index.js';
import type { Manifest, ParameterValue } from '../manifest.js';

function quoted(text: string): string {
  return /^[\w.,:=/+-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

function kebab(key: string): string {
  return key.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

function option(flag: string, value: ParameterValue): readonly string[] {
  if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${flag}`];
  return [`--${flag}`, quoted(typeof value === 'object' ? value.join(',') : String(value))];
}

/** Flags and defaults of the unit's parameters; nothing for a design that no generator of ours made. */
function parametersOf(unit: string): ReturnType<typeof describeParameters> {
  try {
    return describeParameters(unit);
  } catch (error) {
    if (error instanceof HdlError) return [];
    throw error;
  }
}

/**
 * The command that does a verification again: the unit, its parameters where they are not the default, and the options that decide what is compared.
 */
export function repeatCommand(manifest: Manifest, options: Readonly<Record<string, ParameterValue | undefined>>): string {
  const known = new Map(parametersOf(manifest.unit).map(info => [info.key, info]));
  const changed = Object.entries(manifest.parameters).filter(([key, value]) => JSON.stringify(known.get(key)?.default) !== JSON.stringify(value));
  return [
    'narrowgate', 'verify', manifest.unit,
    ...changed.flatMap(([key, value]) => option(known.get(key)?.flag ?? kebab(key), value)),
    ...Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : option(kebab(key), value))),
  ].join(' ');
}
