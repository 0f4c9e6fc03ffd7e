// nextpnr-ice40 of @yowasp/nextpnr-ice40 as a program of its own, called like the native one in a folder whose files (no folders) it sees and into which it writes. The package is
// large and no dependency: it is taken where the user has installed it. The first argument is the folder that the user is in.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [calledIn, ...args] = process.argv.slice(2);

/** Packages are looked for beside this one, and from the folder that the user is in. */
function load() {
  const places = [import.meta.url, pathToFileURL(join(calledIn, 'package.json')).href];
  for (const place of places) {
    try {
      return import(pathToFileURL(createRequire(place).resolve('@yowasp/nextpnr-ice40')).href);
    } catch {
      // The next place.
    }
  }
  return undefined;
}

const loaded = await load();
if (loaded === undefined) {
  process.stdout.write('ERROR: @yowasp/nextpnr-ice40 is not installed\n');
  process.exit(71);
}
const { Exit, runNextpnrIce40 } = loaded;
const tree = {};
if (!args.includes('--version')) for (const name of readdirSync('.')) if (statSync(name).isFile()) tree[name] = readFileSync(name);
const before = new Map(Object.entries(tree));
const write = bytes => {
  if (bytes !== null) process.stdout.write(bytes);
};

function keep(files) {
  for (const [name, content] of Object.entries(files ?? {})) {
    const isFile = typeof content === 'string' || content instanceof Uint8Array;
    if (isFile && before.get(name) !== content) writeFileSync(name, content);
  }
}

try {
  keep(await runNextpnrIce40(args, tree, { stdout: write, stderr: write, decodeASCII: false }));
} catch (error) {
  if (error instanceof Exit) {
    keep(error.files);
    process.exitCode = error.code;
  } else {
    process.stdout.write(`\nERROR: the embedded nextpnr-ice40 stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 70;
  }
}
