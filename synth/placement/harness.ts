/** A port of a unit as the harness sees it. */
export interface HarnessPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly width: number;
}

/** The module to place. */
export const harnessTop = 'harness';

/** The module of the shift register; synthesis keeps it apart. */
export const feederName = 'harness_feeder';

/** The unit's instance in the harness. */
export const unitName = 'unit';

/**
 * A harness of registers, so that units with more ports than a device has pins can be placed and every path goes from register to register: a shift register feeds the
 * inputs and ends at a pin, a register takes the outputs, and a registered tree of XORs folds them into one pin. The shift register is a module
 * that stays one (`feederName`) until the unit is synthesized, for else registers of the unit that only delay an input would be taken for the next ones of it, and not be counted.
 * @param clock the port that is the clock; none of a unit without registers
 */
export function harness(top: string, ports: readonly HarnessPort[], clock: string | undefined): string {
  const inputs = ports.filter(port => port.direction === 'input' && port.name !== clock);
  const outputs = ports.filter(port => port.direction === 'output');
  const bits = (of: readonly HarnessPort[]): number => of.reduce((sum, { width }) => sum + width, 0);
  const [fed, taken] = [Math.max(1, bits(inputs)), Math.max(1, bits(outputs))];
  const connections = [
    ...(clock === undefined ? [] : [`.${clock}(clk)`]), ...slices(inputs, 'feed'), ...slices(outputs, 'result'),
  ];
  return [
    '(* keep_hierarchy *)', `module ${feederName}(input clk, input serial, output reg [${fed - 1}:0] feed);`,
    `  always @(posedge clk) feed <= ${fed === 1 ? 'serial' : `{feed[${fed - 2}:0], serial}`};`,
    'endmodule',
    `module ${harnessTop}(input clk, input serial, output shifted, output folded);`,
    `  wire [${fed - 1}:0] feed;`, `  ${feederName} feeder(.clk(clk), .serial(serial), .feed(feed));`,
    `  assign shifted = feed[${fed - 1}];`, `  wire [${taken - 1}:0] result;`,
    `  ${top} ${unitName}(${connections.join(', ')});`,
    `  reg [${taken - 1}:0] level0;`, '  always @(posedge clk) level0 <= result;',
    ...xorTree(taken),
    'endmodule', '',
  ].join('\n');
}

/** Each port on its bits of a vector. */
function slices(ports: readonly HarnessPort[], vector: string): readonly string[] {
  let at = 0;
  return ports.map(({ name, width }) => `.${name}(${vector}[${(at += width) - 1}:${at - width}])`);
}

/** Registered levels of XORs of four bits each, down to one. */
function xorTree(width: number): readonly string[] {
  const lines: string[] = [];
  let [level, bits] = [0, width];
  while (bits > 1) {
    const next = Math.ceil(bits / 4);
    lines.push(`  reg [${next - 1}:0] level${level + 1};`);
    for (let i = 0; i < next; i++) lines.push(`  always @(posedge clk) level${level + 1}[${i}] <= ^level${level}[${Math.min(bits, 4 * i + 4) - 1}:${4 * i}];`);
    level++;
    bits = next;
  }
  return [...lines, `  assign folded = level${level}[0];`];
}

/**
 * A unit of these ports that does next to nothing, so that the harness alone is placed: each output bit is the XOR of two input bits, which takes no cell beside the
 * register behind it, and differs from the others, for registers of the same value would become one.
 */
export function idleUnit(top: string, ports: readonly HarnessPort[], clock: string | undefined): string {
  const inputs = ports.filter(port => port.direction === 'input' && port.name !== clock);
  const outputs = ports.filter(port => port.direction === 'output');
  const declared = ports.map(({ name, direction, width }) => `${direction} [${width - 1}:0] ${name}`);
  const fed = inputs.flatMap(({ name, width }) => Array.from({ length: width }, (_, bit) => `${name}[${bit}]`));
  const assigned = outputs.flatMap(({ name, width }) => Array.from({ length: width }, (_, bit) => `${name}[${bit}]`)).map((bit, index) => {
    const [one, other] = [index, index + 1 + Math.floor(index / fed.length)].map(at => fed[at % fed.length] ?? '1\'b0');
    return `  assign ${bit} = ${one === other ? one ?? '' : `${one ?? ''} ^ ${other ?? ''}`};`;
  });
  return [`module ${top}(${declared.join(', ')});`, ...assigned, 'endmodule', ''].join('\n');
}
