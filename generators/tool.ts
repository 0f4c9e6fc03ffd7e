import type { Manifest } from '../hdl/index.js';

/** What manifests say made them; the version is that of the package. */
export const tool: Manifest['tool'] = { name: 'narrowgate', version: '0.1.0' };
