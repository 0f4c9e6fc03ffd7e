import type { Port } from '../module.js';
import { typeText } from '../type.js';
import { commentLine, rangeText, signedText } from './code.js';

/** The port list of a module, one port a line, with what each means; in columns. */
export function portLines(ports: readonly Port[], isProcedural: (port: Port) => boolean): readonly string[] {
  const rows = ports.map(port => {
    const { signal, direction } = port;
    const kind = direction === 'output' && isProcedural(port) ? 'reg' : 'wire';
    return { head: `${direction.padEnd(6)} ${kind.padEnd(4)} ${signedText(signal.type)}${rangeText(signal.width)}`.trimEnd(), name: signal.name, port };
  });
  const headWidth = Math.max(0, ...rows.map(row => row.head.length));
  const nameWidth = Math.max(0, ...rows.map(row => row.name.length)) + 1;
  return rows.map(({ head, name, port }, i) => {
    const declaration = `${head.padEnd(headWidth)} ${name}${i === rows.length - 1 ? '' : ','}`;
    return `  ${declaration.padEnd(headWidth + 1 + nameWidth)}  // ${commentLine(meaning(port))}`.trimEnd();
  });
}

function meaning({ signal, doc }: Port): string {
  const { type } = signal;
  if (type.kind === 'clock' || (type.kind === 'bool' && doc !== '')) return doc;
  const layout = type.kind === 'vec' ? `${type.count} x ${typeText(type.element)}, element 0 in the low bits` : typeText(type);
  return [doc, layout].filter(part => part !== '').join('; ');
}
