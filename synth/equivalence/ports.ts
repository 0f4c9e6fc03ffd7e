/** A port as Yosys lists it. */
export interface Port {
  readonly name: string;
  readonly direction: 'input' | 'output' | 'inout';
  readonly width: number;
}

/** The ports of every module that `portlist` printed, in the order in which it was called. */
export function listedPorts(output: string): readonly (readonly Port[])[] {
  return [...output.matchAll(/^module \S+\n((?:(?:input|output|inout) \[\d+:\d+\] \S+\n)*)/gm)].map(([, lines = '']) => lines.trim().split('\n').flatMap(portOf));
}

function portOf(line: string): readonly Port[] {
  const [, direction, high = '0', low = '0', name = ''] = /^(input|output|inout) \[(\d+):(\d+)\] (\S+)$/.exec(line) ?? [];
  if (direction !== 'input' && direction !== 'output' && direction !== 'inout') return [];
  return [{ name, direction, width: Math.abs(Number(high) - Number(low)) + 1 }];
}

/** A sentence for the first port in which two designs differ; undefined where they have the same. */
export function portDifference(first: { readonly name: string; readonly ports: readonly Port[] }, second: { readonly name: string; readonly ports: readonly Port[] }): string | undefined {
  for (const [here, there] of [[first, second], [second, first]] as const) {
    for (const port of here.ports) {
      const other = there.ports.find(({ name }) => name === port.name);
      if (other === undefined) return `${here.name} has the port '${port.name}', and ${there.name} has not.`;
      if (other.direction !== port.direction) return `The port '${port.name}' is an ${port.direction} of ${here.name} and an ${other.direction} of ${there.name}.`;
      if (other.width !== port.width) return `The port '${port.name}' has ${port.width} bits in ${here.name} and ${other.width} in ${there.name}.`;
    }
  }
  return undefined;
}
