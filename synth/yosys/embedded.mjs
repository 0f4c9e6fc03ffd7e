// The Yosys of @yowasp/yosys as a program of its own, called like the native one: `node embedded.mjs -V`, or `node embedded.mjs -s SCRIPT`. In the script the folder is the
// root: `/name` and `name` are the same file.
import { Exit, runYosys } from '@yowasp/yosys';
import { runTool } from '../yowasp.mjs';

const args = process.argv.slice(2);
await runTool('Yosys', runYosys, Exit, args, args[0] === '-s');
