import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  fieldEdit,
  FORM_FIELDS,
  type FormField,
  formValuesOf
} from '../../src/markdown/frontMatterForm';

async function changed(text: string, name: FormField, value: string): Promise<string> {
  const edit = await fieldEdit(text, name, value);
  return edit ? text.slice(0, edit.from) + edit.insert + text.slice(edit.to) : text;
}

const TEXT = `---
# Who and when
title: Churn model   # as in the plan
status: draft
reviewers:
  - Ada
  - "Grace, H"
team: { name: data }
empty:
---

# Churn model
`;

describe('the form', () => {
  it('shows the fields, and says which only the text can show', async () => {
    const { values, textOnly, error } = await formValuesOf(TEXT);
    expect(values).toEqual({
      title: 'Churn model',
      status: 'draft',
      type: '',
      owner: '',
      reviewers: '',
      date: ''
    });
    expect([textOnly, error]).toEqual([['reviewers'], null]);
  });

  it('tells where broken YAML is wrong, and changes nothing in it', async () => {
    const broken = '---\ntitle: a\nstatus: [draft\n---\n';
    const { error, isThere } = await formValuesOf(broken);
    expect(isThere).toBe(true);
    expect(error?.line).toBeGreaterThan(1);
    expect(await fieldEdit(broken, 'title', 'b')).toBeNull();
  });

  it.each([
    ['title', 'Other: model', TEXT.replace('Churn model   #', '"Other: model"   #')],
    ['status', 'approved', TEXT.replace('draft', 'approved')],
    ['status', '', TEXT.replace('status: draft', 'status: ')],
    ['owner', 'Ada', TEXT.replace('empty:\n', 'empty:\nowner: Ada\n')],
    ['status', ' draft ', TEXT]
  ] as const)('makes %s %j and leaves the rest as it is', async (name, value, expected) => {
    expect(await changed(TEXT, name, value)).toBe(expected);
  });

  it.each([
    ['reviewers: [Ada, Grace]\n', 'reviewers: [Ada, Grace, Io]\n'],
    ['reviewers:\n  - Ada\n  - Grace\nx: 1\n', 'reviewers:\n  - Ada\n  - Grace\n  - Io\nx: 1\n'],
    ['reviewers:\n- Ada\n- Grace\n', 'reviewers:\n- Ada\n- Grace\n- Io\n'],
    ['reviewers: Ada, Grace\n', 'reviewers: [Ada, Grace, Io]\n'],
    ['reviewers:\n', 'reviewers: [Ada, Grace, Io]\n'],
    ['', 'reviewers: [Ada, Grace, Io]\n']
  ])('keeps the style of a list: %j', async (before, after) => {
    const text = await changed(`---\n${before}---\n`, 'reviewers', 'Ada, Grace, Io');
    expect(text).toBe(`---\n${after}---\n`);
  });

  it('begins front matter where there is none', async () => {
    expect(await changed('# A title\n', 'status', 'draft')).toBe(
      '---\nstatus: draft\n---\n\n# A title\n'
    );
    expect(await changed('', 'owner', 'Ada')).toBe('---\nowner: Ada\n---\n');
  });

  it('changes one value', async () => {
    const value = fc.oneof(
      fc.constantFrom(
        'draft',
        '2026-11-29',
        'yes',
        '- x',
        'a: b',
        '# c',
        '"q"',
        "it's",
        '[x]',
        '&a',
        '*',
        '数据 🎉',
        '!t',
        '%',
        '`',
        '{',
        'null',
        '~'
      ),
      fc.string({ maxLength: 20 })
    );
    const line = fc.constantFrom(
      'other: 1 # kept',
      '# comment',
      'title: old',
      'status:',
      'owner: "quoted"',
      'date: 2026-01-01',
      'type: |\n  block\n  text',
      'nested:\n  a: [1, 2]',
      ''
    );
    const name = fc.constantFrom(...FORM_FIELDS.filter(each => each !== 'reviewers'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(line, { maxLength: 6 }),
        name,
        value,
        async (lines, field, wanted) => {
          const clean = wanted.replace(/\s+/g, ' ').trim();
          fc.pre(!/[\p{Cc}\p{Cs}\p{Cn}\u2028\u2029\ufeff]/u.test(clean));
          const text = `---\n${lines.map(each => `${each}\n`).join('')}---\nbody\n`;
          const before = await formValuesOf(text);
          fc.pre(before.error === null);
          const after = await formValuesOf(await changed(text, field, clean));
          expect(after.error).toBeNull();
          expect(after.values).toEqual({ ...before.values, [field]: clean });
          const edit = await fieldEdit(text, field, clean);
          const kept = edit ? text.slice(0, edit.from) + text.slice(edit.to) : text;
          lines
            .filter(each => !each.startsWith(field))
            .forEach(each => expect(kept).toContain(each));
        }
      ),
      { numRuns: 300 }
    );
  });
});
