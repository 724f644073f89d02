import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { BLANK, descriptionOf, firstText, labelOf } from '../../src/specs/templates';

const trans = nullTranslator.load('test');
const template = (content: string) => ({ ...BLANK, name: 'x', content });

describe('the first text of a spec', () => {
  it('is filled in, with the caret where one begins', () => {
    const { content, caret } = firstText(
      template('---\nowner: {{owner}}\ndate: {{date}}\n---\n\n# {{title}}\n\n## Why\n\n{{here}}\n'),
      { title: 'Größe 🎈', owner: 'Ada: "L"', date: '2026-11-29' }
    );
    expect(content).toBe(
      '---\nowner: "Ada: \\"L\\""\ndate: 2026-11-29\n---\n\n# Größe 🎈\n\n## Why\n\n\n'
    );
    expect([...content].slice(0, caret!).join('')).toMatch(/## Why\n\n$/);
  });

  it('has no line in its front matter for what is not known', () => {
    const text = '---\nstatus: draft\nowner: {{owner}}\nnotebook: {{notebook}}\n---\n# {{title}}\n';
    expect(firstText(template(text), { title: 'T' })).toEqual({
      content: '---\nstatus: draft\n---\n# T\n',
      caret: null
    });
  });

  it('names its notebook, whatever the template has', () => {
    const facts = { title: 'T', notebook: 'a: "b".ipynb' };
    const line = 'notebook: "a: \\"b\\".ipynb"\n';
    expect(firstText(BLANK, facts).content).toBe(`---\n${line}---\n\n# T\n\n\n`);
    const front = template('---\nstatus: draft\n---\n# {{title}}\n');
    expect(firstText(front, facts).content).toBe(`---\n${line}status: draft\n---\n# T\n`);
    expect(firstText(BLANK, { title: 'T', notebook: 'a b-1.ipynb' }).content).toContain(
      'notebook: a b-1.ipynb\n'
    );
  });

  it('takes a title with marks in it as it is', () => {
    expect(firstText(BLANK, { title: '$& {{owner}} {{here}}', owner: 'A' }).content).toContain(
      '# $& {{owner}} '
    );
  });
});

it('templates have names in the user’s language, and those of admins their own', () => {
  expect(labelOf({ ...BLANK, label: 'x' }, trans)).toBe('Blank');
  expect(labelOf({ ...BLANK, name: 'incident', label: 'Incident' }, trans)).toBe('Incident');
  expect(descriptionOf({ ...BLANK, name: 'incident', description: 'D' }, trans)).toBe('D');
});
