/** The manifest of a generated design, as the generators write it beside the Verilog. */
export type { Manifest, ManifestPort, ManifestStream, ParameterValue } from '../generators/index.js';
