import { describe, expect, it } from 'vitest';
import { primitiveModels, primitives } from '../../generators/primitives/index.js';
import { primitiveTables } from '../equivalence/elaborate.js';
import { ownModels } from '../models.js';
import { kindOf, targets, type TargetName } from '../targets.js';
import { runYosys } from '../yosys/run.js';

/** Parameters that stand for a cell's configuration, several for tables of LUTs. */
const tables = (bits: number): readonly string[] => Array.from({ length: 4 }, (_, i) =>
  `${bits}'h${Array.from({ length: Math.max(1, bits / 4) }, (__, digit) => ((0x9e3779b1 * (i + 1) * (digit + 3)) >>> 13 & 15 & (2 ** bits - 1)).toString(16)).join('')}`);

const flipFlops = ['', 'N'].flatMap(edge => ['', 'E'].flatMap(enable => ['', 'R', 'S', 'SR', 'SS'].map(set => `SB_DFF${edge}${enable}${set}`)));
const inverted = (pin: string) => ['C', 'D', pin].map(name => `-set IS_${name}_INVERTED 1'b1`);

const cells: readonly (readonly [TargetName, string, readonly string[]])[] = [
  ['ice40', 'SB_LUT4', tables(16).map(table => `-set LUT_INIT ${table}`)],
  ['ice40', 'SB_CARRY', ['']],
  ...flipFlops.map(name => ['ice40', name, ['']] as const),
  ['ecp5', 'LUT4', tables(16).map(table => `-set INIT ${table}`)],
  ['ecp5', 'CCU2C', tables(16).flatMap((table, i) => [['YES', 'NO'], ['NO', 'NO'], ['NO', 'YES'], ['YES', 'YES']].map(([first, second]) =>
    `-set INIT0 ${table} -set INIT1 ${tables(16)[3 - i] ?? ''} -set INJECT1_0 "${first}" -set INJECT1_1 "${second}"`))],
  ['ecp5', 'TRELLIS_FF', ['ASYNC', 'LSR_OVER_CE'].flatMap(mode => ['SET', 'RESET'].flatMap(value => [['1', 'CLK', 'LSR'], ['0', 'CLK', 'LSR'], ['CE', 'INV', 'INV'], ['INV', 'CLK', 'INV']].map(([ce, clk, lsr]) =>
    `-set SRMODE "${mode}" -set REGSET "${value}" -set CEMUX "${ce}" -set CLKMUX "${clk}" -set LSRMUX "${lsr}"`)))],
  ...[1, 2, 3, 4, 5, 6].map(inputs => ['xc7', `LUT${inputs}`, tables(2 ** inputs).map(table => `-set INIT ${table}`)] as const),
  ['xc7', 'LUT6_2', tables(64).map(table => `-set INIT ${table}`)],
  ['xc7', 'CARRY4', ['']],
  ['xc7', 'INV', ['']],
  ...([['FDRE', 'R'], ['FDSE', 'S'], ['FDCE', 'CLR'], ['FDPE', 'PRE']] as const).map(([name, pin]) => ['xc7', name, ['', ...inverted(pin)]] as const),
];

describe.each(['ice40', 'ecp5', 'xc7'] as const)('our models of %s', name => {
  const target = targets[name];
  const ours = ownModels(target);

  it('are all compared', () => {
    // Of the hard multiplier of the ECP5 Yosys has no model: netlists with it run against golden models.
    expect([...ours.matchAll(/^module (\w+)/gm)].map(([, cell]) => cell).filter(cell => cell !== 'MULT18X18D').sort()).toEqual(cells.filter(([of]) => of === name).map(([, cell]) => cell).sort());
  });

  it('are proven equal to those of Yosys, for every configuration of the list', async () => {
    const configured = cells.filter(([of]) => of === name).flatMap(([, cell, parameters]) => parameters.map(parameter => [cell, parameter] as const));
    const one = (which: string, cell: string, parameter: string): readonly string[] => [
      `design -load ${which}Library`, ...(parameter === '' ? [] : [`chparam ${parameter} ${cell}`]),
      `hierarchy -top ${cell}`, 'rename -top cell', 'proc', 'flatten', `design -stash ${which}`,
    ];
    const lines = [
      'read_verilog -defer ours.v', 'design -stash oursLibrary', `read_verilog -defer -D NO_ICE40_DEFAULT_ASSIGNMENTS ${target.models[0] ?? ''}`, 'design -stash theirsLibrary',
      ...configured.flatMap(([cell, parameter], index) => [
        ...one('ours', cell, parameter), ...one('theirs', cell, parameter), 'design -copy-from ours -as ours cell', 'design -copy-from theirs -as theirs cell',
        'miter -equiv -flatten -make_outputs ours theirs miter', 'hierarchy -top miter', 'clk2fflogic', 'opt_clean',
        `sat -verify -prove trigger 0 ${kindOf(target, cell) === 'ff' ? '-tempinduct -set-init-undef -seq 1 -maxsteps 6 ' : ''}miter`, `log proven ${cell} ${index}`, 'design -reset',
      ]),
    ];
    const { output } = await runYosys(() => lines, { 'ours.v': ours }, []);
    expect(output.match(/^proven \w+ \d+$/gm)).toHaveLength(configured.length);
  });
});

it.each(['ice40', 'ecp5', 'xc7'] as const)('the tables of proofs are the primitives of %s that generators instance, for every configuration of the list', async name => {
  const own = primitives[name].map(({ blackbox }) => /^module (\w+)/m.exec(blackbox?.simulationVerilog ?? '')?.[1] ?? '');
  const configured = cells.filter(([of, cell]) => of === name && own.includes(cell)).flatMap(([, cell, parameters]) => parameters.map(parameter => [cell, parameter] as const));
  expect([...new Set(configured.map(([cell]) => cell))].sort()).toEqual([...own].sort());
  const lines = [
    'read_verilog -defer models.v', 'design -stash modelsLibrary', 'read_verilog -icells -defer tables.v', 'design -stash tablesLibrary',
    ...configured.flatMap(([cell, parameter], index) => [
      ...['models', 'tables'].flatMap(which => [`design -load ${which}Library`, ...(parameter === '' ? [] : [`chparam ${parameter} ${cell}`]), `hierarchy -top ${cell}`, 'rename -top cell', 'proc', 'flatten', 'simplemap t:$lut', `design -stash ${which}`]),
      'design -copy-from models -as models cell', 'design -copy-from tables -as tables cell', 'miter -equiv -flatten -make_outputs models tables miter', 'hierarchy -top miter', 'opt_clean',
      'sat -verify -prove trigger 0 miter', `log proven ${cell} ${index}`, 'design -reset',
    ]),
  ];
  const { output } = await runYosys(() => lines, { 'models.v': primitiveModels(name), 'tables.v': primitiveTables() }, []);
  expect(output.match(/^proven \w+ \d+$/gm)).toHaveLength(configured.length);
});
