/** The parts of vcd-stream 1.5.0 that are used; the package brings no types. */
declare module 'vcd-stream/lib/parser.js' {
  import type { Writable } from 'node:stream';

  export interface NativeParser extends Writable {
    readonly change: {
      /** `command` is 14 to 33, see `change-parser.ts`; `value` and `mask` are 0 for scalars. */
      any(listener: (id: string, time: number, command: number, value: bigint, mask: bigint) => void): void;
    };
    getTime(): bigint;
  }
  const createParser: () => NativeParser;
  export default createParser;
}

declare module 'vcd-stream/out/vcd.js' {
  /** The instantiated WebAssembly module; opaque. */
  export interface VcdModule {
    readonly HEAPU8: Uint8Array;
  }
  const createModule: () => Promise<VcdModule>;
  export default createModule;
}

declare module 'vcd-stream/lib/web-vcd-parser.js' {
  import type { Writable } from 'node:stream';
  import type { VcdModule } from 'vcd-stream/out/vcd.js';

  export interface WebParser extends Writable {
    readonly change: {
      /** As of the native parser, but times are bigints and scalars come without value and mask. */
      any(listener: (id: string, time: bigint, command: number, value?: bigint, mask?: bigint) => void): void;
    };
    getTime(): bigint;
  }
  const createParser: (module: VcdModule) => Promise<WebParser>;
  export default createParser;
}
