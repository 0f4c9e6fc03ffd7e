import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { HdlError } from './index.js';

const guide = readFileSync(new URL('../docs/hdl.md', import.meta.url), 'utf8').split('\n');
const folder = mkdtempSync(join(tmpdir(), 'narrowgate-guide-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines of all code blocks of one language; every other line is empty, so that a line keeps its number. */
function blocks(language: string): readonly string[] {
  let inside = false;
  return guide.map(line => {
    const fence = /^```(\w*)$/.exec(line);
    if (fence === null) return inside ? line : '';
    inside = fence[1] === language;
    return '';
  });
}

/** The text of each block of one language. */
function texts(language: string): readonly string[] {
  return blocks(language).join('\n').split(/\n\n+/).map(text => text.trim()).filter(text => text !== '');
}

/** What the program of the guide tells while it runs. */
interface Told {
  /** `expression; // → text`: what came out, and what the guide says. */
  readonly shown: { readonly line: number; readonly found: string; readonly said: string }[];
  /** `expression; // throws`. */
  readonly errors: string[];
  readonly verilog: string[];
}

/** The guide names a file of the reader's. */
function withoutPlaces(text: string): string {
  return text.replace(/[\w.-]+\.ts:\d+/g, 'FILE:LINE');
}

/** All code of the guide as one program; the lines that show something hand it over. */
function program(): string {
  const lines = blocks('ts').map((line, i) => {
    const shown = /^( *)(.+); \/\/ → (.*)$/.exec(line);
    if (shown !== null) return `${shown[1]}told.show(${i + 1}, ${shown[2]}, ${JSON.stringify(shown[3])});`;
    const throwing = /^(.+); \/\/ throws$/.exec(line);
    if (throwing !== null) return `told.throws(() => ${throwing[1]});`;
    return line.replace(/^(verilog\(.*\));$/, 'told.write($1);');
  });
  const index = fileURLToPath(new URL('./index.js', import.meta.url));
  return lines.join('\n').replace('\'../hdl/index.js\'', JSON.stringify(index))
    .concat('\ndeclare const told: { show(line: number, found: unknown, said: string): void; throws(act: () => unknown): void; write(text: string): void };\n');
}

async function run(): Promise<Told> {
  const told: Told = { shown: [], errors: [], verilog: [] };
  const file = join(folder, 'hdl.md.ts');
  writeFileSync(file, program());
  Object.assign(globalThis, {
    told: {
      show: (line: number, found: unknown, said: string) => told.shown.push({ line, found: String(found), said }),
      throws: (act: () => unknown) => {
        try {
          act();
        } catch (error) {
          told.errors.push(error instanceof HdlError ? error.message : String(error));
        }
      },
      write: (text: string) => told.verilog.push(text),
    },
  });
  await import(pathToFileURL(file).href);
  return told;
}

describe('docs/hdl.md', () => {
  test('its code passes the compiler', () => {
    const file = join(folder, 'checked.mts');
    writeFileSync(file, program());
    const root = fileURLToPath(new URL('..', import.meta.url));
    const { options } = ts.parseJsonConfigFileContent(
      { extends: './tsconfig.json', compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, rootDir: '/', typeRoots: [join(root, 'node_modules/@types')] } }, ts.sys, root);
    const checked = ts.createProgram([file], options);
    const findings = ts.getPreEmitDiagnostics(checked).map(each => ts.flattenDiagnosticMessageText(each.messageText, '\n'));
    expect(findings).toEqual([]);
  });

  test('it shows what comes out', async () => {
    const told = await run();
    expect(told.shown.length).toBeGreaterThan(45);
    for (const { line, found, said } of told.shown) expect(found, `line ${line}`).toBe(said);
    expect(told.errors.map(withoutPlaces)).toEqual(texts('text').map(withoutPlaces));
    expect(told.verilog).toHaveLength(2);
    for (const text of texts('verilog')) expect(told.verilog.join('')).toContain(text);
  });
});
