import tseslint from 'typescript-eslint';

/** The arrows of the house: a room may import only the rooms named here. */
const arrows = {
  hdl: [],
  golden: [],
  system: [],
  generators: ['hdl'],
  testbench: ['generators', 'golden', 'system'],
  synth: ['generators', 'system'],
  cli: ['hdl', 'generators', 'golden', 'system', 'testbench', 'synth'],
};
const rooms = Object.keys(arrows);

const arrowRule = (room, allowed) => ({
  files: [`${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        ...rooms.filter(other => other !== room && !allowed.includes(other)).concat('examples', 'bench').map(other => ({
          regex: `^(\\.\\./)+${other}/`,
          message: `${room}/ must not import ${other}/ (allowed: ${allowed.join(', ') || 'nothing'}).`,
        })),
      ],
    }],
  },
});

export default tseslint.config(
  { ignores: ['dist/**', 'build/**', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      // An interface may be recursive where a Record may not.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // Overflows its stack on recursive types (typescript-eslint 8.73).
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  ...Object.entries(arrows).map(([room, allowed]) => arrowRule(room, allowed)),
);
