import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { called } from './testing/called.js';

const folder = fileURLToPath(new URL('../baseline', import.meta.url));

/** Where a unit is to do something else than before, `narrowgate generate UNIT --out baseline --no-source-lines` signs it off again. */
it('what our units give today is proven equal to what was signed off', async () => {
  const { exitCode, stdout } = await called(['equiv', '--baseline', folder]);
  const signedOff = readdirSync(folder).filter(name => name.endsWith('.json')).length;
  expect(signedOff).toBeGreaterThan(1);
  expect([exitCode, stdout.split('\n').at(-2)]).toEqual([0, `${signedOff} equal, 0 different, 0 unknown.`]);
});
