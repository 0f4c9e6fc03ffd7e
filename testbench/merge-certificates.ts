import type { Certificate, CertifiedCheck, CertifiedShard } from './certificate.js';
import { mergeCoverage } from './coverage-report.js';
import { TestbenchError } from './errors.js';
import { shardRange } from './verification/shard.js';

/** A certificate and the name of its file, for messages. */
export interface NamedCertificate {
  readonly name: string;
  readonly certificate: Certificate;
}

interface ShardCertificate extends NamedCertificate {
  readonly check: CertifiedCheck;
  readonly shard: CertifiedShard;
}

/**
 * One certificate out of those of the shards of an exhaustive run: of the same design by the same version of the tool, all shards of one partition. Their beats and
 * their coverage are added; the verdict is `pass` if every shard passed.
 * @throws TestbenchError of kind 'usage' where they do not belong together, or some are missing
 */
export function mergeCertificates(certificates: readonly NamedCertificate[]): Certificate {
  const shards = certificates.map(shardOf).toSorted((a, b) => a.shard.index - b.shard.index);
  const [first] = shards;
  if (first === undefined) throw new TestbenchError('usage', 'There is no certificate to merge.');
  for (const other of shards) refuseOtherDesign(first, other);
  refuseOtherPartition(shards, first);
  const { certificate } = first;
  const failed = shards.find(({ check }) => check.verdict === 'fail')?.check;
  const merged: CertifiedCheck = {
    method: 'exhaustive', compared: shards.reduce((sum, { check }) => sum + check.compared, 0), verdict: failed === undefined ? 'pass' : 'fail',
    ...(failed?.failure === undefined ? {} : { failure: failed.failure }),
  };
  const checks = [...distinct(shards.flatMap(({ certificate: { checks: all }, check }) => all.filter(each => each !== check))), merged];
  const coverages = shards.flatMap(({ certificate: { coverage } }) => coverage ?? []);
  return {
    ...certificate, checks, tools: joinTools(shards.map(({ certificate: { tools } }) => tools)),
    ...(coverages.length === shards.length ? { coverage: mergeCoverage(coverages) } : {}),
    verdict: checks.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'fail',
  };
}

function shardOf(named: NamedCertificate): ShardCertificate {
  const checks = named.certificate.checks.flatMap(check => (check.shard === undefined ? [] : [{ check, shard: check.shard }]));
  const [only, second] = checks;
  if (only === undefined || second !== undefined) throw new TestbenchError('usage', `The certificate '${named.name}' is not that of one shard of an exhaustive run.`);
  const { check, shard } = only;
  if (check.verdict === 'pass' && check.compared < shard.count) {
    throw new TestbenchError('usage', `The certificate '${named.name}' says that ${check.compared} of the ${shard.count} operands of its shard were compared, and that they passed.`);
  }
  return { ...named, check, shard };
}

/** Checks that each shard had made alike, such as the same waveforms, are one. */
function distinct(checks: readonly CertifiedCheck[]): readonly CertifiedCheck[] {
  return [...new Map(checks.map(check => [JSON.stringify(check), check])).values()];
}

function refuseOtherDesign(first: ShardCertificate, other: ShardCertificate): void {
  const parts = { unit: 'the unit', top: 'the module', parameters: 'the parameters', files: 'the hash of a file', tool: 'the version of narrowgate' } as const;
  for (const key of ['unit', 'top', 'parameters', 'files', 'tool'] as const) {
    if (sorted(first.certificate[key]) === sorted(other.certificate[key])) continue;
    throw new TestbenchError('usage', `The certificates '${first.name}' and '${other.name}' do not belong together: they differ in ${parts[key]}.`);
  }
}

/** JSON that does not depend on the order of keys. */
function sorted(value: string | Readonly<Record<string, unknown>>): string {
  return typeof value === 'string' ? value : JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseOtherPartition(shards: readonly ShardCertificate[], first: ShardCertificate): void {
  const { of, total } = first.shard;
  const seen = new Map<number, string>();
  for (const { name, shard } of shards) {
    const range = shardRange(BigInt(shard.total), shard);
    if (shard.of !== of || shard.total !== total || range.first !== shard.first || range.count !== shard.count) {
      throw new TestbenchError('usage', `The certificates '${first.name}' and '${name}' do not belong together: they are not shards of one partition.`);
    }
    const twice = seen.get(shard.index);
    if (twice !== undefined) throw new TestbenchError('usage', `Shard ${shard.index} of ${of} is there twice: '${twice}' and '${name}'.`);
    seen.set(shard.index, name);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter(index => !seen.has(index));
  if (missing.length > 0) {
    const named = missing.length > 20 ? [...missing.slice(0, 20), `${missing.length - 20} more`] : missing;
    throw new TestbenchError('usage', `Of ${of} shards ${missing.length === 1 ? 'one is' : `${missing.length} are`} missing: ${named.join(', ')}.`);
  }
}

/** The versions by tool; where machines had different ones, all of them. */
function joinTools(tools: readonly Certificate['tools'][]): Certificate['tools'] {
  const names = [...new Set(tools.flatMap(each => Object.keys(each)))];
  return Object.fromEntries(names.map(name => [name, [...new Set(tools.flatMap(each => each[name] ?? []))].join(' and ')]));
}
