// The Yosys of @yowasp/yosys as a program of its own, called like the native one: `node embedded.mjs -V`, or `node embedded.mjs -s SCRIPT` in a folder whose files (no
// folders) it sees, and into which it writes the files that the script makes. In the script the folder is the root: `/name` and `name` are the same file.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Exit, runYosys } from '@yowasp/yosys';

const args = process.argv.slice(2);
const tree = {};
if (args[0] === '-s') {
  for (const name of readdirSync('.')) if (statSync(name).isFile()) tree[name] = readFileSync(name);
}
const before = new Map(Object.entries(tree));
const write = bytes => {
  if (bytes !== null) process.stdout.write(bytes);
};

/** Writes what the run made or changed. */
function keep(files) {
  for (const [name, content] of Object.entries(files ?? {})) {
    const isFile = typeof content === 'string' || content instanceof Uint8Array;
    if (isFile && before.get(name) !== content) writeFileSync(name, content);
  }
}

try {
  keep(await runYosys(args, tree, { stdout: write, stderr: write, decodeASCII: false }));
} catch (error) {
  if (error instanceof Exit) {
    keep(error.files);
    process.exitCode = error.code;
  } else {
    // A trap of WebAssembly: no memory is left, or the program is broken.
    process.stdout.write(`\nERROR: the embedded Yosys stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 70;
  }
}
