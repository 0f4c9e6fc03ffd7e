import yargs, { type Argv, type Options } from 'yargs';
import { wrongCall } from './error.js';
import { suggestion } from './nearest.js';

/** One flag of a command. */
export interface Flag {
  /** Kebab-case, without hyphens before it. */
  readonly name: string;
  /** `switch`: --flag or --no-flag; `value`: once with a value; `values`: any number of times, each with a value. */
  readonly kind: 'switch' | 'value' | 'values';
  readonly doc: string;
  /** Shown in the help as its default. */
  readonly default?: string;
}

/** Flags under a heading of the help. */
export interface FlagGroup {
  readonly title: string;
  readonly flags: readonly Flag[];
}

export const commonFlags: readonly Flag[] = [
  { name: 'json', kind: 'switch', doc: 'print the result as JSON' },
  { name: 'help', kind: 'switch', doc: 'show this help' },
];

function optionOf(flag: Flag): Options {
  return {
    describe: flag.doc,
    type: flag.kind === 'switch' ? 'boolean' : 'string',
    ...(flag.default === undefined ? {} : { defaultDescription: flag.default }),
    ...(flag.name === 'help' ? { alias: 'h' } : {}),
  };
}

/** A yargs instance that takes these flags, converts nothing and judges nothing: what is wrong is said by us. */
function parserOf(groups: readonly FlagGroup[]): Argv {
  const parser = yargs().scriptName('narrowgate').detectLocale(false).exitProcess(false).help(false).version(false).showHelpOnFail(false).parserConfiguration({
    'camel-case-expansion': false,
    'dot-notation': false,
    'parse-numbers': false,
    'parse-positional-numbers': false,
    'unknown-options-as-args': true,
  });
  for (const { title, flags } of groups) {
    for (const flag of flags) parser.option(flag.name, { ...optionOf(flag), group: `${title}:` });
  }
  return parser;
}

/** The help of a command: `usage` as it is, for commands in it are there to be copied, and the flags wrapped at `columns`. */
export async function helpText(usage: string, groups: readonly FlagGroup[], columns: number): Promise<string> {
  return `${usage}\n\n${(await parserOf(groups).wrap(columns).getHelp()).trim()}\n`;
}

/** The flags as they were given; each value still a text. */
export class Flags {
  constructor(
    private readonly switches: ReadonlyMap<string, boolean>,
    private readonly texts: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Was it given at all? */
  has(name: string): boolean {
    return this.switches.has(name) || this.texts.has(name);
  }

  /** A switch, `fallback` where it was not given. */
  switch(name: string, fallback = false): boolean {
    return this.switches.get(name) ?? fallback;
  }

  text(name: string): string | undefined {
    return this.texts.get(name)?.[0];
  }

  /** All values of a flag that may be given many times. */
  all(name: string): readonly string[] {
    return this.texts.get(name) ?? [];
  }

  /** The same flags, but of the values of one only those that are wanted. */
  select(name: string, wanted: (text: string) => boolean): Flags {
    const kept = this.all(name).filter(wanted);
    const others = [...this.texts].filter(([each]) => each !== name);
    return new Flags(this.switches, new Map(kept.length === 0 ? others : [...others, [name, kept]]));
  }

  /** A whole number. Throws a CliError unless it is written in decimal digits and lies in min .. max. */
  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = decimalInteger(text);
    if (value === undefined || value < min || value > max) throw wrongCall(`--${name} is ${quoted(text)}; it takes a whole number from ${min} to ${max}.`);
    return value;
  }

  /** A probability, 0 included and 1 not. Throws a CliError for anything else. */
  probability(name: string, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : NaN;
    if (!(value >= 0 && value < 1)) throw wrongCall(`--${name} is ${quoted(text)}; it takes a probability from 0 to below 1, such as 0.25.`);
    return value;
  }
}

/** A whole number in decimal digits, or undefined: no `1e3`, `0x10`, `1_000`, and none beyond 2^53. */
export function decimalInteger(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A text as it is shown in a message, cut where it is long. */
export function quoted(text: string): string {
  return `'${text.length > 80 ? `${text.slice(0, 77)}...` : text}'`;
}

export interface ParsedFlags {
  readonly flags: Flags;
  /** What stands between the flags. */
  readonly positionals: readonly string[];
}

/**
 * Parses what stands behind the name of a command.
 * @throws CliError for an unknown flag, one that was given twice, a value that is missing, or a value for a switch
 */
export function parseFlags(command: string, known: readonly Flag[], args: readonly string[]): ParsedFlags {
  checkTokens(command, known, args);
  const parsed: Readonly<Record<string, unknown>> = parserOf([{ title: 'Flags', flags: known }]).parseSync([...args]);
  const switches = new Map<string, boolean>();
  const texts = new Map<string, readonly string[]>();
  for (const { name, kind } of known) {
    const value = parsed[name];
    if (value === undefined) continue;
    if (kind === 'switch') switches.set(name, value === true);
    else texts.set(name, (Array.isArray(value) ? value : [value]).map(String));
  }
  const positionals = Array.isArray(parsed._) ? parsed._.map(String) : [];
  return { flags: new Flags(switches, texts), positionals };
}

/** Looks at the flags as they were typed: a parser keeps the last of two, and takes --dsp=maybe for false. */
function checkTokens(command: string, known: readonly Flag[], args: readonly string[]): void {
  const seen = new Set<string>();
  const end = args.indexOf('--');
  const tokens = end < 0 ? args : args.slice(0, end);
  for (const [index, token] of tokens.entries()) {
    if (!/^-\D/.test(token) || token === '-h') continue;
    const { flag, negated, value } = flagOf(command, known, token);
    if (flag.kind === 'switch') {
      if (value !== undefined && value !== 'true' && value !== 'false') throw wrongCall(`--${flag.name} takes no value: write --${flag.name} or --no-${flag.name}, not ${quoted(token)}.`);
    } else {
      if (negated) throw wrongCall(`--${flag.name} needs a value, so there is no --no-${flag.name}.`);
      const next = value ?? tokens[index + 1];
      if (next === undefined || next === '' || (value === undefined && /^-\D/.test(next))) throw wrongCall(`--${flag.name} needs a value: ${flag.doc}.`);
    }
    if (seen.has(flag.name) && flag.kind !== 'values') throw wrongCall(`--${flag.name} is given twice; give it once.`);
    seen.add(flag.name);
  }
}

interface Token {
  readonly flag: Flag;
  readonly negated: boolean;
  readonly value: string | undefined;
}

function flagOf(command: string, known: readonly Flag[], token: string): Token {
  const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(token) ?? [];
  const find = (wanted: string): Flag | undefined => known.find(flag => flag.name === wanted);
  const positive = name.startsWith('no-') ? name.slice(3) : name;
  const flag = token.startsWith('--') ? find(name) ?? find(positive) : undefined;
  if (flag !== undefined) return { flag, negated: flag.name !== name, value };
  throw wrongCall(`${command} has no flag ${quoted(token.replace(/=.*$/s, ''))}.${suggestion(positive, known.map(each => each.name), near => `--${near}`)}`);
}
