// A tool of YoWASP, compiled to WebAssembly, run as a program of its own like the native one: in a folder whose files (no folders) it sees, and into which it writes the files that it makes.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const write = bytes => {
  if (bytes !== null) process.stdout.write(bytes);
};

/**
 * Runs the tool in the current folder, and sets the exit code of the process.
 * @param {string} name what messages call it
 * @param {(args: readonly string[], files: object, options: object) => Promise<object | undefined>} run what the package exports to run it
 * @param {new (...args: never[]) => Error} Exit the error that it throws for an exit code
 * @param {readonly string[]} args
 * @param {boolean} readsFiles whether it is given the files of the folder
 */
export async function runTool(name, run, Exit, args, readsFiles) {
  const tree = {};
  if (readsFiles) for (const file of readdirSync('.')) if (statSync(file).isFile()) tree[file] = readFileSync(file);
  const before = new Map(Object.entries(tree));
  // What the run made or changed.
  const keep = files => {
    for (const [file, content] of Object.entries(files ?? {})) {
      const isFile = typeof content === 'string' || content instanceof Uint8Array;
      if (isFile && before.get(file) !== content) writeFileSync(file, content);
    }
  };
  try {
    keep(await run(args, tree, { stdout: write, stderr: write, decodeASCII: false }));
  } catch (error) {
    if (error instanceof Exit) {
      keep(error.files);
      process.exitCode = error.code;
    } else {
      // A trap of WebAssembly: no memory is left, or the program is broken.
      write(`\nERROR: the embedded ${name} stopped: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 70;
    }
  }
}
