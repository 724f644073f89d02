import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { TITLE_LENGTH } from '../markdown/title';
import { type Template, templates } from './templates';

/** The user's choices for a new spec. */
export interface NewSpecChoice {
  readonly title: string;
  readonly template: Template;
}

/** The body of the dialog that asks for a title and a template. */
export class NewSpecForm extends ReactWidget implements Dialog.IBodyWidget<NewSpecChoice> {
  private readonly choices: readonly Template[];
  private titleTyped = '';
  private chosen = 0;

  constructor(private readonly trans: TranslationBundle) {
    super();
    this.addClass('jp-NewSpecForm');
    this.choices = templates(trans);
  }

  getValue(): NewSpecChoice {
    const title = this.titleTyped.trim() || this.trans.__('Untitled spec');
    return { title, template: this.choices[this.chosen]! };
  }

  protected override render(): JSX.Element {
    const { trans, choices } = this;
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
          <HTMLSelect onChange={event => (this.chosen = event.target.selectedIndex)}>
            {choices.map(({ type, label }) => (
              <option key={type}>{label}</option>
            ))}
          </HTMLSelect>
        </label>
      </>
    );
  }
}
