import type { Document, Node, YAMLMap, YAMLSeq } from 'yaml';

import { extentOf, frontMatterOf, loadParser, type Yaml } from './frontMatter';

/** The fields that the form above a spec has; other keys of the front matter stay as they are. */
export const FORM_FIELDS = ['title', 'status', 'type', 'owner', 'reviewers', 'date'] as const;
export type FormField = (typeof FORM_FIELDS)[number];

/** What the form shows. */
export interface FormValues {
  /** Whether the text has front matter. */
  readonly isThere: boolean;
  /** The values as one types them; a list with commas between its items. Missing ones are empty. */
  readonly values: Readonly<Record<FormField, string>>;
  /** Fields with a value that only the text can show, such as a list inside of a list. */
  readonly textOnly: readonly FormField[];
  /** Why the front matter can't be read, and the line, from 1. */
  readonly error: { readonly reason: string; readonly line: number } | null;
}

/** Text to put in place of a part of the spec's text, in UTF-16 units. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

const EMPTY: FormValues['values'] = {
  title: '',
  status: '',
  type: '',
  owner: '',
  reviewers: '',
  date: ''
};

/** Reads what the form shows of a text. */
export async function formValuesOf(content: string): Promise<FormValues> {
  const { error } = await frontMatterOf(content);
  const extent = extentOf(content);
  const parser = extent && !error ? await loadParser() : null;
  if (!extent || !parser) {
    return { isThere: extent !== null, values: EMPTY, textOnly: [], error };
  }
  const map = mapOf(parser, extent.block);
  const values = { ...EMPTY };
  const textOnly: FormField[] = [];
  for (const name of FORM_FIELDS) {
    const shown = map && shownText(parser, valueOf(parser, map, name));
    if (shown === null && map !== null) {
      textOnly.push(name);
    }
    values[name] = shown ?? '';
  }
  return { isThere: true, values, textOnly, error: null };
}

/**
 * The edit that makes `value` the value of a field; `null` where it is that already, or only the text can show it.
 *
 * Law (`frontMatterForm.test.ts`, "changes one value"): then the field reads as `value`, and everything else in the
 * front matter, comments and order too, stays as it was.
 */
export async function fieldEdit(
  content: string,
  name: FormField,
  value: string
): Promise<TextEdit | null> {
  const present = await formValuesOf(content);
  const wanted = value.replace(/\s+/g, ' ').trim();
  if (present.error || present.textOnly.includes(name) || present.values[name] === wanted) {
    return null;
  }
  const extent = extentOf(content);
  const parser = await loadParser();
  if (!parser) {
    return null;
  }
  if (!extent) {
    const blank = content === '' || content.startsWith('\n') ? '' : '\n';
    const field = `${name}: ${written(parser, name, wanted, null)}`;
    return { from: 0, to: 0, insert: `---\n${field}\n---\n${blank}` };
  }
  const { block, blockStart } = extent;
  const map = mapOf(parser, block);
  const old = map && valueOf(parser, map, name);
  if (!old) {
    const end = blockStart + block.length;
    return { from: end, to: end, insert: `${name}: ${written(parser, name, wanted, null)}\n` };
  }
  const [from, to] = spanOf(old, block);
  const insert = wanted ? written(parser, name, wanted, parser.isSeq(old) ? old : null, block) : '';
  const space = insert && block[from - 1] === ':' && !insert.startsWith('\n') ? ' ' : '';
  return { from: blockStart + from, to: blockStart + to, insert: space + insert };
}

/** The mapping of a block; `null` if it is empty, or is no mapping in lines that the form could change. */
function mapOf(yaml: Yaml, block: string): YAMLMap | null {
  const document: Document = yaml.parseDocument(block, { schema: 'failsafe', logLevel: 'silent' });
  const { contents } = document;
  return yaml.isMap(contents) && !contents.flow ? contents : null;
}

function valueOf(yaml: Yaml, map: YAMLMap, name: FormField): Node | null {
  const pair = map.items.find(({ key }) => yaml.isScalar(key) && key.value === name);
  return (pair?.value as Node | null | undefined) ?? null;
}

/** A value as one types it; `null` where only the text can show it. */
function shownText(yaml: Yaml, node: Node | null): string | null {
  if (node === null) {
    return '';
  }
  if (yaml.isAlias(node) || ('anchor' in node && node.anchor) || node.tag) {
    return null;
  }
  if (yaml.isScalar(node)) {
    return oneLineOf(String(node.value ?? ''));
  }
  if (yaml.isSeq(node)) {
    const items = node.items.map(item =>
      yaml.isScalar(item) && !item.anchor && !item.tag ? oneLineOf(String(item.value)) : null
    );
    const isPlain = items.every(item => item !== null && item !== '' && !item.includes(','));
    return isPlain && !node.comment ? items.join(', ') : null;
  }
  return null;
}

function oneLineOf(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The place of a value in the block, without what follows it. */
function spanOf(node: Node, block: string): readonly [number, number] {
  const [from, end] = node.range ?? [0, 0];
  const to = from + block.slice(from, end).trimEnd().length;
  return [from, to];
}

/** A value as YAML; a list in the style of the present one. */
function written(
  yaml: Yaml,
  name: FormField,
  value: string,
  list: YAMLSeq | null,
  block = ''
): string {
  if (name !== 'reviewers') {
    return scalar(yaml, value);
  }
  const items = value
    .split(',')
    .map(item => item.trim())
    .filter(Boolean)
    .map(item => scalar(yaml, item, !list || list.flow === true));
  if (!list || list.flow) {
    return `[${items.join(', ')}]`;
  }
  const start = list.range?.[0] ?? 0;
  const indent = start - (block.lastIndexOf('\n', start - 1) + 1);
  return items.map(item => `- ${item}`).join(`\n${' '.repeat(indent)}`);
}

/** A text as a YAML scalar in one line, with quotes where it needs them. */
function scalar(yaml: Yaml, text: string, isInList = false): string {
  const plain = yaml.stringify(text, { lineWidth: 0 }).trimEnd();
  const isOneLine = !plain.includes('\n');
  return isOneLine && !(isInList && /[[\]{},]/.test(plain)) ? plain : JSON.stringify(text);
}
