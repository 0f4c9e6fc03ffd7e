import { describe, expect, it } from 'vitest';
import { HdlError } from '../hdl/index.js';
import { choose } from './choose.js';
import { deviceNames, findGenerator, generate, predict, type Cost } from './index.js';

const unit = (name: string) => findGenerator(name) ?? expect.fail(name);

const trees = [2, 4].flatMap(lanes => [[4, 4], [5, 7], [8, 8]].map(([activationBits = 4, weightBits = 4]) =>
  ['mac-tree', { lanes, activationBits, weightBits, keptBits: activationBits, activationSigned: true, dsp: false }] as const));
const cases = [
  ...trees,
  ['mac-tree', { lanes: 4, keptBits: 4, dsp: false }],
  ...[7, 16, 48].map(length => ['xnor-dot', { length }] as const),
  ['xnor-dot', { length: 20, activationPlanes: 3, activationAlphabet: '01' }],
  ['float-mul', { dsp: false, exponentBits: 4, mantissaBits: 3 }],
  ['float-mul', { dsp: false, flow: 'none', pipeline: 'none' }],
] as const;

describe.each(deviceNames)('strategy auto on %s', device => {
  const area = (name: string, parameters: object, target: string): number => {
    const found = predict(name, { ...parameters, target }).find(cost => cost.device === device);
    return found?.area ?? expect.fail(`${name} is not predicted`);
  };

  it.each(cases)('%s %j: never above the fitted structures, nor above the generic ones', (name, parameters) => {
    const choice = choose(unit(name), parameters, { device, strategy: 'auto' });
    const { chosen } = choice;
    const areas = [area(name, parameters, device), area(name, parameters, 'generic')];
    expect(chosen?.cost.area).toBe(Math.min(...areas));
    expect([device, 'generic']).toContain(chosen?.parameters.target);
    expect(choose(unit(name), parameters, { device, strategy: 'auto' })).toEqual(choice);
  });
});

describe('a clock', () => {
  const small = { lanes: 4, activationBits: 6, weightBits: 5, keptBits: 6, dsp: false, target: 'ice40' };
  const all = ['output', 'full', ...Array.from({ length: 64 }, (_, i) => i + 1)].map(pipeline => {
    const [cost] = predict('mac-tree', { ...small, pipeline });
    return { cost: cost ?? expect.fail('it is not predicted'), latency: generate('mac-tree', { ...small, pipeline }).manifest.latency ?? 0 };
  });

  it.each([20, 90, 110, 140, 160])('of %i MHz is reached with the least area, and of as much area with the least latency', megahertz => {
    const { chosen } = choose(unit('mac-tree'), small, { device: 'ice40', megahertz });
    const fast = all.filter(({ cost }) => cost.megahertz >= megahertz);
    const area = Math.min(...fast.map(({ cost }) => cost.area));
    expect(chosen?.cost.megahertz).toBeGreaterThanOrEqual(megahertz);
    expect(chosen?.cost.area).toBe(area);
    expect(chosen?.latency).toBe(Math.min(...fast.filter(({ cost }) => cost.area === area).map(({ latency }) => latency)));
  });

  it('that is too fast leaves nothing chosen, and says the fastest', () => {
    const { chosen, fastest } = choose(unit('mac-tree'), small, { device: 'ice40', megahertz: 1000 });
    expect(chosen).toBeUndefined();
    expect(fastest?.cost.megahertz).toBe(Math.max(...all.map(({ cost }) => cost.megahertz)));
  });

  it.each<Cost['device']>(['ecp5', 'xc7'])('is chosen for on %s too, and the chosen parameters alone give the same file again', device => {
    const { chosen } = choose(unit('xnor-dot'), { length: 64, target: device }, { device, megahertz: 150, strategy: 'auto' });
    const parameters = chosen?.parameters ?? expect.fail('nothing is chosen');
    const { manifest, verilog } = generate('xnor-dot', parameters);
    expect(generate('xnor-dot', manifest.parameters).verilog).toBe(verilog);
    expect(manifest.parameters).toMatchObject({ pipeline: parameters.pipeline, target: parameters.target });
  });
});

it('parameters that are wrong in each way are said', () => {
  expect(() => choose(unit('mac-tree'), { lanes: 3 }, { device: 'ice40', strategy: 'auto', megahertz: 100 })).toThrow(HdlError);
});
