import { choose, describeParameters, deviceNames, findGenerator, strategyNames, type Candidate, type Cost } from '../generators/index.js';
import type { Command, UnitCall } from './command.js';
import { wrongCall } from './error.js';
import { quoted, type Flags } from './flags.js';
import { alternatives, suggestion } from './nearest.js';

/**
 * The unit of a call with what is left to the cost model decided; `note` says what was chosen.
 * @throws CliError where there is no device, or none of the unit's pipelines is fast enough
 */
export function withWishes(unit: UnitCall, command: Command, flags: Flags): { readonly unit: UnitCall; readonly note?: string } {
  const { name } = unit;
  const megahertz = megahertzOf(flags);
  const strategy = oneOf(flags, 'strategy', strategyNames);
  if (megahertz === undefined && strategy === undefined) {
    if (flags.has('device')) throw wrongCall('--device is the device that --frequency and --strategy are for; give one of them too.');
    return { unit };
  }
  const entry = findGenerator(name);
  if (entry === undefined) throw new TypeError(`there is no unit ${name}`);
  const takes = (key: string): boolean => key in entry.generator.spec.params;
  if (megahertz !== undefined && !takes('pipeline')) throw wrongCall(`--frequency chooses the parameter pipeline, which ${name} does not have.`);
  if (megahertz !== undefined && flags.has('pipeline')) throw wrongCall('--frequency and --pipeline contradict each other; give one of them.');
  if (strategy !== undefined && !takes('target')) throw wrongCall(`--strategy chooses the parameter target, which ${name} does not have.`);
  if (flags.switch('generic-rtl') && strategy !== undefined && strategy !== 'generic') throw wrongCall('--generic-rtl and --strategy contradict each other; give one of them.');
  const device = deviceOf(unit, flags, megahertz === undefined ? '--strategy' : '--frequency');
  const isOwn = (flag: string): boolean => command.flags.some(each => each.name === flag);
  const given = {
    ...unit.parameters,
    // What `synth` would generate the unit for.
    ...(isOwn('dsp') && takes('dsp') ? { dsp: flags.has('dsp') ? flags.switch('dsp') : unit.parameters.dsp === true } : {}),
    ...(isOwn('target') && takes('target') ? { target: flags.switch('generic-rtl') ? 'generic' : device } : {}),
  };
  const { chosen, fastest } = choose(entry, given, { device, ...(strategy === undefined ? {} : { strategy }), ...(megahertz === undefined ? {} : { megahertz }) });
  if (fastest === undefined) throw wrongCall(`${name} is too large for the cost model with these parameters, so ${megahertz === undefined ? '--strategy auto' : '--frequency'} cannot choose.`);
  if (chosen === undefined) {
    const { cost, parameters } = fastest;
    throw wrongCall(`${name} is not predicted to reach ${megahertz ?? 0} MHz on ${device}: the most is ${Math.floor(cost.megahertz)} MHz, with pipeline ${String(parameters.pipeline)}${strategy === 'auto' ? ` and target ${String(parameters.target)}` : ''}.`);
  }
  const keys = describeParameters(name).map(({ key }) => key).filter(key => (key === 'pipeline' && megahertz !== undefined) || (key === 'target' && strategy !== undefined));
  const values = Object.fromEntries(keys.map(key => [key, chosen.parameters[key]]));
  return { unit: { name, parameters: { ...unit.parameters, ...values } }, note: noteOf(chosen, keys, device) };
}

function noteOf({ parameters, cost, latency }: Candidate, keys: readonly string[], device: Cost['device']): string {
  const chosen = keys.map(key => `${key} ${String(parameters[key])}`).join(', ');
  const clocks = latency === undefined ? '' : `, latency ${latency} clock${latency === 1 ? '' : 's'}`;
  return `Chosen for ${device}: ${chosen} (predicted: ${cost.area} ${cost.unit}, ${Math.floor(cost.megahertz)} MHz${clocks}).\n`;
}

function megahertzOf(flags: Flags): number | undefined {
  const text = flags.text('frequency');
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0 && Number.isFinite(value)) return value;
  throw wrongCall(`--frequency is ${quoted(text)}; it takes a number of MHz above 0, such as 180.`);
}

/** The device that is meant: that of --device, or that of --target. */
function deviceOf({ name, parameters }: UnitCall, flags: Flags, wish: string): Cost['device'] {
  const named = oneOf(flags, 'device', deviceNames);
  const target = flags.text('target') ?? (typeof parameters.target === 'string' ? parameters.target : 'generic');
  const ofTarget = deviceNames.find(each => each === target);
  if (named !== undefined && ofTarget !== undefined && named !== ofTarget) throw wrongCall(`--device ${named} and --target ${target} contradict each other; give one of them.`);
  const device = named ?? ofTarget;
  if (device !== undefined) return device;
  const takesTarget = describeParameters(name).some(({ key }) => key === 'target');
  throw wrongCall(`${wish} needs a device to predict for; give ${takesTarget ? '--target' : '--device'} ${alternatives(deviceNames)}${takesTarget ? ', or --device for a unit of --target generic' : ''}.`);
}

function oneOf<T extends string>(flags: Flags, flag: string, names: readonly T[]): T | undefined {
  const text = flags.text(flag);
  if (text === undefined) return undefined;
  const found = names.find(name => name === text);
  if (found === undefined) throw wrongCall(`--${flag} is ${quoted(text)}; it takes ${alternatives(names)}.${suggestion(text, names)}`);
  return found;
}
