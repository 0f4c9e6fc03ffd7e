/** The parts of wavedrom 3.7.0 that are used; the package brings no types. */
declare module 'wavedrom' {
  /** XML as nested arrays: tag, attributes, children. Text is put out as it stands, without escaping. */
  export type OnmlNode = [tag: string, attributes: Record<string, string | number>, ...children: (OnmlNode | string)[]];

  export interface WaveLane {
    readonly name: string;
    readonly wave: string;
    readonly data?: readonly string[];
  }

  export interface WaveSource {
    readonly signal: readonly (WaveLane | Record<string, never>)[];
    readonly head?: { readonly text?: string; readonly tock?: number };
    readonly config?: { readonly hscale?: number };
  }

  /** Opaque. `renderAny` writes into it. */
  export interface WaveSkin {
    readonly default: unknown;
  }

  export function renderAny(index: number, source: WaveSource, skin: WaveSkin): OnmlNode;
  export const waveSkin: WaveSkin;
  export const onml: { stringify(node: OnmlNode): string };
}
