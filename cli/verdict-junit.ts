import type { ReportedError } from '../system/error.js';
import { junitReport, type TestCase } from '../testbench/junit.js';
import type { Manifest } from '../testbench/manifest.js';
import type { Verdict } from '../testbench/verify.js';

/** A verdict as a JUnit report: one case for each way of checking. */
export function verdictReport(verdict: Verdict): string {
  const { failure } = verdict;
  const className = `narrowgate.${verdict.unit}.${verdict.top}`;
  const cases = (['waves', 'bulk'] as const).flatMap((stage): readonly TestCase[] => {
    const { beats, seconds } = verdict[stage];
    const isFailed = failure?.stage === stage;
    if (beats === 0 && !isFailed) return [];
    const name = `${stage}, ${beats} beats, ${stage === 'bulk' && verdict.bulk.method === 'exhaustive' ? 'exhaustive' : `seed ${verdict.seed}`}`;
    const text = isFailed ? [failure.picture ?? '', ...failure.files, verdict.command].filter(line => line !== '').join('\n') : '';
    return [{ name, className, seconds, ...(isFailed ? { failure: { message: failure.message, text } } : {}) }];
  });
  return junitReport([{ name: verdict.top, cases, properties: { ...parameterTexts(verdict.parameters), ...verdict.tools } }]);
}

/** The report of a verification that could not be made. */
export function errorReport(manifest: Manifest, error: ReportedError): string {
  const found = { message: error.message, text: [error.message, error.hint ?? ''].filter(line => line !== '').join('\n') };
  const problem = error.kind === 'design' ? { failure: found } : { error: found };
  const test: TestCase = { name: 'verify', className: `narrowgate.${manifest.unit}.${manifest.top}`, seconds: 0, ...problem };
  return junitReport([{ name: manifest.top, cases: [test], properties: parameterTexts(manifest.parameters) }]);
}

function parameterTexts(parameters: Manifest['parameters']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, Array.isArray(value) ? value.join(',') : String(value)]));
}
