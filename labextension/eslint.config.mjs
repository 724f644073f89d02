import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import typescript from 'typescript-eslint';

/** From lowest to highest: a layer may import itself and the layers before it. */
const LAYERS = [
  'text',
  'markdown',
  'runtime',
  'protocol',
  'sync',
  'presence',
  'keeping',
  'session',
  'editor',
  'server',
  'ui'
];
/** Panels may import every layer, and no other panel than these. */
const PANELS = {
  attachments: [],
  preview: ['attachments'],
  people: [],
  outline: [],
  document: ['attachments', 'outline', 'people', 'preview'],
  frontMatter: ['document'],
  history: ['document', 'outline', 'preview'],
  rescue: [],
  sharing: [],
  notebook: ['document'],
  specs: ['sharing'],
  status: ['document'],
  threads: ['document', 'outline', 'preview']
};
/** These may import JupyterLab; the layers below them have to run without it. */
const JUPYTERLAB_LAYERS = ['server', 'ui'];
/** These have to run without JupyterLab, and therefore without a translator. */
const SPEECHLESS = LAYERS.filter(layer => !JUPYTERLAB_LAYERS.includes(layer));
const JUPYTERLAB = ['@jupyterlab/*', '@jupyter-widgets/*', '@lumino/*', 'react', 'react-dom'];
const CODEMIRROR = ['@codemirror/*'];
const LEZER = ['@lezer/*'];
/** Which of the editor's packages a layer below JupyterLab's own may not import; the others none of them. */
const EDITOR_PACKAGES = { editor: [], markdown: CODEMIRROR };

/** Lets the folder `target` import only itself and `allowed`. */
function zone(target, allowed) {
  return {
    target: `./src/${target}`,
    from: './src',
    except: [target, ...allowed].map(name => `./${name}`),
    message:
      `The order of imports is ${LAYERS.join(' ← ')} ← panels ← index; ` +
      'PANELS in eslint.config.mjs lists which panels may import another one.'
  };
}

const zones = [
  // Plugins get each other's services by the tokens.
  ...LAYERS.map((layer, index) =>
    zone(layer, [...LAYERS.slice(0, index), ...(layer === 'server' ? ['tokens.ts'] : [])])
  ),
  ...Object.entries(PANELS).map(([panel, others]) =>
    zone(panel, [...LAYERS, ...others, 'tokens.ts'])
  ),
  zone('tokens.ts', LAYERS)
];

/** Letters that a user would read. */
const WORDS = '/[A-Za-z]{2}/';
const SHOWN = '/^(ariaLabel|caption|label|placeholder|textContent|title)$/';
const READ = '/^(alt|aria-label|label|placeholder|title)$/';
const UNTRANSLATED = 'What users read goes through the translator: trans.__(…).';

/** Words in the code that users would read untranslated. Plugins' descriptions are for administrators. */
const untranslated = [
  `JSXText[value=${WORDS}]`,
  `:matches(JSXAttribute[name.name=${READ}], JSXAttribute[name.name=${READ}] > JSXExpressionContainer) > Literal[value=${WORDS}]`,
  `AssignmentExpression[left.property.name=${SHOWN}] > Literal.right[value=${WORDS}]`,
  `Property[key.name=${SHOWN}] > Literal.value[value=${WORDS}]`,
  `CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^(aria-label|title|placeholder)$/] > Literal:nth-child(2)[value=${WORDS}]`
].map(selector => ({ selector, message: UNTRANSLATED }));

/**
 * Sentences in the layers that have no translator: messages of theirs carry a code, and `ui/messageText.ts` has the
 * words. What is thrown or logged is for developers.
 */
const sentences = {
  selector:
    'Literal[value=/^[A-Z“][^ ]* .*[.!?…]$/]' +
    ':not(NewExpression > Literal):not(CallExpression[callee.object.name="console"] > Literal)',
  message: 'Here stands a code; the words that users read stand in src/ui.'
};

/** Forbids a layer to import these packages. */
function without(layer, packages) {
  return {
    files: [`src/${layer}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: packages, message: `src/${layer} has to run without these packages.` }
          ]
        }
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
      // A promise that nobody waits for goes through `unawaited` of src/ui/failure.ts.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      eqeqeq: 'error'
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    rules: { 'no-restricted-syntax': ['error', ...untranslated] }
  },
  {
    files: SPEECHLESS.map(layer => `src/${layer}/**`),
    rules: { 'no-restricted-syntax': ['error', ...untranslated, sentences] }
  },
  ...SPEECHLESS.map(layer =>
    without(layer, [...JUPYTERLAB, ...(EDITOR_PACKAGES[layer] ?? [...CODEMIRROR, ...LEZER])])
  ),
  { files: ['**/*.mts'], extends: [typescript.configs.disableTypeChecked] }
);
