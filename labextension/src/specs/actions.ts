import { Clipboard, Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { shareDialog } from '../sharing/dialog';
import { SpecError } from '../server/error';
import { sentenceOf } from './empty';
import type { SpecEntry } from '../server/entry';
import { chooseMarkdownFiles, download } from '../ui/files';
import type { SpecList } from './list';
import { cleanText, fileNameOf, titleOf } from '../markdown/title';
import { type NewSpecChoice, NewSpecForm } from './newSpecForm';
import { linkTo, type SpecServer } from '../server/server';
import { startOf } from './templates';

/** What a user does with whole specs. Each asks where it has to, and tells what went wrong. */
export class SpecActions {
  constructor(
    private readonly server: SpecServer,
    private readonly list: SpecList,
    private readonly trans: TranslationBundle
  ) {}

  /** A new spec of the title and template that the user chooses; `null` where they cancel. */
  async create(): Promise<SpecEntry | null> {
    const { trans } = this;
    const result = await showDialog<NewSpecChoice>({
      title: trans.__('New spec'),
      body: new NewSpecForm(trans),
      focusNodeSelector: 'input',
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Create') })
      ]
    });
    if (!result.button.accept || !result.value) {
      return null;
    }
    const { title, template } = result.value;
    return this.add(title, startOf(template, title), template.type);
  }

  /** A spec of this title and text. */
  createOf(title: string, content: string): Promise<SpecEntry | null> {
    return this.add(title, content, '');
  }

  /** Specs of the Markdown files that the user chooses. */
  async importFiles(): Promise<readonly SpecEntry[]> {
    const files = await chooseMarkdownFiles();
    const added: SpecEntry[] = [];
    for (const file of files) {
      const entry = await this.importText(await file.text(), file.name);
      if (entry) {
        added.push(entry);
      }
    }
    return added;
  }

  /** A spec of one file's text. */
  importText(text: string, fileName: string): Promise<SpecEntry | null> {
    const content = cleanText(text);
    return this.createOf(titleOf(content, fileName), content);
  }

  async rename(specId: string): Promise<void> {
    const { trans } = this;
    await this.telling(async () => {
      const { title } = await this.entry(specId);
      const result = await InputDialog.getText({
        title: trans.__('Rename spec'),
        label: trans.__('Title'),
        text: title,
        okLabel: trans.__('Rename')
      });
      const renamed = result.value?.trim();
      if (result.button.accept && renamed && renamed !== title) {
        await this.server.api.update(specId, { title: renamed });
        await this.list.refresh();
      }
    });
  }

  /** Who may do what; what changed meanwhile shows in the list. */
  async share(specId: string): Promise<void> {
    const { trans } = this;
    await this.telling(async () => {
      const { title } = await this.entry(specId);
      const { api } = this.server;
      await shareDialog({ api, specId, title, link: linkTo(specId), trans });
    });
    await this.list.refresh();
  }

  copyLink(specId: string): void {
    Clipboard.copyToSystem(linkTo(specId));
    Notification.success(this.trans.__('Link copied. It opens the spec for whoever may see it.'), {
      autoClose: 3000
    });
  }

  async exportFile(specId: string): Promise<void> {
    await this.telling(async () => {
      const [entry, text] = await Promise.all([
        this.entry(specId),
        this.server.api.document(specId)
      ]);
      download(text.content, fileNameOf(entry.title));
    });
  }

  /** Deletes a spec once the user has confirmed it. */
  async delete(specId: string): Promise<void> {
    const { trans } = this;
    await this.telling(async () => {
      const { title } = await this.entry(specId);
      const result = await showDialog({
        title: trans.__('Delete “%1”?', title),
        body: trans.__(
          'The spec goes with its whole history, for everybody. To keep its text, export it first.'
        ),
        defaultButton: 0,
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.warnButton({ label: trans.__('Delete') })
        ]
      });
      if (result.button.accept) {
        await this.server.api.delete(specId);
        await this.list.refresh();
      }
    });
  }

  private add(title: string, content: string, type: string): Promise<SpecEntry | null> {
    return this.telling(async () => {
      const entry = await this.server.api.create({ title, content, type });
      await this.list.refresh();
      return entry;
    });
  }

  private async entry(specId: string): Promise<SpecEntry> {
    return this.list.find(specId) ?? this.server.api.get(specId);
  }

  /** Runs what talks to the server; its refusal becomes a message, and `null`. */
  private async telling<T>(run: () => Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof SpecError)) {
        throw error;
      }
      Notification.error(sentenceOf(error, this.trans), { autoClose: 8000 });
      return null;
    }
  }
}
