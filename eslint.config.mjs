import { existsSync } from 'node:fs';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
const consoleConfig = 'apps/console/tsconfig.json';

/** Style that needs no types. */
const everywhere = {
  'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Named exports only: one name everywhere, found by search.' },
  ],
  eqeqeq: 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'data/', 'coverage/', '.work/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.check.json', ...(existsSync(`${root}/${consoleConfig}`) ? [consoleConfig] : [])],
        tsconfigRootDir: root,
        // Without these two, consistent-type-imports asks for type imports of injected classes, which breaks injection.
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
      },
    },
    rules: {
      ...everywhere,
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A module class of the framework is empty; its decorator is the content.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Numbers in messages and URLs are what templates are for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // `return done()` and `() => done()` for a result nobody reads are everyday shorthand.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Ports are async by contract, also where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Classes that describe a response to OpenAPI are shapes: what is sent is a plain object of that shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // Writing the default of a type parameter out loud is a reader's help.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A third of the time for a warning that editors show anyway; and there are no enums here.
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Generics that appear once document a parsed border (`parse<T>(schema, value): T`).
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['{apps/hub,apps/poller,libs,connectors}/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/cli.ts', '**/main.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.spec.ts', '**/testing/**', 'libs/connector-testing/**', 'test/**'],
    rules: {
      // In a test an absent value fails the test, which is what it is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Answers of a server under test are looked at, not worked with: the expectation is the parser.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['apps/console/**'],
    rules: {
      // The page meets servers older and newer than itself: a word its types do not know is shown, not a crash.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Event handlers of React take async functions; the framework ignores the promise, and so does the reader.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    languageOptions: { globals: globals.node },
    rules: { ...everywhere, '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['*.config.{mjs,ts}', '**/*.config.{mjs,ts}', '**/*.d.mts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
