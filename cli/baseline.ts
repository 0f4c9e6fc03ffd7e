import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { generate, HdlError } from '../generators/index.js';
import type { VerilogDesign } from '../synth/equivalence/equivalence.js';
import { unitOfJson } from './compared-design.js';
import { wrongCall } from './error.js';
import { explainRead } from './file-error.js';
import { quoted } from './flags.js';
import { readJson } from './json-file.js';

/** A design that was signed off, and what its unit gives today. */
export interface BaselineDesign {
  readonly signedOff: VerilogDesign;
  /** A sentence where it can no longer be generated. */
  readonly regenerated: VerilogDesign | string;
}

/**
 * The designs of a folder, by the names of their manifests.
 * @throws CliError where the folder has no manifest, one is broken, or its Verilog is not there
 */
export async function baselineDesigns(folder: string): Promise<readonly BaselineDesign[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') throw wrongCall(`${quoted(folder)} of --baseline is a file; a folder is needed.`, error);
    throw explainRead(error, folder, '--baseline');
  });
  const manifests = names.filter(name => name.endsWith('.json') && !name.endsWith('.certificate.json')).sort();
  if (manifests.length === 0) throw wrongCall(`The folder ${quoted(folder)} of --baseline has no manifest, such as mac_tree.json.`);
  return Promise.all(manifests.map(async name => baselineDesign(folder, join(folder, name))));
}

async function baselineDesign(folder: string, file: string): Promise<BaselineDesign> {
  const content = await readJson(file, '--baseline');
  const { unit, parameters } = unitOfJson(content, file);
  const { top, verilogFile } = moduleOf(content, file);
  const path = join(folder, verilogFile);
  const verilog = await readFile(path, 'utf8').catch((error: unknown) => {
    throw explainRead(error, path, '--baseline');
  });
  return { signedOff: { name: path, verilog, top }, regenerated: regenerate(unit, parameters, path) };
}

function regenerate(unit: string, parameters: object, path: string): VerilogDesign | string {
  try {
    const { verilog, manifest } = generate(unit, Object.fromEntries(Object.entries(parameters)));
    return { name: 'the generated one', verilog, top: manifest.top };
  } catch (error) {
    if (!(error instanceof HdlError)) throw error;
    return `${path} can no longer be generated: ${error.issues.map(({ message }) => message).join('; ')}.`;
  }
}

function moduleOf(content: unknown, file: string): { readonly top: string; readonly verilogFile: string } {
  const broken = wrongCall(`The file ${quoted(file)} of --baseline is no manifest: it names no top module and no Verilog file beside it.`);
  if (typeof content !== 'object' || content === null || !('top' in content) || !('files' in content) || !Array.isArray(content.files)) throw broken;
  const [verilogFile] = content.files.map(String);
  if (typeof content.top !== 'string' || verilogFile === undefined || verilogFile !== basename(verilogFile)) throw broken;
  return { top: content.top, verilogFile };
}
