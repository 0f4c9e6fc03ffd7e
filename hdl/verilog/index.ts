import type { Design } from '../generator.js';
import type { Module } from '../module.js';
import type { ParameterRecord } from '../parameter.js';
import { writeModule } from './module-writer.js';

/** How a design is written. */
export interface VerilogOptions {
  /** Whether each statement carries the file and line of the generator that made it; true where absent. */
  readonly sourceLines?: boolean;
  /** Lines of comment that head the file. */
  readonly heading?: readonly string[];
}

/**
 * A design as one Verilog-2005 file: the top module first, then what it instances. A vendor's primitives are instanced
 * and not defined. The text depends on nothing but the design and the options.
 */
export function verilog(design: Design, options: VerilogOptions = {}): string {
  const { sourceLines = true, heading = [] } = options;
  const modules = design.modules.filter(module => module.generator.blackbox === undefined).toReversed();
  const texts = modules.map((module, i) => {
    const own = writeModule(module, { sourceLines, heading: [...(i === 0 ? heading : []), ...headingOf(module)] });
    // A tool that wants each module in a file of its own name is told the name.
    return i === 0 ? own : `\`line 1 "${module.name}.v" 0\n${own}`;
  });
  return `\`default_nettype none\n\n${texts.join('\n')}\n\`default_nettype wire\n`;
}

/** Verilog that stands in for the vendor's primitives of a design in simulation; empty where there are none. */
export function simulationModels(design: Design): string {
  const models = new Set<string>();
  for (const { generator } of design.modules) {
    const text = generator.blackbox?.simulationVerilog;
    if (text !== undefined) models.add(text);
  }
  return [...models].join('\n');
}

function headingOf(module: Module): readonly string[] {
  return [`${module.name}: ${module.generator.spec.doc}`, ...wrapped(`parameters: ${parameterText(module.parameters)}`, 110)];
}

function parameterText(parameters: ParameterRecord): string {
  const texts = Object.entries(parameters).map(([key, value]) => `${key}=${typeof value === 'object' ? value.join(',') : value}`);
  return texts.length === 0 ? 'none' : texts.join(' ');
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = ' ';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
