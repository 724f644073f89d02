/* global console, performance, process, URL */
/**
 * What a letter costs in a long text: CPU milliseconds of the outline and of the preview's blocks, without the editor
 * and the page. Prints figures and asserts nothing.
 *
 *     node bench/typing.bench.mjs [TEXT ...]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'vite';

const ROOT = new URL('../..', import.meta.url).pathname;
const LETTERS = 120;
/** Letters before these, until the engine has compiled what it runs. */
const WARM = 40;

const WORDS = 'the limit of a token is kept by the server that answers each page';
/** `length` units of what `part` makes of a number. */
function repeated(length, part, begin = '') {
  let text = begin;
  for (let index = 0; text.length < length; index++) {
    text += part(index);
  }
  return text;
}

const TEXTS = {
  /** As people write: 655 entries. */
  spec: () => spec(1_000_000),
  /** 15,000 entries. */
  dense: () =>
    repeated(
      1_240_000,
      at => `## FR-${at}: ${WORDS}\n\n- [ ] T${1000 + at} ${WORDS}\n- [x] ${WORDS}\n\n`
    ),
  headings: () => repeated(1_000_000, at => `# ${at % 10 ? at : ''} ${WORDS}\n\n`),
  'one list': () => repeated(1_000_000, at => `- ${at} ${WORDS}\n`),
  'one-letter paragraphs': () => repeated(2_000_000, () => 'a\n\n'),
  'one table': () => repeated(1_000_000, at => `| ${at} | ${WORDS} |\n`, '| a | b |\n|---|---|\n'),
  'one paragraph': () => repeated(1_000_000, () => `${WORDS}\n`),
  'one line': () => repeated(1_000_000, () => 'word '),
  'one block of code': () => repeated(1_000_000, () => `${WORDS}\n`, '```\n'),
  'one quote': () => repeated(1_000_000, () => `> ${WORDS}\n>\n`),
  definitions: () =>
    repeated(1_000_000, at => `See [${at}].\n\n[${at}]: https://example.org/${at}\n\n`)
};

function spec(length) {
  const code = `import sys; from tests.bench.spec_text import spec_of; sys.stdout.write(spec_of(${length}))`;
  const python = process.env.SPECCOLLAB_PYTHON ?? join(ROOT, '.venv/bin/python');
  return execFileSync(python, ['-c', code], { cwd: ROOT, encoding: 'utf8', maxBuffer: Infinity });
}

/** What is measured, as one script. */
async function bundled(sources) {
  const outDir = mkdtempSync(join(ROOT, 'labextension/node_modules/.typing-bench-'));
  const entry = join(outDir, 'entry.ts');
  writeFileSync(entry, sources.map(each => `export * from '${each}';\n`).join(''));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: join(outDir, 'built'),
      rollupOptions: { output: { entryFileNames: 'typing.mjs' } }
    }
  });
  const module = await import(pathToFileURL(join(outDir, 'built/typing.mjs')).href);
  rmSync(outDir, { recursive: true });
  return module;
}

const source = path => new URL(`../src/${path}.ts`, import.meta.url).pathname;
const code = await bundled([
  source('markdown/textParsing'),
  source('markdown/outlineReading'),
  source('preview/blocks'),
  source('preview/blockReader'),
  source('preview/correspondence'),
  source('preview/heights'),
  '@codemirror/state'
]);

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Carries out steps, and notes the longest of them. */
function run(stage, steps, stages) {
  const began = cpu();
  const figures = (stages[stage] ??= { costs: [], longest: 0 });
  for (;;) {
    const start = performance.now();
    const { done, value } = steps.next();
    figures.longest = Math.max(figures.longest, performance.now() - start);
    if (done) {
      figures.costs.push(cpu() - began);
      return value;
    }
  }
}

function told(stages) {
  return Object.entries(stages).map(([stage, { costs, longest }]) => {
    const sorted = costs.toSorted((one, other) => one - other);
    const [half, most] = [sorted[sorted.length >> 1], sorted.at(-1)];
    const figures =
      costs.length > 1 ? `${half.toFixed(2)} (most ${most.toFixed(1)})` : half.toFixed(0);
    return `${stage} ${figures}, step ${longest.toFixed(1)}`;
  });
}

function measure(name) {
  let doc = code.Text.of(TEXTS[name]().split('\n'));
  const origin = {};
  const first = {};
  let letters = {};
  const reader = new code.BlockReader();
  let blocks = code.NO_BLOCKS;
  let heights = new code.Heights([]);
  const reading = (known, stages) => {
    const text = run('parse', code.parseInSteps(doc, { known, origin }), stages);
    run('outline', code.outlineInSteps(text), stages);
    const read = run('blocks', reader.read(text), stages);
    run('list', listed(read), stages);
    return text;
  };
  /** What the list of the preview does besides the page. */
  function* listed(read) {
    heights = heights.after(read, new code.BlockCorrespondence(blocks, read));
    blocks = read;
    yield;
    return heights.total;
  }
  let text = reading(undefined, first);
  for (let index = 0; index < WARM + LETTERS; index++) {
    letters = index === WARM ? {} : letters;
    // Not in the first lines: a letter there makes something else of a table.
    const place = Math.floor(doc.length * (0.02 + 0.96 * ((index * 0.37 + 0.5) % 1)));
    const at = doc.lineAt(place).to;
    doc = doc.replace(at, at, code.Text.of(['x']));
    const began = cpu();
    const range = { fromA: at, toA: at, fromB: at, toB: at + 1 };
    const known = code.unchanged(text, [range]);
    (letters.known ??= { costs: [], longest: 0 }).costs.push(cpu() - began);
    text = reading(known, letters);
    (letters.all ??= { costs: [], longest: 0 }).costs.push(cpu() - began);
  }
  console.log(
    `${name}: ${doc.length} units, ${text.chunks.length} chunks, ${code.outlineOf(text).count} entries, ${blocks.length} blocks`
  );
  console.log(`  first   ${told(first).join('; ')}`);
  console.log(`  letter  ${told(letters).join('; ')}`);
}

console.log(
  `CPU milliseconds, median and most of ${LETTERS} letters; load ${loadavg()[0].toFixed(1)}`
);
for (const name of process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(TEXTS)) {
  measure(name);
}
