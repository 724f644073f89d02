import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { readAs } from '../markdown/encoding';
import { encodingName, tellingLines } from './encodingText';

export interface EncodingQuestion {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** The encodings to choose from, the most probable one first. */
  readonly encodings: readonly string[];
  readonly trans: TranslationBundle;
}

/** Asks how a file is encoded that is not UTF-8; resolves to its text, or to `null` if the user cancels. */
export async function askEncoding(question: EncodingQuestion): Promise<string | null> {
  const { fileName, trans } = question;
  const body = new EncodingForm(question);
  const result = await showDialog<string>({
    title: trans.__('How is “%1” encoded?', fileName),
    body,
    focusNodeSelector: 'select',
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Open') })
    ]
  });
  return result.button.accept ? readAs(question.bytes, body.getValue()) : null;
}

class EncodingForm extends ReactWidget implements Dialog.IBodyWidget<string> {
  private chosen: string;

  constructor(private readonly question: EncodingQuestion) {
    super();
    this.addClass('jp-SpecEncoding');
    this.chosen = question.encodings[0] ?? '';
  }

  getValue(): string {
    return this.chosen;
  }

  protected override render(): JSX.Element {
    const { bytes, encodings, trans } = this.question;
    const { chosen } = this;
    return (
      <>
        <p>
          {trans.__(
            'This file is not in UTF-8. It looks like %1. Choose another encoding if letters below are wrong.',
            encodingName(encodings[0] ?? '', trans)
          )}
        </p>
        <label>
          {trans.__('Open it as')}
          <HTMLSelect
            value={chosen}
            onChange={event => {
              this.chosen = event.target.value;
              this.update();
            }}
          >
            {encodings.map(each => (
              <option key={each} value={each}>
                {encodingName(each, trans)}
              </option>
            ))}
          </HTMLSelect>
        </label>
        <pre
          tabIndex={0}
          role="region"
          aria-label={trans.__('Lines of the file as they would be read')}
        >
          {tellingLines(readAs(bytes, chosen) ?? '')}
        </pre>
        <p>{trans.__('The file stays as it is. The spec that is made of it is in UTF-8.')}</p>
      </>
    );
  }
}
