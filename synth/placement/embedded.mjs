// nextpnr-ice40 of @yowasp/nextpnr-ice40 as a program of its own, called like the native one. The package is large and no dependency: it is taken where the user has installed it. The first argument is
// the folder that the user is in.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../yowasp.mjs';

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
await runTool('nextpnr-ice40', loaded.runNextpnrIce40, loaded.Exit, args, !args.includes('--version'));
