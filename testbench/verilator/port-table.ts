import { TestbenchError } from '../errors.js';
import type { Manifest, ManifestPort, ManifestStream } from '../manifest.js';

/** One stream of a design with its payload ports looked up. */
export interface StreamPorts {
  readonly stream: ManifestStream;
  readonly ports: readonly ManifestPort[];
  /** 32-bit words of one beat: the words of each payload port, in order. */
  readonly words: number;
}

/** The streams of a design by direction, in the order of the manifest. */
export interface DesignStreams {
  readonly inputs: readonly StreamPorts[];
  readonly outputs: readonly StreamPorts[];
}

/** 32-bit words that hold a port. */
export function portWords(port: ManifestPort): number {
  return Math.ceil(port.width / 32);
}

function portNamed(manifest: Manifest, name: string): ManifestPort {
  const port = manifest.ports.find(candidate => candidate.name === name);
  if (port === undefined) throw new TestbenchError('usage', `The manifest of ${manifest.top} names a port ${name} that is not among its ports.`);
  return port;
}

/** Looks up the ports of all streams. Throws a TestbenchError of kind `usage` for a manifest that does not hold together. */
export function designStreams(manifest: Manifest): DesignStreams {
  const resolve = (direction: 'input' | 'output'): readonly StreamPorts[] => manifest.streams.filter(stream => stream.direction === direction).map(stream => {
    const ports = stream.payload.map(name => portNamed(manifest, name));
    for (const port of ports) {
      if (port.direction !== direction) {
        throw new TestbenchError('usage', `Port ${port.name} of ${manifest.top} is an ${port.direction} in the ${direction} stream ${stream.name}.`);
      }
      if (port.width !== port.elements * port.elementWidth) {
        throw new TestbenchError('usage', `Port ${port.name} of ${manifest.top} has ${port.width} bits, which are not ${port.elements} elements of ${port.elementWidth} bits.`);
      }
    }
    return { stream, ports, words: ports.reduce((sum, port) => sum + portWords(port), 0) };
  });
  const streams = { inputs: resolve('input'), outputs: resolve('output') };
  if (streams.inputs.length === 0 || streams.outputs.length === 0) {
    throw new TestbenchError('usage', `${manifest.top} cannot be simulated: it needs an input stream and an output stream.`);
  }
  if (manifest.flow === 'none' && manifest.latency === undefined) {
    throw new TestbenchError('usage', `${manifest.top} has flow none, so its manifest must give the latency.`);
  }
  const known = new Set([manifest.clock, manifest.reset, ...manifest.streams.flatMap(stream => [stream.valid, stream.ready, ...stream.payload])]);
  const lost = manifest.ports.find(port => port.direction === 'input' && !known.has(port.name));
  if (lost !== undefined) throw new TestbenchError('usage', `Input ${lost.name} of ${manifest.top} belongs to no stream, so nobody would drive it.`);
  return streams;
}

/** How Verilator writes a port's name in C++. */
function member(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new TestbenchError('usage', `The port name ${name} cannot be simulated: use letters, digits and underscores.`);
  return `model.${name.replaceAll('__', '___05F')}`;
}

function cases(lines: readonly (readonly string[])[]): string {
  return lines.map((statements, index) => `    case ${index}: ${[...statements, 'break;'].join(' ')}`).join('\n');
}

function offsets(streamPorts: StreamPorts): readonly { readonly port: ManifestPort; readonly at: number }[] {
  let at = 0;
  return streamPorts.ports.map(port => {
    const placed = { port, at };
    at += portWords(port);
    return placed;
  });
}

const list = (values: readonly (string | number)[]): string => `{${values.join(', ')}}`;

function widths(direction: string, streams: readonly StreamPorts[]): string {
  return streams.map(({ ports }, index) => `constexpr unsigned ${direction}${index}Widths[] = ${list(ports.map(port => port.width))};`).join('\n');
}

function shapes(direction: string, streams: readonly StreamPorts[]): string {
  return list(streams.map(({ stream, ports, words }, index) => `{${JSON.stringify(stream.name)}, ${words}, ${ports.length}, ${direction}${index}Widths}`));
}

function endsCondition(streamPorts: StreamPorts): string {
  const { last } = streamPorts.stream;
  if (last === undefined) return 'true';
  const placed = offsets(streamPorts).find(({ port }) => port.name === last);
  if (placed === undefined) throw new TestbenchError('usage', `Stream ${streamPorts.stream.name} names ${last} as its last flag, which is not in its payload.`);
  return `(words[${placed.at}] & 1u) != 0`;
}

/**
 * The C++ table through which the generic driver reaches one design: names, word counts and accessors of its streams, nothing that runs by itself.
 */
export function portTable(manifest: Manifest): string {
  const { inputs, outputs } = designStreams(manifest);
  const everyClock = manifest.flow === 'none';
  const control = (name: string | undefined): readonly string[] => (name === undefined ? [] : [`${member(name)} = level;`]);
  return `// Written by the testbench for ${manifest.top}.
#pragma once
namespace design {
constexpr bool hasClock = ${manifest.clock !== undefined};
constexpr bool everyClock = ${everyClock};
constexpr uint64_t latency = ${everyClock ? (manifest.latency ?? 0) : 0};
constexpr unsigned inputCount = ${inputs.length};
constexpr unsigned outputCount = ${outputs.length};
constexpr unsigned inputWords[] = ${list(inputs.map(({ words }) => words))};
constexpr unsigned outputWords[] = ${list(outputs.map(({ words }) => words))};
constexpr unsigned inputWordsMax = ${Math.max(...inputs.map(({ words }) => words))};
constexpr unsigned outputWordsMax = ${Math.max(...outputs.map(({ words }) => words))};

${widths('input', inputs)}
${widths('output', outputs)}
constexpr narrowgate::StreamShape inputs[] = ${shapes('input', inputs)};
constexpr narrowgate::StreamShape outputs[] = ${shapes('output', outputs)};
constexpr narrowgate::DesignShape shape{inputCount, outputCount, inputs, outputs};

inline void clock(Model& model, bool level) { ${manifest.clock === undefined ? '(void)model; (void)level;' : `${member(manifest.clock)} = level;`} }
inline void reset(Model& model, bool level) { ${manifest.reset === undefined ? '(void)model; (void)level;' : `${member(manifest.reset)} = level;`} }

inline void drive(Model& model, unsigned stream, const uint32_t* words) {
    using narrowgate::put;
    switch (stream) {
${cases(inputs.map(input => offsets(input).map(({ port, at }) => `put<${port.width}>(${member(port.name)}, words + ${at});`)))}
    }
}
inline void offer(Model& model, unsigned stream, bool level) {
    (void)model; (void)level;
    switch (stream) {
${cases(inputs.map(({ stream }) => control(stream.valid)))}
    }
}
inline bool allows(const Model& model, unsigned stream) {
    (void)model;
    switch (stream) {
${cases(inputs.map(({ stream }) => (stream.ready === undefined ? [] : [`return ${member(stream.ready)} != 0;`])))}
    }
    return true;
}
inline bool ends(unsigned stream, const uint32_t* words) {
    (void)words;
    switch (stream) {
${cases(inputs.map(input => [`return ${endsCondition(input)};`]))}
    }
    return true;
}

inline void allow(Model& model, unsigned stream, bool level) {
    (void)model; (void)level;
    switch (stream) {
${cases(outputs.map(({ stream }) => control(stream.ready)))}
    }
}
constexpr bool hasReady(unsigned stream) {
    switch (stream) {
${cases(outputs.map(({ stream }) => [`return ${stream.ready !== undefined};`]))}
    }
    return false;
}
inline bool offers(const Model& model, unsigned stream) {
    (void)model;
    switch (stream) {
${cases(outputs.map(({ stream }) => (stream.valid === undefined ? [] : [`return ${member(stream.valid)} != 0;`])))}
    }
    return true;
}
inline void sample(const Model& model, unsigned stream, uint32_t* words) {
    using narrowgate::get;
    switch (stream) {
${cases(outputs.map(output => offsets(output).map(({ port, at }) => `get(${member(port.name)}, words + ${at});`)))}
    }
}
}  // namespace design
`;
}
