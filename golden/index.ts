/** Golden models: the arithmetic of each unit on integers, independent of the HDL and the generators. */
export * from './activation-encoder.js';
export * from './bit-planes.js';
export * from './error.js';
export * from './float-convert.js';
export * from './float-dot.js';
export * from './float-format.js';
export * from './float-mul.js';
export * from './integer-format.js';
export * from './mac-tree.js';
export * from './quantization.js';
export * from './xnor-conv.js';
export * from './xnor-conv-schedule.js';
export * from './xnor-conv-streams.js';
export * from './xnor-dot.js';
