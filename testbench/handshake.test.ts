import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHandshake, mostViolations, type HandshakeReport } from './handshake.js';
import { runPipe, type PipeOptions, type PipeRun } from './vcd/testing/pipe-waves.js';
import { withFile } from './vcd/testing/temporary-file.js';
import { readTransactions } from './waves.js';

const check = ({ vcd, manifest }: PipeRun, whole = true): Promise<HandshakeReport> =>
  withFile(vcd, async file => checkHandshake(await readTransactions(file, manifest), manifest, { whole }));

const messages = async (beats: number, options: PipeOptions): Promise<readonly string[]> => (await check(runPipe(beats, options))).violations.map(({ rule, message }) => `${rule}: ${message}`);

describe('a pipe that keeps the rules', () => {
  it('has no violations, whatever stalls and bubbles there are, with and without groups', async () => {
    const pattern = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }).map(list => [...list, true]);
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 40 }), pattern, pattern, fc.integer({ min: 1, max: 6 }), fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      async (beats, offers, allows, latency, group) => {
        const at = (list: readonly boolean[]) => (cycle: number) => list[cycle % list.length] ?? true;
        const run = runPipe(beats, { latency, offer: at(offers), allow: at(allows), ...(group === undefined ? {} : { group }) });
        const report = await check(run);
        expect(report.violations).toEqual([]);
        expect(report.exactLatencies + report.boundedLatencies).toBe(run.sums.length);
      }), { numRuns: 60 });
  });

  it('has every latency exact where nothing stalls, with ready and without', async () => {
    for (const flow of ['stream', 'valid'] as const) {
      expect(await check(runPipe(20, { flow, offer: cycle => cycle % 3 !== 0 }))).toEqual({ violations: [], violationCount: 0, stalledCycles: 0, exactLatencies: 20, boundedLatencies: 0 });
    }
  });

  it('counts the cycles in which a beat waits on either side', async () => {
    expect(await check(runPipe(9, { latency: 2, allow: cycle => cycle !== 6 }))).toMatchObject({ violationCount: 0, stalledCycles: 2 });
  });

  it('is not asked for lost beats in a window out of the run', async () => {
    const run = runPipe(30, { window: { first: 9, last: 14 } });
    expect(await check(run, false)).toMatchObject({ violations: [], exactLatencies: 0 });
    expect((await check(run)).violationCount).toBeGreaterThan(0);
  });
});

describe('a violation is found and told in one sentence:', () => {
  const stallAt9 = (cycle: number): boolean => cycle !== 9 && cycle !== 10;

  it('a payload that changes under a stall', async () => {
    expect(await messages(12, { allow: stallAt9, faults: { payloadChanges: 4 } })).toEqual([
      "payload-stable: Stream 'out', cycle 10: out_sum changed from 0xae to 0xaf although the beat offered in cycle 9 had not moved (out_ready was low).",
    ]);
  });

  it('a valid that falls under a stall', async () => {
    expect(await messages(12, { allow: stallAt9, faults: { validFalls: 4 } })).toContain(
      "valid-held: Stream 'out', cycle 10: out_valid fell although the beat offered in cycle 9 had not moved (out_ready was low).",
    );
  });

  it('a dropped beat', async () => {
    const found = await messages(12, { faults: { dropped: 4 } });
    expect(found).toContain("latency: Stream 'out', cycle 10: beat 4 came out 4 clocks after it was put in in cycle 6; exactly 3 are allowed.");
    expect(found).toContain("nothing-lost: Stream 'out', cycle 26: beat 11, put in in cycle 13, has not come out; 11 of 12 beats did.");
  });

  it('a dropped beat at the end', async () => {
    expect(await messages(12, { faults: { dropped: 11 } })).toEqual(["nothing-lost: Stream 'out', cycle 26: beat 11, put in in cycle 13, has not come out; 11 of 12 beats did."]);
  });

  it('a duplicated beat', async () => {
    const found = await messages(6, { faults: { duplicated: 2 }, offer: cycle => cycle % 8 === 0 });
    expect(found.at(-1)).toMatch(/^nothing-extra: Stream 'out', cycle \d+: beat 3 came out, but only 3 had been put in\.$/);
  });

  it('a latency that is off by one', async () => {
    const report = await check(runPipe(12, { faults: { late: true } }));
    expect(report.violations[0]).toEqual({ rule: 'latency', stream: 'out', cycle: 6, message: "Stream 'out', cycle 6: beat 0 came out 4 clocks after it was put in in cycle 2; exactly 3 are allowed." });
    expect([report.violations.length, report.violationCount]).toEqual([mostViolations, 12]);
  });

  it('a latency that is off by one of a group', async () => {
    expect((await messages(12, { faults: { late: true }, group: 3 }))[0]).toBe("latency: Stream 'out', cycle 8: beat 0 came out 4 clocks after it was put in in cycle 4; exactly 3 are allowed.");
  });

  it('a beat that comes too early, also behind a stall', async () => {
    const run = runPipe(12, { latency: 2, allow: stallAt9 });
    const { violations } = await check({ ...run, manifest: { ...run.manifest, latency: 3 } });
    expect(violations.map(violation => violation.rule)).toContain('latency');
  });

  it('a valid that is x outside reset', async () => {
    expect(await messages(12, { faults: { unknownValidCycle: 20 } })).toEqual(["control-known: Stream 'out', cycle 20: out_valid is x outside reset."]);
    expect(await messages(12, { faults: { unknownValidCycle: 1 } })).toEqual([]);
  });
});
