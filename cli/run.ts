import type { ParameterInfo } from '../generators/index.js';
import type { Call, Command, CommandIo, UnitCall } from './command.js';
import { commands } from './commands/index.js';
import { wrongCall, type ExitCode } from './error.js';
import { commonFlags, helpText, parseFlags, quoted, type Flag, type FlagGroup, type Flags } from './flags.js';
import { alternatives, suggestion } from './nearest.js';
import { givenParameters, parameterFlags } from './parameters.js';
import { reportError } from './report-error.js';
import { wishFlags } from './wish-flags.js';

/** Runs one call of the command line; `argv` is what stands behind `narrowgate`. What goes wrong is written to `io.stderr`, never thrown. */
export async function run(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  try {
    io.signal.throwIfAborted();
    return await dispatch(argv, io);
  } catch (error) {
    return reportError(error, io);
  }
}

async function dispatch(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const at = argv.findIndex(token => !token.startsWith('-'));
  const before = at < 0 ? argv : argv.slice(0, at);
  const name = argv[at];
  if (name === undefined) return withoutCommand(before, io);
  const [stray] = before.filter(token => token !== '--help' && token !== '-h');
  if (stray !== undefined) throw wrongCall(`The flag ${quoted(stray)} stands before the command; flags come after it.`);
  if (name === 'help') return dispatch(argv[at + 1] === undefined ? ['--help'] : [...argv.slice(at + 1), '--help'], io);
  const entry = commands.find(each => each.name === name);
  if (entry === undefined) {
    const names = commands.map(each => each.name);
    throw wrongCall(`There is no command ${quoted(name)}; the commands are ${alternatives(names)}.${suggestion(name, names)}`);
  }
  return runCommand(await entry.load(), [...before, ...argv.slice(at + 1)], io);
}

async function withoutCommand(tokens: readonly string[], io: CommandIo): Promise<ExitCode> {
  const programFlags: readonly Flag[] = [{ name: 'version', kind: 'switch', doc: 'show the version' }, { name: 'help', kind: 'switch', doc: 'show this help' }];
  const { flags } = parseFlags('narrowgate', programFlags, tokens);
  if (flags.switch('version')) {
    const { tool } = await import('../generators/tool.js');
    io.stdout.write(`${tool.version}\n`);
    return 0;
  }
  if (flags.switch('help')) {
    io.stdout.write(await programHelp(programFlags, io));
    return 0;
  }
  throw wrongCall(`narrowgate needs a command: ${alternatives(commands.map(each => each.name))}; 'narrowgate --help' says more.`);
}

async function programHelp(programFlags: readonly Flag[], io: CommandIo): Promise<string> {
  const width = Math.max(...commands.map(each => each.name.length));
  const lines = commands.map(each => `  ${each.name.padEnd(width)}  ${each.summary}`);
  const usage = ['Usage: narrowgate COMMAND [flags]', '', 'Commands:', ...lines, '', '\'narrowgate COMMAND --help\' says more of a command, \'narrowgate generate UNIT --help\' of a unit\'s parameters.'];
  return helpText(usage.join('\n'), [{ title: 'Flags', flags: programFlags }], io.columns ?? 100);
}

async function runCommand(command: Command, args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const own = [...command.flags, ...(command.takesUnit ? [parametersFlag, ...wishFlags] : []), ...commonFlags];
  if (!command.takesUnit) {
    const { flags, positionals } = parseFlags(command.name, own, args);
    if (flags.switch('help')) return showHelp(command, [{ title: 'Flags', flags: own }], undefined, io);
    if (command.takesFiles === undefined) refuseExtra(command, positionals);
    return command.run({ flags, files: positionals }, io);
  }
  const { describeParameters, units } = await import('../generators/index.js');
  const names = units.map(unit => unit.name);
  const ofUnits = names.flatMap(name => parameterFlags(describeParameters(name)));
  const known = [...own, ...ofUnits.filter((flag, index) => ofUnits.findIndex(each => each.name === flag.name) === index)];
  const { flags, positionals: [name, ...extra] } = parseFlags(command.name, known, args);
  if (name === undefined) {
    if (flags.switch('help')) return showHelp(command, [{ title: 'Flags', flags: own }], undefined, io);
    if (command.unitOptional !== true) throw wrongCall(`${command.name} needs a unit: ${alternatives(names)}.`);
    refuseForeign(undefined, own, ofUnits, flags);
    const wish = wishFlags.find(flag => flags.has(flag.name));
    if (wish !== undefined) throw wrongCall(`--${wish.name} is for a unit, and none is given.`);
    return command.run({ flags }, io);
  }
  if (!names.includes(name)) throw wrongCall(`There is no unit ${quoted(name)}; the units are ${alternatives(names)}.${suggestion(name, names)}`);
  refuseExtra(command, extra);
  const parameters = describeParameters(name);
  // A command's own flag of a parameter's name is that parameter, said for more than the unit.
  const ofUnit = parameterFlags(parameters).filter(flag => !own.some(each => each.name === flag.name));
  if (flags.switch('help')) {
    return showHelp(command, [{ title: `Parameters of ${name}`, flags: ofUnit }, { title: 'Flags', flags: own }], name, io);
  }
  refuseForeign(name, [...own, ...ofUnit], ofUnits, flags);
  const { forCommand, forUnit } = shareFlags(command, parameters, flags);
  const given: UnitCall = { name, parameters: await givenParameters(name, parameters, forUnit) };
  const wished = wishFlags.some(flag => flags.has(flag.name)) ? (await import('./wishes.js')).withWishes(given, command, flags) : { unit: given };
  if (wished.note !== undefined) io.stderr.write(wished.note);
  const call: Call = { flags: forCommand, unit: wished.unit };
  return command.run(call, io);
}

/** Where a command's flag PORT=FILE has the name of a parameter, such as --output of simulate, values without = set the parameter. */
function shareFlags(command: Command, parameters: readonly ParameterInfo[], flags: Flags): { readonly forCommand: Flags; readonly forUnit: Flags } {
  let [forCommand, forUnit] = [flags, flags];
  for (const { name } of command.flags.filter(flag => flag.kind === 'values' && parameters.some(info => info.flag === flag.name))) {
    forCommand = forCommand.select(name, text => text.includes('='));
    forUnit = forUnit.select(name, text => !text.includes('='));
    if (forUnit.all(name).length > 1) throw wrongCall(`--${name} sets the parameter twice, to ${forUnit.all(name).map(quoted).join(' and ')}; set it once.`);
  }
  return { forCommand, forUnit };
}

const parametersFlag: Flag = { name: 'parameters', kind: 'value', doc: 'JSON file with parameters, or a manifest; flags win over it' };

function refuseExtra(command: Command, extra: readonly string[]): void {
  const [first] = extra;
  if (first !== undefined) throw wrongCall(`${command.name} takes ${command.takesUnit ? 'one unit and flags' : 'flags only'}, and does not know what to do with ${quoted(first)}.`);
}

/** Flags that are another unit's, or any unit's where there is none. */
function refuseForeign(unit: string | undefined, known: readonly Flag[], ofUnits: readonly Flag[], flags: Flags): void {
  const names = known.map(flag => flag.name);
  const stray = ofUnits.find(flag => !names.includes(flag.name) && flags.has(flag.name));
  if (stray !== undefined) throw wrongCall(`${unit === undefined ? 'Without a unit there is' : `${unit} has`} no parameter --${stray.name}.${suggestion(stray.name, names, name => `--${name}`)}`);
}

async function showHelp(command: Command, groups: readonly FlagGroup[], unit: string | undefined, io: CommandIo): Promise<ExitCode> {
  const usage = [
    `Usage: narrowgate ${command.name}${command.takesUnit ? ` ${unit ?? (command.unitOptional === true ? '[UNIT]' : 'UNIT')}` : command.takesFiles === undefined ? '' : ` ${command.takesFiles}`} [flags]`, '', command.summary,
    ...(command.takesUnit && unit === undefined ? ['', `'narrowgate ${command.name} UNIT --help' shows the unit's parameters too.`] : []),
    '', 'Examples:', ...command.examples.map(example => `  ${example}`),
  ];
  io.stdout.write(await helpText(usage.join('\n'), groups, io.columns ?? 100));
  return 0;
}
