import { driverExpressions, isSignal } from './check.js';
import type { Expression } from './expression.js';
import type { Instance } from './instance.js';
import type { Module } from './module.js';
import type { Signal } from './signal.js';
import type { ClockType, ScalarType, VecType } from './type.js';

/** One module in one place of the hierarchy, with what a walk has found for its nodes (`N`) and signals (`S`). */
export interface Place<N, S> {
  readonly module: Module;
  readonly path: string;
  readonly parent: { readonly place: Place<N, S>; readonly instance: Instance } | undefined;
  readonly children: ReadonlyMap<Instance, Place<N, S>>;
  readonly nodes: Map<Expression, N>;
  readonly signals: Map<Signal, S>;
}

/** A node or signal in one place. */
export interface Vertex<N, S> {
  readonly place: Place<N, S>;
  readonly item: Expression | Signal;
}

/** All places of a design, a parent before its children. Into instances of modules that are `closed` the walk does not go. */
export function placesOf<N, S>(top: Module, closed: (module: Module) => boolean = () => false): readonly [Place<N, S>, ...Place<N, S>[]] {
  const inner: Place<N, S>[] = [];
  const open = (module: Module, path: string, parent: Place<N, S>['parent']): Place<N, S> => {
    const children = new Map<Instance, Place<N, S>>();
    const place: Place<N, S> = { module, path, parent, children, nodes: new Map(), signals: new Map() };
    if (parent !== undefined) inner.push(place);
    for (const instance of module.instances) {
      if (!closed(instance.module)) children.set(instance, open(instance.module, `${path}.${instance.name}`, { place, instance }));
    }
    return place;
  };
  return [open(top, top.name, undefined), ...inner];
}

/** Completes all that `start` needs and is not known yet, then itself, each once and without recursion. What completes a vertex enters it in its place. */
export function visit<N, S>(start: Vertex<N, S>, complete: (vertex: Vertex<N, S>) => void): void {
  const stack: { readonly vertex: Vertex<N, S>; readonly needs: readonly Vertex<N, S>[]; next: number }[] = [];
  const open = (vertex: Vertex<N, S>): void => {
    if (!isKnown(vertex)) stack.push({ vertex, needs: needsOf(vertex), next: 0 });
  };
  open(start);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const need = top.needs[top.next++];
    if (need !== undefined) {
      open(need);
      continue;
    }
    stack.pop();
    if (!isKnown(top.vertex)) complete(top.vertex);
  }
}

function isKnown<N, S>({ place, item }: Vertex<N, S>): boolean {
  return isSignal(item) ? place.signals.has(item) : place.nodes.has(item);
}

/** What must be known before a vertex. */
function needsOf<N, S>({ place, item }: Vertex<N, S>): readonly Vertex<N, S>[] {
  if (!isSignal(item)) {
    const { signal } = item.detail;
    return (signal === undefined ? item.args : [signal]).map(needed => ({ place, item: needed }));
  }
  if (item.source !== undefined) {
    const { instance, port } = item.source;
    const child = place.children.get(instance);
    if (child !== undefined) return [{ place: child, item: portOf(child.module, port) }];
    return [...instance.inputs.values()].filter(value => !isSignal(value)).map(needed => ({ place, item: needed }));
  }
  if (item.kind === 'input') {
    const connection = place.parent?.instance.inputs.get(item.name);
    return place.parent === undefined || connection === undefined || isSignal(connection)
      ? [] : [{ place: place.parent.place, item: connection }];
  }
  return driverExpressions(item).map(node => ({ place, item: node }));
}

export function portOf(module: Module, name: string): Signal {
  const port = module.ports.find(each => each.signal.name === name);
  if (port === undefined) throw new TypeError(`${module.name} has no port '${name}'`);
  return port.signal;
}

/** How the scalars of a signal lie in it. */
export interface Layout {
  readonly count: number;
  /** Bits of one scalar. */
  readonly width: number;
  /** Of one scalar; undefined for a clock. */
  readonly type: ScalarType | undefined;
}

export function layoutOf(type: ScalarType | VecType | ClockType): Layout {
  if (type.kind === 'clock') return { count: 1, width: 1, type: undefined };
  if (type.kind !== 'vec') return { count: 1, width: type.width, type };
  const inner = layoutOf(type.element);
  return { ...inner, count: type.count * inner.count };
}
