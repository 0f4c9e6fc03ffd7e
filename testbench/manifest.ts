/** The manifest of a generated design, as the generators write it beside the Verilog. */
export interface Manifest {
  readonly schema: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly unit: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly top: string;
  readonly files: readonly string[];
  readonly ports: readonly ManifestPort[];
  readonly clock?: string;
  readonly reset?: string;
  readonly flow: 'stream' | 'valid' | 'none';
  readonly latency?: number;
  readonly interval: number;
  readonly streams: readonly ManifestStream[];
  readonly sources: Readonly<Record<string, string>>;
}
export type ParameterValue = string | number | boolean | readonly number[];
export interface ManifestPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly width: number;
  readonly signed: boolean;
  readonly elements: number;
  readonly elementWidth: number;
  readonly doc: string;
  readonly min?: string;
  readonly max?: string;
}
export interface ManifestStream {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly valid?: string;
  readonly ready?: string;
  readonly payload: readonly string[];
  readonly last?: string;
}
