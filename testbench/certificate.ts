import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { CoverageCounts } from './coverage-report.js';
import { TestbenchError } from './errors.js';
import type { Manifest } from './manifest.js';
import { writeWhole } from './write-file.js';

const parameterValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.number()).readonly()]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const shardSchema = z.strictObject({
  /** Which of how many parts, from 1. */
  index: z.int().positive(),
  of: z.int().positive(),
  /** The operands `first` .. `first + count - 1` of `total`, as the stimulus counts them. */
  first: z.int().nonnegative(),
  count: z.int().positive(),
  total: z.int().positive(),
}).refine(({ index, of, first, count, total }) => index <= of && first + count <= total, { error: 'the shard is not one of its parts' });

const coverageSchema = z.strictObject({
  /** How often each case was seen. */
  counts: z.record(z.string(), z.int().nonnegative()),
  /** Cases that were never seen. */
  missed: z.array(z.string()).readonly(),
});

const checkSchema = z.strictObject({
  /**
   * `exhaustive`: every operand there is; `vectors`: corners and random operands of `seed`; `waves`: transactions and handshake read
   * off the waveform; `proof`: by a solver.
   */
  method: z.enum(['exhaustive', 'vectors', 'waves', 'proof']),
  /** Output beats (of a proof: statements) that were compared; of a check that passed, at least one. */
  compared: z.int().nonnegative(),
  /** Of an exhaustive check that was shared out: the part that was done. */
  shard: shardSchema.optional(),
  seed: z.int().optional(),
  /** Probability of a cycle without an offered beat, and of one without a ready. */
  bubbles: z.number().min(0).max(1).optional(),
  backpressure: z.number().min(0).max(1).optional(),
  verdict: z.enum(['pass', 'fail']),
  /** Of a failure: the first mismatch as a sentence. */
  failure: z.string().optional(),
}).refine(check => check.verdict === 'fail' || check.compared > 0, { error: 'a check that compared nothing cannot pass', path: ['compared'] });

const certificateSchema = z.strictObject({
  schema: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  unit: z.string(),
  top: z.string(),
  /** All parameters. */
  parameters: z.record(z.string(), parameterValue),
  /** SHA-256 by file name; of Verilog without its certificate line, so that the line can name its certificate. */
  files: z.record(z.string(), sha256),
  checks: z.array(checkSchema).min(1).readonly(),
  coverage: coverageSchema.optional(),
  /** Versions of the tools that took part. */
  tools: z.record(z.string(), z.string()),
  /** `pass` if every check passed. */
  verdict: z.enum(['pass', 'fail']),
}).refine(certificate => certificate.verdict === verdictOf(certificate.checks), { error: 'the verdict is not that of the checks', path: ['verdict'] });

/** One check and how much it compared. */
export type CertifiedCheck = Readonly<z.infer<typeof checkSchema>>;

/** The part of an exhaustive check that was done. */
export type CertifiedShard = Readonly<z.infer<typeof shardSchema>>;

/** What was checked of a design, how, with what, and what came out. */
export type Certificate = Readonly<z.infer<typeof certificateSchema>>;

/** What `verifyCertificate` found. */
export interface CertificateVerification {
  /** No problem, and the verdict is `pass`. */
  readonly valid: boolean;
  /** A sentence for each file that is missing or is not the one that was checked, and one for a verdict that is no pass. */
  readonly problems: readonly string[];
}

const linePrefix = '// Certificate: ';

/**
 * The certificate of a design.
 * @param files the generated files by name, as they were checked
 * @throws TestbenchError of kind 'usage' where a file of the manifest is missing, nothing was checked, or a check passed that compared nothing
 */
export function createCertificate(
  manifest: Manifest, files: Readonly<Record<string, string>>, checks: readonly CertifiedCheck[], tools: Readonly<Record<string, string>>,
  coverage?: CoverageCounts,
): Certificate {
  const missing = manifest.files.find(name => files[name] === undefined);
  if (missing !== undefined) throw new TestbenchError('usage', `The certificate of '${manifest.top}' needs the file '${missing}'.`);
  return parse({
    schema: 1, tool: { ...manifest.tool }, unit: manifest.unit, top: manifest.top, parameters: { ...manifest.parameters },
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, fileHash(content)])),
    checks, ...(coverage === undefined ? {} : { coverage }), tools: { ...tools }, verdict: verdictOf(checks),
  }, `The certificate of '${manifest.top}'`);
}

/** The certificate as JSON with a newline at the end. */
export function certificateText(certificate: Certificate): string {
  return `${JSON.stringify(certificate, undefined, 2)}\n`;
}

/** Writes it, whole or not at all. */
export async function writeCertificate(path: string, certificate: Certificate): Promise<void> {
  await writeWhole(path, certificateText(certificate));
}

/** @throws TestbenchError of kind 'usage' where the file cannot be read or is no certificate */
export async function readCertificate(path: string): Promise<Certificate> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const isMissing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    throw new TestbenchError('usage', `The certificate '${path}' ${isMissing ? 'is not there' : `cannot be read: ${reason(cause)}`}.`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TestbenchError('usage', `The certificate '${path}' is not JSON: ${reason(cause)}.`, { cause });
  }
  return parse(json, `The certificate '${path}'`);
}

/** Holds a certificate against the files in a folder: they must be there, and be the ones that were checked. */
export async function verifyCertificate(certificate: Certificate, folder: string): Promise<CertificateVerification> {
  const problems: string[] = [];
  for (const [name, hash] of Object.entries(certificate.files)) {
    if (name !== basename(name)) problems.push(`The certificate names the file '${name}', which is not a plain file name.`);
    else {
      const content = await readFile(join(folder, name), 'utf8').catch(() => undefined);
      if (content === undefined) problems.push(`The file '${name}' is not in '${folder}'.`);
      else if (fileHash(content) !== hash) problems.push(`The file '${name}' is not the one that was checked: its hash is ${fileHash(content).slice(0, 12)}, not ${hash.slice(0, 12)}.`);
    }
  }
  if (certificate.verdict !== 'pass') problems.push(`The checks of '${certificate.top}' did not pass.`);
  return { valid: problems.length === 0, problems };
}

/** One comment line for the head of the Verilog file: verdict, checks, tools, and the hash of the certificate. */
export function certificateLine(certificate: Certificate): string {
  const checks = certificate.checks.map(({ method, compared, shard, seed }) => `${method} ${compared}${shard === undefined ? '' : ` of ${shard.total}`}${seed === undefined ? '' : ` seed ${seed}`}`);
  const tools = Object.entries(certificate.tools).map(([name, version]) => `${name} ${version}`);
  const text = [certificate.verdict, checks.join(', '), tools.join(', '), `sha256 ${hashOf(certificateText(certificate))}`].filter(part => part !== '').join('; ');
  return `${linePrefix}${text.replace(/[^ -~]/g, '?')}`;
}

/** The Verilog with the certificate line behind its first comment lines, in the place of an older one. Its hash in a certificate stays. */
export function withCertificateLine(verilog: string, certificate: Certificate): string {
  const lines = withoutCertificateLine(verilog).split('\n');
  const first = lines.findIndex(line => !line.startsWith('//'));
  return [...lines.slice(0, Math.max(first, 0)), certificateLine(certificate), ...lines.slice(Math.max(first, 0))].join('\n');
}

function withoutCertificateLine(text: string): string {
  return text.split('\n').filter(line => !line.startsWith(linePrefix)).join('\n');
}

function fileHash(content: string): string {
  return hashOf(withoutCertificateLine(content));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function verdictOf(checks: readonly CertifiedCheck[]): 'pass' | 'fail' {
  return checks.length > 0 && checks.every(check => check.verdict === 'pass') ? 'pass' : 'fail';
}

function parse(json: unknown, what: string): Certificate {
  const result = certificateSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TestbenchError('usage', `${what} is not valid: ${issue === undefined ? 'unknown reason' : `${issue.path.join('.') || 'it'}: ${issue.message}`}.`);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
