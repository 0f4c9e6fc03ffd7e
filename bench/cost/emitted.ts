import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { elaborateAny, HdlError, verilog, type Design } from '../../hdl/index.js';
import type { Source } from '../../synth/synthesize.js';
import type { TargetName } from '../../synth/targets.js';
import { packageRoot } from '../../system/package-root.js';
import type { Family, Naive, Subject } from './cases.js';

/** Verilog that is measured, and its clocks from input to output where they are promised. */
export interface Emitted {
  readonly source: Source;
  readonly latency?: number;
}

/** What a generator makes for a target, with hard multipliers or without. */
export function designOf({ generator, parameters }: Subject, target: TargetName, dsp: boolean): Design {
  const { params } = generator.spec;
  return elaborateAny(generator, { ...parameters, ...('dsp' in params ? { dsp } : {}), ...('target' in params ? { target } : {}) });
}

/**
 * The Verilog for a family: with the structures of that family, and the generic one.
 * @returns `fitted` is absent where the generator has nothing of its own for the family
 */
export function emittedFor(subject: Subject, family: Family, dsp: boolean): { readonly generic: Emitted; readonly fitted?: Emitted } {
  const generic = designOf(subject, 'generic', dsp);
  const fitted = fittedDesign(subject, family, dsp);
  return {
    generic: emitted(generic), ...(fitted === undefined || bodyOf(fitted) === bodyOf(generic) ? {} : { fitted: emitted(fitted) }),
  };
}

function fittedDesign(subject: Subject, family: Family, dsp: boolean): Design | undefined {
  try {
    return designOf(subject, family, dsp);
  } catch (error) {
    if (error instanceof HdlError) return undefined;
    throw error;
  }
}

function emitted(design: Design): Emitted {
  const latency = design.top.timing?.latency;
  return { source: { verilog: verilog(design, { sourceLines: false }), file: 'unit.v', top: design.top.name }, ...(latency === undefined ? {} : { latency }) };
}

/** The Verilog without comments and without the names of the modules, which tell the target. */
function bodyOf(design: Design): string {
  const text = verilog(design, { sourceLines: false }).replaceAll(/\/\/.*$/gm, '');
  return design.modules.reduce((body, { name }, i) => body.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `module_${i}`), text);
}

/** Naive Verilog at a size: the file with the parameters as its defaults. */
export function naiveSource({ module, parameters }: Pick<Naive, 'module' | 'parameters'>): Source {
  const text = readFileSync(join(packageRoot(), 'bench', 'naive', `${module}.v`), 'utf8');
  const sized = Object.entries(parameters).reduce((verilogSoFar, [name, value]) => {
    const declaration = new RegExp(`(\\bparameter ${name} = )\\d+`);
    if (!declaration.test(verilogSoFar)) throw new TypeError(`bench/naive/${module}.v has no parameter ${name}`);
    return verilogSoFar.replace(declaration, `$1${value}`);
  }, text);
  return { verilog: sized, file: 'naive.v', top: module };
}
