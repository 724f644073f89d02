import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as ts from 'typescript';

/** The imports of a file: those that are there when it is, and those that are loaded by `import()`. */
export interface Imports {
  readonly static: readonly string[];
  readonly late: readonly string[];
}

/** What a TypeScript file imports, without types: paths of files, and names of packages with what is below them. */
export function importsOf(path: string): Imports {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = { static: [] as string[], late: [] as string[] };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      found.late.push(target(path, node.arguments[0]!));
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (isOfValues(statement)) {
      found.static.push(target(path, statement.moduleSpecifier!));
    }
    visit(statement);
  }
  return found;
}

/** All that a file imports statically, and what that imports: each path or package with the path that imports it first. */
export function staticClosure(entry: string): ReadonlyMap<string, string | null> {
  const reached = new Map<string, string | null>([[entry, null]]);
  for (const path of reached.keys()) {
    if (existsSync(path)) {
      for (const imported of importsOf(path).static.filter(each => !reached.has(each))) {
        reached.set(imported, path);
      }
    }
  }
  return reached;
}

/** The name of the package of an import: `@noble/hashes` of `@noble/hashes/sha2.js`. */
export function packageOf(imported: string): string {
  return imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Whether something is left of an import or export when types are taken away. */
function isOfValues(
  statement: ts.Statement
): statement is (ts.ImportDeclaration | ts.ExportDeclaration) & { moduleSpecifier: ts.Expression } {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause: clause } = statement;
    const isTyped = clause && ts.isNamedExports(clause) && areTypes(clause.elements);
    return Boolean(statement.moduleSpecifier) && !statement.isTypeOnly && !isTyped;
  }
  if (!ts.isImportDeclaration(statement)) {
    return false;
  }
  const clause = statement.importClause;
  const named = clause?.namedBindings;
  const isTyped = !clause?.name && named && ts.isNamedImports(named) && areTypes(named.elements);
  return !clause?.isTypeOnly && !isTyped;
}

function areTypes(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): boolean {
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}

function target(from: string, specifier: ts.Node): string {
  if (!ts.isStringLiteral(specifier)) {
    throw new Error(`${from} imports something that is not named: ${specifier.getText()}`);
  }
  const { text } = specifier;
  if (!text.startsWith('.')) {
    return text;
  }
  const base = resolve(dirname(from), text);
  const path = [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find(each => existsSync(each));
  if (!path) {
    throw new Error(`${from} imports ${text}, which is not there`);
  }
  return path;
}
