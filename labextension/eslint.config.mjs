import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import typescript from 'typescript-eslint';

/** Lowest first: a layer may import the ones before it, never one behind it. */
const LAYERS = ['text', 'protocol', 'sync', 'presence', 'keeping', 'session', 'editor'];
const JUPYTERLAB = ['@jupyterlab/*', '@jupyter-widgets/*', '@lumino/*', 'react', 'react-dom'];
const CODEMIRROR = ['@codemirror/*', '@lezer/*'];

const zones = LAYERS.map((layer, index) => ({
  target: `./src/${layer}`,
  from: './src',
  except: LAYERS.slice(0, index + 1).map(name => `./${name}`),
  message: `The order of imports is ${LAYERS.join(' ← ')} ← panels ← index.`
}));

/** Keeps packages out of one layer. */
function without(layer, packages) {
  return {
    files: [`src/${layer}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: packages, message: `src/${layer} has to run without them.` }] }
      ]
    }
  };
}

export default typescript.config(
  { ignores: ['lib/', 'node_modules/'] },
  js.configs.recommended,
  typescript.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname }
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.check.json' })]
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      eqeqeq: 'error'
    }
  },
  ...LAYERS.filter(layer => layer !== 'editor').map(layer =>
    without(layer, [...JUPYTERLAB, ...CODEMIRROR])
  ),
  without('editor', JUPYTERLAB),
  { files: ['**/*.mts'], extends: [typescript.configs.disableTypeChecked] }
);
