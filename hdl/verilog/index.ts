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
 * A design as one Verilog-2005 file: the top module first, then what it instances. A vendor's primitives are instanced, and at the end of the file models
 * stand in for them in simulation.
 */
export function verilog(design: Design, options: VerilogOptions = {}): string {
  const { sourceLines = true, heading = [] } = options;
  const modules = design.modules.filter(module => module.generator.blackbox === undefined).toReversed();
  const texts = modules.map((module, i) => {
    const own = writeModule(module, { sourceLines, heading: [...(i === 0 ? heading : []), ...headingOf(module)] });
    return i === 0 ? own : inFileOfItsOwn(module.name, own);
  });
  return `\`default_nettype none\n\n${[...texts, ...simulationModels(design)].join('\n')}\n\`default_nettype wire\n`;
}

/** A tool that wants each module in a file of its own name is told the name. */
function inFileOfItsOwn(name: string, text: string): string {
  return `\`line 1 "${name}.v" 0\n${text}`;
}

/** Verilog that stands in for the vendor's primitives in simulation; nothing where there are none. Of it Yosys takes the ports, and other synthesis nothing. */
function simulationModels({ modules }: Design): readonly string[] {
  const models = new Map(modules.flatMap(({ verilogName, generator: { blackbox } }) => blackbox?.simulationVerilog === undefined ? [] : [[verilogName, blackbox.simulationVerilog] as const]));
  if (models.size === 0) return [];
  const texts = [...models].sort(([a], [b]) => a < b ? -1 : 1).map(([name, text]) => inFileOfItsOwn(name, `(* blackbox *)\n${text}`));
  return [
    "// Models of the vendor's primitives for simulation; synthesis has its own.\n`ifndef SYNTHESIS\n`define NARROWGATE_PRIMITIVES\n`endif\n`ifdef YOSYS\n`define NARROWGATE_PRIMITIVES\n`endif\n`ifdef NARROWGATE_PRIMITIVES",
    ...texts, '`endif',
  ];
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
