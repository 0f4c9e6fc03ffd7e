import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HdlError, describeParameters, findGenerator, generate, tool, units } from './index.js';

it('the version in manifests is that of the package', () => {
  const packageFile: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(packageFile).toMatchObject({ name: tool.name, version: tool.version });
});

describe('units', () => {
  it('are found by name', () => {
    expect(units.map(unit => unit.name)).toEqual(['mac-tree', 'activation-encoder', 'float-mul', 'float-convert', 'float-dot', 'xnor-dot', 'xnor-conv', 'zero-skip-conv', 'prune-unit']);
    for (const unit of units) expect(findGenerator(unit.name)).toBe(unit);
    expect(findGenerator('mac-trees')).toBeUndefined();
  });

  it('an unknown one is an error that names the nearest', () => {
    for (const call of [() => generate('mac-tre', {}), () => describeParameters('mac-tre')]) {
      try {
        call();
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof HdlError)) throw error;
        expect([error.code, error.message]).toEqual([
          'HDL405', 'HDL405: there is no unit \'mac-tre\'\n  hint: did you mean \'mac-tree\'? the units are mac-tree, activation-encoder, float-mul, float-convert, float-dot, xnor-dot, xnor-conv, zero-skip-conv, prune-unit',
        ]);
      }
    }
  });

  it('describe their parameters in the order of the manifest', () => {
    for (const { name } of units) {
      const { manifest } = generate(name);
      expect(describeParameters(name).map(info => info.key)).toEqual(Object.keys(manifest.parameters));
      expect(Object.fromEntries(describeParameters(name).map(info => [info.key, info.default]))).toEqual(manifest.parameters);
    }
    expect(describeParameters('mac-tree').map(info => info.flag)).toEqual([
      'lanes', 'activation-bits', 'activation-signed', 'weight-bits', 'kept-bits', 'rounding', 'shift', 'encoding', 'accumulate', 'flow', 'pipeline',
      'target', 'dsp',
    ]);
  });
});

describe('generate', () => {
  it('gives all that is wrong with the parameters at once', () => {
    try {
      generate('mac-tree', { lanes: 1, keptBit: 4 });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof HdlError)) throw error;
      expect(error.issues.map(issue => [issue.code, issue.parameter])).toEqual([['HDL401', 'keptBit'], ['HDL402', 'lanes']]);
    }
  });

  it('tells where each name in the Verilog comes from, in the text only where asked', () => {
    const { verilog, manifest } = generate('mac-tree');
    expect(manifest.sources.product_3).toMatch(/^(sum-of-products|strategies|mac-tree)\.ts:\d+$/);
    expect(verilog).toMatch(/\/\/ (sum-of-products|strategies|mac-tree)\.ts:\d+/);
    expect(generate('mac-tree', {}, { sourceLines: false }).verilog).not.toMatch(/\.ts:/);
  });
});
