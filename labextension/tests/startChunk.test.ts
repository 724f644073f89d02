// @vitest-environment node
/** What JupyterLab loads of this extension when it starts: the plugins, and what they import statically. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { importsOf, packageOf, staticClosure } from './kit/staticImports';

const SOURCES = resolve(__dirname, '../src');
const ENTRY = join(SOURCES, 'index.ts');

/** Packages that come with the plugins, besides those that JupyterLab has. Each of them costs every start. */
const BUNDLED = ['@lezer/markdown', 'idb'];
/** Bytes of source that the plugins may consist of: a bound that only something large goes beyond. */
const MOST = 1_700_000;

interface Manifest {
  readonly jupyterlab: {
    readonly singletonPackages?: readonly string[];
    readonly sharedPackages?: Readonly<Record<string, false | { readonly bundled?: boolean }>>;
  };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly resolutions?: Readonly<Record<string, string>>;
}

function manifest(path: string): Manifest {
  return JSON.parse(readFileSync(resolve(__dirname, '..', path), 'utf8')) as Manifest;
}

/** The packages that the bundle takes from JupyterLab, as `@jupyter/builder` reckons. */
function sharedWithJupyterLab(): ReadonlySet<string> {
  const core = manifest('node_modules/@jupyterlab/core-meta/core.package.json');
  const own = manifest('package.json').jupyterlab.sharedPackages ?? {};
  return new Set([
    ...Object.keys({ ...core.dependencies, ...core.resolutions }),
    ...(core.jupyterlab.singletonPackages ?? []),
    ...Object.keys(own).filter(name => own[name] !== false && own[name]?.bundled === false)
  ]);
}

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter(path => /\.tsx?$/.test(path))
  .map(path => join(SOURCES, path));
const start = staticClosure(ENTRY);

/** How the plugins come to import something, from it up to the entry. */
function wayTo(imported: string): string {
  const way: string[] = [];
  for (let at: string | null = imported; at !== null; at = start.get(at) ?? null) {
    way.push(at.startsWith(SOURCES) ? relative(SOURCES, at) : at);
  }
  return way.join(' <- ');
}

describe('what JupyterLab loads of the extension when it starts', () => {
  it('holds nothing that is loaded later somewhere', () => {
    const late = [...new Set(files.flatMap(path => importsOf(path).late))];
    expect(late.length).toBeGreaterThan(10);
    expect(late.filter(each => start.has(each)).map(wayTo)).toEqual([]);
  });

  it('holds no package but those that JupyterLab has, and few others', () => {
    const shared = sharedWithJupyterLab();
    const packages = [...start.keys()].filter(each => !each.startsWith(SOURCES));
    expect(packages.length).toBeGreaterThan(10);
    const others = packages.filter(
      each => !shared.has(packageOf(each)) && !BUNDLED.includes(packageOf(each))
    );
    expect(others.map(wayTo)).toEqual([]);
  });

  it.each([
    'history/contents.ts',
    'history/compare/comparison.ts',
    'history/authors/specAuthors.ts',
    'history/slider/versions.ts',
    'preview/preview.ts',
    'sharing/dialog.tsx',
    'specs/listView.tsx',
    'specs/trashView.tsx',
    'specs/newSpecForm.tsx',
    'rescue/rescueView.tsx',
    'notebook/specChooser.tsx',
    'editor/formatting/htmlMarkdown.ts',
    'threads/sidebar/commentsView.ts',
    'threads/margin/margin.ts'
  ])('does not hold %s', name => {
    const path = [join(SOURCES, name), join(SOURCES, `${name}x`)].find(each =>
      files.includes(each)
    );
    expect(path, `${name} is not there`).toBeDefined();
    expect(start.has(path!) ? wayTo(path!) : null).toBeNull();
  });

  it('is not large', () => {
    const sizes = [...start.keys()]
      .filter(each => each.startsWith(SOURCES))
      .map(each => statSync(each).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST);
  });
});
