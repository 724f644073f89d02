/* global console, performance, process, URL */
/**
 * What the text costs in the browser's language. Prints figures and asserts nothing; a first argument or
 * SPECCOLLAB_DATA names the directory of the recorded traces.
 *
 *     node bench/text.bench.mjs [DIR]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { build } from 'vite';

const { Text, Operation, apply, compose, diff, fromWire, normalise, toWire, transform } =
  await bundled('../src/text/index.ts');

/** The module as one script, as a page gets it. */
async function bundled(path) {
  const outDir = mkdtempSync(join(tmpdir(), 'text-bench-'));
  const entry = new URL(path, import.meta.url).pathname;
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      rollupOptions: { output: { entryFileNames: 'text.mjs' } }
    }
  });
  const module = await import(pathToFileURL(join(outDir, 'text.mjs')).href);
  rmSync(outDir, { recursive: true });
  return module;
}

/** The least time of one call, in microseconds, over rounds of about a tenth of a second. */
function microseconds(call) {
  let [calls, best] = [1, Infinity];
  for (let round = 0; round < 8; round++) {
    const start = performance.now();
    for (let index = 0; index < calls; index++) {
      call(index);
    }
    const each = (performance.now() - start) / calls;
    best = Math.min(best, each);
    calls = Math.max(1, Math.min(1_000_000, Math.round(100 / Math.max(each, 1e-5))));
  }
  return best * 1000;
}

function report(what, call) {
  const each = microseconds(call);
  const rate = Math.round(1e6 / each).toLocaleString('en');
  console.log(`${what.padEnd(52)} ${each.toFixed(2).padStart(12)} µs ${rate.padStart(14)} /s`);
}

const line = 'A line of a spec, as people write them, with an é in it.\n';
const textOf = length => Text.of(line.repeat(length / line.length + 1).slice(0, length));
const [small, large] = [textOf(20_000), textOf(2_000_000)];
const letter = Operation.of(10_000, 'x');
const other = Operation.of(500, 'abc', -3);
const wire = toWire(letter);

report('fromWire, one insert', () => fromWire(wire, 20_000));
report('toWire, one insert', () => toWire(letter));
report('normalise, one insert', () => normalise(letter));
report('transform, insert against replacement', () => transform(letter, other, 'left'));
report('compose, insert and replacement', () => compose(letter, other));
report('one letter into 20,000 code points', at =>
  small.replace((at * 7919) % 20_000, (at * 7919) % 20_000, 'x')
);
report('one letter into 2,000,000 code points', at =>
  large.replace((at * 7919) % 2_000_000, (at * 7919) % 2_000_000, 'x')
);
report('... and into a string of 2,000,000', () => apply(letter, large.toString()));
report('line and column in 2,000,000', at => large.lineColumnOf((at * 7919) % 2_000_000));
report('UTF-16 index in 2,000,000', at => large.utf16Of((at * 7919) % 2_000_000));
report('Text.of, 2,000,000', () => textOf(2_000_000));
const replacements = Operation.of(...Array.from({ length: 5000 }, () => [198, 'ab', -2]).flat());
const million = textOf(1_000_000);
report('5,000 replacements in 1,000,000', () => million.apply(replacements));
const many = toWire(replacements);
report('fromWire, 10,000 components', () => fromWire(many, 1_000_000));
const [before, after] = [large.toString(), large.toString().replaceAll('spec', 'text')];
report('diff, each of 35,000 lines changed', () => diff(before, after));

const directory = process.argv[2] ?? process.env.SPECCOLLAB_DATA;
if (directory) {
  const packed = readFileSync(join(directory, 'traces', 'automerge-paper.json.gz'));
  const trace = JSON.parse(gunzipSync(packed).toString('utf8'));
  const patches = trace.txns.flatMap(transaction => transaction.patches);
  const start = performance.now();
  let text = Text.of(trace.startContent);
  for (const [position, deleted, inserted] of patches) {
    text = text.apply(Operation.of(position, inserted, -deleted));
  }
  const seconds = (performance.now() - start) / 1000;
  const rate = Math.round(patches.length / seconds).toLocaleString('en');
  const right = text.toString() === trace.endContent ? 'as recorded' : 'NOT as recorded';
  console.log(
    `automerge-paper: ${patches.length} edits in ${seconds.toFixed(2)} s, ${rate} /s, ends ${right}`
  );
}
