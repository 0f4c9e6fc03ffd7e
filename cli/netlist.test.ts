import { describe, expect, it } from 'vitest';
import { synthesize } from '../synth/synthesize.js';
import { checkNetlist, designFor } from './netlist.js';

const { signal } = new AbortController();
const products = { lanes: 2, activationSigned: true, keptBits: 8, flow: 'none' };

describe('the design for a device', () => {
  it('has no hard multipliers unless the parameters or the call want them', () => {
    const of = (parameters: object, dsp?: boolean) => designFor({ name: 'mac-tree', parameters: { ...parameters } }, 'ice40', { genericRtl: false, dsp });
    expect([of({}), of({ dsp: true }), of({ dsp: true }, false), of({}, true)].map(({ dsp, manifest }) => [dsp, manifest.parameters.dsp])).toEqual([[false, false], [true, true], [false, false], [true, true]]);
  });

  it('of a unit without the parameter is the unit', () => {
    expect(designFor({ name: 'activation-encoder', parameters: {} }, 'xc7', { genericRtl: true, dsp: true }).rtl).toBe('generic');
  });

  it('that contradicts itself is refused, and not taken for one that the target lacks', () => {
    expect(() => designFor({ name: 'mac-tree', parameters: { lanes: 3 } }, 'ice40', { genericRtl: false })).toThrow('\'lanes\' is 3');
  });
});

describe('netlists with hard multipliers', () => {
  it.each(['ice40', 'ecp5', 'xc7'] as const)('are run against the golden model: %s', async target => {
    const design = designFor({ name: 'mac-tree', parameters: products }, target, { genericRtl: true, dsp: true });
    const synthesis = await synthesize({ verilog: design.verilog, file: 'tree.v', top: design.manifest.top }, { target, dsp: true });
    expect(synthesis.kinds.dsp).toBeGreaterThan(0);
    expect(await checkNetlist(synthesis, design, signal)).toMatchObject({ verdict: 'simulated' });
  });

  it('with a bit of a factor cut are caught', async () => {
    const design = designFor({ name: 'mac-tree', parameters: products }, 'ecp5', { genericRtl: true, dsp: true });
    const synthesis = await synthesize({ verilog: design.verilog, file: 'tree.v', top: design.manifest.top }, { target: 'ecp5', dsp: true });
    const netlist = synthesis.netlist.replace(/\.A1\([^)]*\)/, '.A1(1\'h0)');
    expect(netlist).not.toBe(synthesis.netlist);
    expect(await checkNetlist({ ...synthesis, netlist }, design, signal)).toMatchObject({ verdict: 'WRONG' });
  });

  it('that Yosys makes wrong are caught: two registered products and their sum in one SB_MAC16', async () => {
    const design = designFor({ name: 'mac-tree', parameters: products }, 'ice40', { genericRtl: false, dsp: true });
    const verilog = design.verilog.replaceAll('(* keep *) ', '');
    expect(verilog).not.toBe(design.verilog);
    const synthesis = await synthesize({ verilog, file: 'tree.v', top: design.manifest.top }, { target: 'ice40', dsp: true });
    const check = await checkNetlist(synthesis, design, signal);
    expect(check).toMatchObject({ verdict: 'WRONG' });
    expect(check).toHaveProperty('why', expect.stringMatching(/^the Lattice iCE40 netlist of mac_tree_.* does not do what its golden model does: /));
  });
});
