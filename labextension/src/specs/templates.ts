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

/** A text that YAML reads as it is written, also if it is long or has blanks. */
const PLAIN = /^[A-Za-z0-9][\w .-]*$/;

/**
 * The first text of a new spec: front matter, the heading, and the template's body.
 *
 * There is no front matter if the template is blank and the spec belongs to no notebook.
 */
export function contentFrom(template: Template, title: string, notebook?: string): string {
  const fields = [
    ...(template.type ? ['status: draft', `type: ${template.type}`] : []),
    ...(notebook ? [`notebook: ${PLAIN.test(notebook) ? notebook : JSON.stringify(notebook)}`] : [])
  ];
  const front = fields.length ? `---\n${fields.join('\n')}\n---\n\n` : '';
  return `${front}# ${title}\n\n${template.body}`;
}
