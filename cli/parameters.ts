import type { ParameterInfo, ParameterValue } from '../hdl/index.js';
import { wrongCall } from './error.js';
import { decimalInteger, quoted, type Flag, type Flags } from './flags.js';
import { readJson } from './json-file.js';
import { alternatives, suggestion } from './nearest.js';

/** The flags that set a unit's parameters. */
export function parameterFlags(parameters: readonly ParameterInfo[]): readonly Flag[] {
  return parameters.map(info => ({
    name: info.flag,
    kind: info.kind === 'bool' ? 'switch' : 'value',
    doc: withFlags(info.kind === 'bool' ? info.doc : `${withoutStop(info.doc)} (${allowed(info)})`, parameters),
    default: Array.isArray(info.default) ? info.default.join(',') : String(info.default),
  }));
}

/** What a parameter's flag takes, in words: `2 to 4096`, `off or 0 to 16`. */
export function allowed({ kind, choices = [], min, max }: ParameterInfo): string {
  switch (kind) {
    case 'bool': return 'true or false';
    case 'int': return `${min} to ${max}`;
    case 'choice': return alternatives(choices);
    case 'choiceOrInt': return alternatives([...choices, `${min} to ${max}`]);
    case 'list': return `whole numbers from ${min} to ${max} with commas between them, such as 1,2,4`;
  }
}

/** A text that names parameters as TypeScript does, with the flags in their place. */
function withFlags(doc: string, parameters: readonly ParameterInfo[]): string {
  const flags = new Map(parameters.filter(({ key }) => /[A-Z]/.test(key)).map(({ key, flag }) => [key, `--${flag}`]));
  return doc.replace(/\w+/g, word => flags.get(word) ?? word);
}

function withoutStop(doc: string): string {
  return doc.replace(/\.$/, '');
}

/**
 * The parameters that were given: those of `--parameters FILE`, and over them those of the flags. What is not given is not in it.
 * @throws CliError for a value that a flag does not take, or a file that cannot be read or is for another unit
 */
export async function givenParameters(unit: string, parameters: readonly ParameterInfo[], flags: Flags): Promise<Readonly<Record<string, unknown>>> {
  const file = flags.text('parameters');
  const given = new Map<string, unknown>(file === undefined ? [] : Object.entries(await parametersOfFile(unit, parameters, file)));
  for (const info of parameters) {
    if (info.kind === 'bool') {
      if (flags.has(info.flag)) given.set(info.key, flags.switch(info.flag));
      continue;
    }
    const text = flags.text(info.flag);
    if (text !== undefined) given.set(info.key, parameterValue(info, text));
  }
  return Object.fromEntries(given);
}

/** A parameter file: `{ "lanes": 8 }`, or the manifest of a design of this unit. */
async function parametersOfFile(unit: string, parameters: readonly ParameterInfo[], file: string): Promise<object> {
  const content = await readJson(file, '--parameters');
  if (!isObject(content)) throw wrongCall(`The file ${quoted(file)} of --parameters holds no JSON object, such as {"lanes": 8}.`);
  const isManifest = 'unit' in content && 'parameters' in content && isObject(content.parameters);
  if (isManifest && content.unit !== unit) throw wrongCall(`The file ${quoted(file)} of --parameters is for the unit ${quoted(String(content.unit))}, not for '${unit}'.`);
  return checkedParameters(unit, parameters, isManifest && isObject(content.parameters) ? content.parameters : content, file, '--parameters');
}

/**
 * Parameters as a JSON file has them.
 * @throws CliError for a key that the unit does not know, or a value that its parameter does not take
 */
export function checkedParameters(unit: string, parameters: readonly ParameterInfo[], values: object, file: string, flag: string): Readonly<Record<string, unknown>> {
  const keys = parameters.map(info => info.key);
  for (const [key, value] of Object.entries(values)) {
    const info = parameters.find(each => each.key === key);
    if (info === undefined) throw wrongCall(`The file ${quoted(file)} of ${flag} has a key ${quoted(key)} that ${unit} does not know.${suggestion(key, keys)}`);
    if (!fits(info, value)) throw wrongCall(`The file ${quoted(file)} of ${flag} has ${JSON.stringify(value)} for '${key}'; it takes ${allowed(info)}.`);
  }
  return Object.fromEntries(Object.entries(values));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fits({ kind, choices = [], min = -Infinity, max = Infinity }: ParameterInfo, value: unknown): boolean {
  const isInteger = (each: unknown): boolean => typeof each === 'number' && Number.isInteger(each) && each >= min && each <= max;
  const isChoice = typeof value === 'string' && choices.includes(value);
  switch (kind) {
    case 'bool': return typeof value === 'boolean';
    case 'int': return isInteger(value);
    case 'choice': return isChoice;
    case 'choiceOrInt': return isChoice || isInteger(value);
    case 'list': return Array.isArray(value) && value.every(isInteger);
  }
}

/**
 * The value that a text stands for.
 * @throws CliError with what the flag takes
 */
export function parameterValue(info: ParameterInfo, text: string): ParameterValue {
  const value = valueOf(info, text);
  if (value !== undefined && fits(info, value)) return value;
  const near = suggestion(text, info.choices ?? []);
  const number = info.kind === 'int' ? 'a whole number from ' : '';
  throw wrongCall(`--${info.flag} is ${quoted(text)}; it takes ${number}${allowed(info)}.${near}`);
}

function valueOf({ kind }: ParameterInfo, text: string): ParameterValue | undefined {
  switch (kind) {
    case 'bool': return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'int': return decimalInteger(text);
    case 'choice': return text;
    case 'choiceOrInt': return decimalInteger(text) ?? text;
    case 'list': {
      const values = text.split(',').map(part => decimalInteger(part.trim()));
      return values.includes(undefined) ? undefined : values.filter(value => value !== undefined);
    }
  }
}
