import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  certificateLine, createCertificate, readCertificate, verifyCertificate, withCertificateLine, writeCertificate, type CertifiedCheck,
} from './certificate.js';
import { pipeManifest } from './vcd/testing/pipe-waves.js';

const manifest = { ...pipeManifest({}), parameters: { lanes: 4, rounding: 'truncate', dsp: true, distances: [1, 2] } };
const verilog = '// pipe: a test\n// made by narrowgate\n\nmodule pipe;\nendmodule\n';
const passed: CertifiedCheck = { method: 'vectors', compared: 2000, seed: 7, bubbles: 0.25, backpressure: 0.5, verdict: 'pass' };
const tools = { verilator: '5.006', node: '20.20.2' };
const certificate = createCertificate(manifest, { 'pipe.v': verilog }, [passed, { method: 'waves', compared: 64, verdict: 'pass' }], tools);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrowgate-certificate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a certificate', () => {
  it('comes back from its file, and nothing else is left in the folder', async () => {
    const path = join(folder, 'deep', 'pipe.certificate.json');
    await writeCertificate(path, certificate);
    expect(await readCertificate(path)).toEqual(certificate);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['pipe.certificate.json']);
    expect(certificate).toMatchObject({ unit: 'pipe', top: 'pipe', parameters: manifest.parameters, tools, verdict: 'pass' });
  });

  it('holds for the files that were checked, also with its own line in the Verilog', async () => {
    writeFileSync(join(folder, 'pipe.v'), verilog);
    expect(await verifyCertificate(certificate, folder)).toEqual({ valid: true, problems: [] });
    const marked = withCertificateLine(verilog, certificate);
    expect(marked.split('\n').slice(0, 4)).toEqual(['// pipe: a test', '// made by narrowgate', certificateLine(certificate), '']);
    expect(withCertificateLine(marked, certificate)).toBe(marked);
    writeFileSync(join(folder, 'pipe.v'), marked);
    expect((await verifyCertificate(certificate, folder)).valid).toBe(true);
  });

  it('does not hold for changed or missing files', async () => {
    expect((await verifyCertificate(certificate, folder)).problems).toEqual([`The file 'pipe.v' is not in '${folder}'.`]);
    writeFileSync(join(folder, 'pipe.v'), verilog.replace('endmodule', 'wire a;\nendmodule'));
    const { valid, problems } = await verifyCertificate(certificate, folder);
    expect(valid).toBe(false);
    expect(problems[0]).toMatch(/^The file 'pipe\.v' is not the one that was checked: its hash is [0-9a-f]{12}, not [0-9a-f]{12}\.$/);
  });

  it('of a failed check is no pass', async () => {
    const failed = createCertificate(manifest, { 'pipe.v': verilog }, [passed, { method: 'exhaustive', compared: 0, verdict: 'fail', failure: 'Beat 0 of stream \'out\' is missing.' }], tools);
    writeFileSync(join(folder, 'pipe.v'), verilog);
    expect(failed.verdict).toBe('fail');
    expect(await verifyCertificate(failed, folder)).toEqual({ valid: false, problems: ["The checks of 'pipe' did not pass."] });
  });

  it('is one line in the Verilog', () => {
    expect(certificateLine(certificate)).toMatch(/^\/\/ Certificate: pass; vectors 2000 seed 7, waves 64; verilator 5\.006, node 20\.20\.2; sha256 [0-9a-f]{64}$/);
    expect(certificateLine({ ...certificate, tools: { 'evil\nmodule': 'x' } })).not.toContain('\n');
  });

  it('is not made of nothing', () => {
    expect(() => createCertificate(manifest, { 'pipe.v': verilog }, [], tools)).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => createCertificate(manifest, { 'pipe.v': verilog }, [{ ...passed, compared: 0 }], tools)).toThrow("The certificate of 'pipe' is not valid: checks.0.compared: a check that compared nothing cannot pass.");
    expect(() => createCertificate(manifest, {}, [passed], tools)).toThrow("The certificate of 'pipe' needs the file 'pipe.v'.");
  });

  it.each([
    ['{', /is not JSON/],
    ['{}', /is not valid: schema: /],
    [JSON.stringify({ ...certificate, verdict: 'fail' }), /is not valid: verdict: the verdict is not that of the checks\.$/],
    [JSON.stringify({ ...certificate, extra: 1 }), /is not valid: it: .*extra/],
    [JSON.stringify({ ...certificate, files: { 'pipe.v': 'abc' } }), /is not valid: files\.pipe\.v: /],
  ])('is refused where it is none (%#)', async (text, message) => {
    const path = join(folder, 'c.json');
    writeFileSync(path, text);
    await expect(readCertificate(path)).rejects.toThrow(message);
  });

  it('is not written halfway', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeCertificate(join(folder, 'file', 'c.json'), certificate)).rejects.toThrow(/^The file '.*c\.json' cannot be written: /);
    expect(existsSync(join(folder, 'file', 'c.json'))).toBe(false);
  });

  it('names only files beside it', async () => {
    const { problems } = await verifyCertificate({ ...certificate, files: { '../pipe.v': '0'.repeat(64) } }, folder);
    expect(problems).toEqual(["The certificate names the file '../pipe.v', which is not a plain file name."]);
  });
});
