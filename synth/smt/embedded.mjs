// The z3 of the npm package z3-solver as a program of its own, called like the native one: `node embedded.mjs --version`, or `node embedded.mjs FILE` for a file of SMT-LIB 2.
import { readFileSync } from 'node:fs';
import { init } from 'z3-solver';

const [argument = ''] = process.argv.slice(2);
const { Z3 } = await init();
if (argument === '--version') console.log(`Z3 version ${Z3.get_full_version().replace(/^Z3 /, '')}`);
else {
  const context = Z3.mk_context(Z3.mk_config());
  try {
    process.stdout.write(await Z3.eval_smtlib2_string(context, readFileSync(argument, 'utf8')));
  } catch (error) {
    process.stdout.write(`(error "${error instanceof Error ? error.message : String(error)}")\n`);
    process.exitCode = 1;
  }
}
// Its threads would keep the process alive.
process.exit();
