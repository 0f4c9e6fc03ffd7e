import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeParameters, type ParameterInfo } from '../generators/index.js';

const page = readFileSync(new URL('xnor-conv.md', import.meta.url), 'utf8');

/** The line of a parameter in the page's tables. */
function lineOf({ key, kind, choices = [], min, max, default: value, doc }: ParameterInfo): string {
  const words = kind === 'bool' ? ['`true`', '`false`'] : choices.map(choice => `\`${choice}\``);
  const numbers = min === undefined || max === undefined ? [] : [`${kind === 'list' ? 'list of ' : ''}${min} to ${max}`];
  return `| \`${key}\` | ${[...words, ...numbers].join(', ')} | ${typeof value === 'object' ? '(none)' : value} | ${doc} |`;
}

describe.each(['xnor-dot', 'xnor-conv'])('the page of %s', unit => {
  it('has a table of all its parameters, in order', () => {
    expect(page).toContain(describeParameters(unit).map(lineOf).join('\n'));
  });
});
