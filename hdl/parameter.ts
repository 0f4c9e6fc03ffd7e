import { z } from 'zod';
import { HdlError, type HdlIssue } from './error.js';
import { meant } from './nearest.js';
import type { Site } from './site.js';

/** A parameter's value as it stands in JSON. */
export type ParameterValue = string | number | boolean | readonly number[];
/** All parameters of a module, canonical: every key, in the order of the schema. */
export type ParameterRecord = Readonly<Record<string, ParameterValue>>;

/** What a parameter is, for command lines, docs and sweeps. */
export interface ParameterInfo {
  readonly key: string;
  /** The key in kebab-case. */
  readonly flag: string;
  readonly kind: 'int' | 'bool' | 'choice' | 'choiceOrInt' | 'list';
  readonly default: ParameterValue;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly doc: string;
}

/** One entry of a schema: how it is validated (zod) and what is said of it. */
export interface Parameter<T extends ParameterValue> {
  readonly schema: z.ZodDefault<z.ZodType<T, T>>;
  readonly info: Omit<ParameterInfo, 'key' | 'flag'>;
}

export interface ParameterSchema {
  readonly [key: string]: Parameter<ParameterValue> | Parameter<number> | Parameter<boolean> | Parameter<string>
    | Parameter<readonly number[]> | Parameter<never>;
}

/** The values of a schema after validation. */
export type ParametersOf<S> = { readonly [K in keyof S]: S[K] extends Parameter<infer T> ? T : never };
/** What a user gives: any part of it; the rest is the default. */
export type ParameterInput<S> = { readonly [K in keyof S]?: (S[K] extends Parameter<infer T> ? T : never) | undefined };

interface Doc {
  readonly doc: string;
}
interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The kinds of parameters. */
export const p = {
  /** A whole number from `min` to `max`. */
  int(options: Doc & Bounds & { readonly default: number }): Parameter<number> {
    const { min, max, doc } = options;
    return parameter(z.int().min(min).max(max), { kind: 'int', default: options.default, min, max, doc }, options.default);
  },

  bool(options: Doc & { readonly default: boolean }): Parameter<boolean> {
    return parameter(z.boolean(), { kind: 'bool', default: options.default, doc: options.doc }, options.default);
  },

  /** One of the given words. */
  choice<const C extends readonly [string, ...string[]]>(choices: C, options: Doc & { readonly default: C[number] }): Parameter<C[number]> {
    return parameter<C[number]>(z.enum(choices), { kind: 'choice', default: options.default, choices, doc: options.doc }, options.default);
  },

  /** One of the given words or a whole number from `min` to `max`. */
  choiceOrInt<const C extends readonly [string, ...string[]]>(
    choices: C, options: Doc & Bounds & { readonly default: C[number] | number },
  ): Parameter<C[number] | number> {
    const { min, max, doc } = options;
    return parameter<C[number] | number>(
      z.union([z.enum(choices), z.int().min(min).max(max)]),
      { kind: 'choiceOrInt', default: options.default, choices, min, max, doc }, options.default,
    );
  },

  /** A list of whole numbers, each from `min` to `max`. */
  list(options: Doc & Bounds & { readonly default: readonly number[] }): Parameter<readonly number[]> {
    const { min, max, doc } = options;
    return parameter<readonly number[]>(
      z.array(z.int().min(min).max(max)).readonly(), { kind: 'list', default: options.default, min, max, doc }, options.default,
    );
  },
};

function parameter<T extends ParameterValue>(
  schema: z.ZodType<T, T>, info: Parameter<T>['info'], fallback: T,
): Parameter<T> {
  const described = schema.meta({ description: info.doc }).default(fallback as z.core.util.NoUndefined<T>);
  return { schema: described, info };
}

/** What a command line, a page of docs or a sweep needs to know of a schema. */
export function describeParameters(schema: ParameterSchema): readonly ParameterInfo[] {
  return Object.entries(schema).map(([key, { info }]) => ({ key, flag: kebab(key), ...info }));
}

/**
 * Validates what a user gave and fills in the defaults.
 * @throws HdlError HDL401 for a key that the schema does not have, HDL402 for a value that it does not allow; all at once
 */
export function parseParameters<S extends ParameterSchema>(unit: string, schema: S, given: ParameterInput<S>, site?: Site): ParametersOf<S>;
export function parseParameters(unit: string, schema: ParameterSchema, given: Readonly<Record<string, unknown>>, site?: Site): ParameterRecord {
  const issues: HdlIssue[] = [];
  for (const key of Object.keys(given)) {
    if (!(key in schema)) {
      issues.push({
        code: 'HDL401', parameter: key, site, message: `'${unit}' has no parameter '${key}'`,
        hint: Object.keys(schema).length === 0 ? 'it takes none' : `${meant(key, Object.keys(schema))}its parameters are ${Object.keys(schema).join(', ')}`,
      });
    }
  }
  const values: Record<string, ParameterValue> = {};
  for (const [key, { schema: check, info }] of Object.entries(schema)) {
    const result = check.safeParse(given[key]);
    if (result.success) values[key] = result.data;
    else {
      issues.push({
        code: 'HDL402', parameter: key, site, message: `parameter '${key}' of '${unit}' is ${valueText(given[key])}`, hint: `it takes ${allowedText(info)}`,
      });
    }
  }
  throwIfAny(issues);
  return values;
}

function valueText(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
}

export function throwIfAny(issues: readonly HdlIssue[]): void {
  const [first, ...rest] = issues;
  if (first !== undefined) throw new HdlError([first, ...rest]);
}

/** What a parameter takes, in words. */
export function allowedText(info: Omit<ParameterInfo, 'key' | 'flag'>): string {
  const numbers = `a whole number from ${info.min} to ${info.max}`;
  const words = (info.choices ?? []).map(word => `'${word}'`).join(', ');
  switch (info.kind) {
    case 'int': return numbers;
    case 'bool': return 'true or false';
    case 'choice': return `one of ${words}`;
    case 'choiceOrInt': return `${words} or ${numbers}`;
    case 'list': return `a list, each of it ${numbers}`;
  }
}

/** `keptBits` as `kept-bits`. */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

/** Longest name of a module: Verilator hashes names beyond 127 characters, and file systems end at 255. */
const longestName = 100;

/**
 * The module's name: the generator's, and each parameter that is not at its default. Where that is too long, what does not fit is a hash of all
 * parameters.
 */
export function moduleName(unit: string, schema: ParameterSchema, values: ParameterRecord): string {
  const parts = Object.entries(schema).flatMap(([key, { info }]) => {
    const value = values[key];
    return value === undefined || JSON.stringify(value) === JSON.stringify(info.default) ? [] : [`${snake(kebab(key))}_${nameText(value)}`];
  });
  const name = [snake(unit), ...parts].join('_');
  return name.length <= longestName ? name : shortened([snake(unit), ...parts], hash(name));
}

/** As many of the parts as fit, and the hash. */
function shortened(parts: readonly string[], end: string): string {
  let name = '';
  for (const part of parts) {
    if (name.length + part.length + end.length + 2 > longestName) break;
    name += `${part}_`;
  }
  return `${name}${end}`;
}

/** FNV-1a on 64 bits, as 13 digits of base 36. */
function hash(text: string): string {
  let state = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
  return state.toString(36).padStart(13, '0');
}

function nameText(value: ParameterValue): string {
  if (typeof value === 'object') return value.map(nameText).join('_');
  if (typeof value === 'number') return value < 0 ? `m${-value}` : String(value);
  return snake(String(value));
}

function snake(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '_');
}
