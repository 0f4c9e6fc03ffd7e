import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{hdl,generators,golden,system,testbench,synth,cli,examples,docs,bench}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
  },
});
