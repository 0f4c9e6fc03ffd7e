import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeParameters, type ParameterInfo } from '../generators/index.js';
import { FloatMulModel } from '../golden/index.js';

const pageOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The line of a parameter in a page's tables. */
function lineOf({ key, kind, choices = [], min, max, default: value, doc }: ParameterInfo): string {
  const words = kind === 'bool' ? ['`true`', '`false`'] : choices.map(choice => `\`${choice}\``);
  const numbers = min === undefined || max === undefined ? [] : [`${kind === 'list' ? 'list of ' : ''}${min} to ${max}`];
  return `| \`${key}\` | ${[...words, ...numbers].join(', ')} | ${typeof value === 'object' ? '(none)' : value} | ${doc} |`;
}

describe.each([['xnor-dot', 'xnor-conv.md'], ['xnor-conv', 'xnor-conv.md'], ['float-mul', 'float.md'], ['float-convert', 'float.md'], ['float-dot', 'float.md']])('%s in %s', (unit, page) => {
  it('has a table of all its parameters, in order', () => {
    expect(pageOf(page)).toContain(describeParameters(unit).map(lineOf).join('\n'));
  });
});

describe('the products in the page of the floating units', () => {
  const rows = [...pageOf('float.md').matchAll(/^\| `(\w{4})` \| `(\w{4})` \| `(\w{4})` \| `(\w{4})` \|/gm)].map(([, ...codes]) => codes.map(code => parseInt(code, 16)));

  it('are those of the golden model', () => {
    expect(rows.length).toBeGreaterThanOrEqual(7);
    for (const [a = 0, b = 0, nearest, truncated] of rows) {
      const product = (rounding: 'nearest-even' | 'truncate'): number | undefined =>
        new FloatMulModel({ exponentBits: 5, mantissaBits: 7, specials: 'ieee', subnormals: 'gradual', result: 'same', second: 'float', rounding }).process(Uint32Array.of(a), Uint32Array.of(b))[0];
      expect([product('nearest-even'), product('truncate')]).toEqual([nearest, truncated]);
    }
  });
});
