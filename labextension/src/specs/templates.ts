import type { TranslationBundle } from '@jupyterlab/translation';

/** A text that a new spec can start from. */
export interface Template {
  readonly type: string;
  readonly label: string;
  /** The Markdown below the heading with the title. */
  readonly body: string;
}

/** The templates for new specs; the first one is blank. */
export function templates(trans: TranslationBundle): readonly Template[] {
  const sections = (...headings: string[]) => headings.map(heading => `## ${heading}\n`).join('\n');
  return [
    { type: '', label: trans.__('Blank'), body: '' },
    {
      type: 'feature',
      label: trans.__('Feature'),
      body: sections(
        trans.__('Problem'),
        trans.__('Goals'),
        trans.__('Not a goal'),
        trans.__('Design'),
        trans.__('Open questions')
      )
    },
    {
      type: 'decision',
      label: trans.__('Decision record'),
      body: sections(
        trans.__('Context'),
        trans.__('Options'),
        trans.__('Decision'),
        trans.__('Consequences')
      )
    },
    {
      type: 'data-contract',
      label: trans.__('Data contract'),
      body: sections(
        trans.__('Source and owner'),
        trans.__('Schema'),
        trans.__('Quality checks'),
        trans.__('Refresh and retention')
      )
    },
    {
      type: 'test-plan',
      label: trans.__('Test plan'),
      body: sections(
        trans.__('What is tested'),
        trans.__('Cases'),
        trans.__('Data'),
        trans.__('Pass criteria')
      )
    }
  ];
}

/** The first text of a new spec: front matter unless the template is blank, the heading, and its body. */
export function contentFrom(template: Template, title: string): string {
  const front = template.type ? `---\nstatus: draft\ntype: ${template.type}\n---\n\n` : '';
  return `${front}# ${title}\n\n${template.body}`;
}
