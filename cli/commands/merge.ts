import { join, resolve } from 'node:path';
import { certificateText, readCertificate, type Certificate } from '../../testbench/certificate.js';
import { coverageTable } from '../../testbench/coverage-report.js';
import { mergeCertificates } from '../../testbench/merge-certificates.js';
import type { Command } from '../command.js';
import { wrongCall } from '../error.js';
import { quoted } from '../flags.js';
import { jsonText } from '../json-text.js';
import { writeFiles } from '../write-files.js';

/** `narrowgate merge CERTIFICATE...`: the certificates of all shards of an exhaustive run as one. */
export const merge: Command = {
  name: 'merge',
  summary: 'Puts the certificates of all shards of an exhaustive run together, as verify --exhaustive --shard I/N --out DIR leaves them: of the same design, disjoint, none missing.',
  takesUnit: false,
  takesFiles: 'CERTIFICATE...',
  flags: [{ name: 'out', kind: 'value', doc: 'folder for the merged certificate, MODULE.certificate.json' }],
  examples: ['narrowgate merge shards/*.certificate.json --out proof'],
  async run({ flags, files = [] }, io) {
    if (files.length === 0) throw wrongCall('merge needs a certificate or more.');
    const merged = mergeCertificates(await Promise.all(files.map(async name => ({ name, certificate: await readCertificate(name) }))));
    const folder = flags.text('out');
    const path = folder === undefined ? undefined : join(folder, `${merged.top}.certificate.json`);
    if (path !== undefined) {
      if (files.some(file => resolve(file) === resolve(path))) throw wrongCall(`The file ${quoted(path)} of --out is read by this call too; give it another folder.`);
      await writeFiles([{ path, content: certificateText(merged), flag: '--out' }], io.signal);
    }
    io.stdout.write(flags.switch('json') ? jsonText(merged) : textOf(merged, files.length, path));
    return merged.verdict === 'pass' ? 0 : 1;
  },
};

function textOf({ verdict, top, checks, coverage }: Certificate, shards: number, path: string | undefined): string {
  const compared = checks.find(({ method }) => method === 'exhaustive')?.compared ?? 0;
  const failures = checks.flatMap(({ failure }) => failure ?? []);
  return [
    `${verdict === 'pass' ? 'PASS' : 'FAIL'}  ${top}`,
    `  bulk       ${compared.toLocaleString('en-US')} beats compared, ${verdict === 'pass' ? 'all operands in ' : ''}${shards} shard${shards === 1 ? '' : 's'}`,
    ...(coverage === undefined ? [] : [`  ${coverageTable(coverage).trimEnd().split('\n').at(-1) ?? ''}`]),
    ...(failures.length === 0 ? [] : ['', ...failures]),
    ...(path === undefined ? [] : [`Certificate: ${path}`]), '',
  ].join('\n');
}
