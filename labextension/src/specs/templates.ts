import type { TranslationBundle } from '@jupyterlab/translation';

import type { SpecTemplate } from '../server/specs';
import { codePointLength } from '../text';

/** The first text of a new spec, and where its author begins to write. */
export interface FirstText {
  readonly content: string;
  /** In code points; `null` where the template does not say. */
  readonly caret: number | null;
}

/** What is known of a new spec. What is empty is left out of its front matter. */
export interface NewSpecFacts {
  readonly title: string;
  readonly owner?: string | undefined;
  /** The path of the notebook that the spec belongs to. */
  readonly notebook?: string | undefined;
  /** As `2026-11-29`. */
  readonly date?: string | undefined;
}

/** Where a server has no templates. */
export const BLANK: SpecTemplate = {
  name: 'blank',
  label: '',
  description: '',
  type: '',
  content: '# {{title}}\n\n{{here}}\n'
};

const FRONT = /^---\n[^]*?\n---\n/;
/** A text that YAML reads as it is written, also if it is long or has blanks. */
const PLAIN = /^[A-Za-z0-9][\w .-]*$/;

/** The text that a template makes of what is known of a new spec. */
export function firstText({ content }: SpecTemplate, facts: NewSpecFacts): FirstText {
  const text = withNotebook(content, facts.notebook);
  const front = FRONT.exec(text)?.[0] ?? '';
  const filled =
    front
      .split('\n')
      .flatMap(line => filledLine(line, facts))
      .join('\n') +
    text.slice(front.length).replace(MARK, (_, name: string) => valueOf(name, facts));
  const here = filled.indexOf(HERE);
  return {
    content: filled.replaceAll(HERE, ''),
    caret: here < 0 ? null : codePointLength(filled.slice(0, here))
  };
}

const MARK = /\{\{(title|owner|notebook|date)\}\}/g;
const HERE = '{{here}}';

/** A spec that belongs to a notebook names it in its front matter, whatever the template has. */
function withNotebook(content: string, notebook: string | undefined): string {
  if (!notebook || content.includes('{{notebook}}')) {
    return content;
  }
  const line = 'notebook: {{notebook}}\n';
  return FRONT.test(content)
    ? content.replace(/^---\n/, `---\n${line}`)
    : `---\n${line}---\n\n${content}`;
}

/** A line of the front matter; none if it names what is not known. */
function filledLine(line: string, facts: NewSpecFacts): readonly string[] {
  const names = [...line.matchAll(MARK)].map(([, name = '']) => name);
  const isKnown = names.every(name => valueOf(name, facts) !== '');
  return isKnown ? [line.replace(MARK, (_, name: string) => inYaml(valueOf(name, facts)))] : [];
}

function valueOf(name: string, facts: NewSpecFacts): string {
  return facts[name as keyof NewSpecFacts] ?? '';
}

function inYaml(value: string): string {
  return PLAIN.test(value) ? value : JSON.stringify(value);
}

/** What a template is called in the user's language; one of an admin as the admin calls it. */
export function labelOf({ name, label }: SpecTemplate, trans: TranslationBundle): string {
  return textsOf(trans)[name]?.[0] ?? label;
}

/** What a template is for. */
export function descriptionOf(
  { name, description }: SpecTemplate,
  trans: TranslationBundle
): string {
  return textsOf(trans)[name]?.[1] ?? description;
}

function textsOf(trans: TranslationBundle): Readonly<Record<string, readonly [string, string]>> {
  return {
    blank: [trans.__('Blank'), trans.__('A title, and nothing else')],
    feature: [
      trans.__('Feature'),
      trans.__('What is built, for whom, and how one sees that it is done')
    ],
    decision: [
      trans.__('Decision record'),
      trans.__('One decision, with what led to it and what follows')
    ],
    'data-contract': [
      trans.__('Data contract'),
      trans.__('What a table promises to those who use it')
    ],
    'test-plan': [
      trans.__('Test plan'),
      trans.__('What is tested, how, and when it is good enough')
    ],
    experiment: [
      trans.__('Experiment'),
      trans.__('A question, how it is answered, and what was found')
    ],
    'spec-kit': [
      trans.__('Spec Kit'),
      trans.__('spec.md as the tools of GitHub’s Spec Kit read it')
    ],
    openspec: [
      trans.__('OpenSpec change'),
      trans.__('New requirements as the tools of OpenSpec read them')
    ]
  };
}
