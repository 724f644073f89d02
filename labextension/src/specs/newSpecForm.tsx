import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { TITLE_LENGTH } from '../markdown/title';
import type { SpecTemplate } from '../server/specs';
import { descriptionOf, labelOf } from './templates';

/** The user's choices for a new spec. */
export interface NewSpecChoice {
  readonly title: string;
  readonly template: SpecTemplate;
}

/** The body of the dialog that asks for a title and a template. */
export class NewSpecForm extends ReactWidget implements Dialog.IBodyWidget<NewSpecChoice> {
  private titleTyped = '';
  private chosen = 0;

  /** There has to be a template. */
  constructor(
    private readonly templates: readonly SpecTemplate[],
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-NewSpecForm');
  }

  getValue(): NewSpecChoice {
    const title = this.titleTyped.trim() || this.trans.__('Untitled spec');
    return { title, template: this.templates[this.chosen]! };
  }

  protected override render(): JSX.Element {
    const { trans, templates } = this;
    return (
      <>
        <label>
          {trans.__('Title')}
          <input
            className="jp-mod-styled"
            maxLength={TITLE_LENGTH}
            placeholder={trans.__('Untitled spec')}
            onChange={event => (this.titleTyped = event.target.value)}
          />
        </label>
        <label>
          {trans.__('Start from')}
          <HTMLSelect
            onChange={event => {
              this.chosen = event.target.selectedIndex;
              this.update();
            }}
          >
            {templates.map(template => (
              <option key={template.name}>{labelOf(template, trans)}</option>
            ))}
          </HTMLSelect>
        </label>
        <span className="jp-NewSpecForm-about" role="status">
          {descriptionOf(templates[this.chosen]!, trans)}
        </span>
      </>
    );
  }
}
