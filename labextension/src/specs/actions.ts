import { Clipboard, Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { fileNameOf } from '../markdown/fileName';
import { titleOf } from '../markdown/title';
import type { SpecServer } from '../server/server';
import type { SpecOfFile } from '../server/specOfFile';
import { linkTo } from '../server/specLink';
import type { SpecEntry } from '../server/specs';
import { readWorkspaceFile } from '../server/workspaceFile';
import { told } from '../ui/failure';
import { chooseMarkdownFiles, downloadBlob } from '../ui/files';
import type { NewSpecChoice } from './dialogs';
import { exported } from './exportZip';
import type { SpecList } from './list';

/** A new spec, and where its author begins to write; `null` where its template does not say. */
export interface CreatedSpec extends SpecEntry {
  readonly caret: number | null;
}

/** What a user can do with a whole spec. Each action shows its own dialogs, and notifications about errors. */
export class SpecActions {
  constructor(
    private readonly server: SpecServer,
    private readonly list: SpecList,
    private readonly contents: Contents.IManager,
    private readonly files: SpecOfFile,
    /** What this page's user is called. */
    private readonly userName: () => string | undefined,
    private readonly trans: TranslationBundle
  ) {}

  /**
   * Creates a spec with the title and template that the user chooses; `null` if they cancel.
   *
   * With the name of a `notebook`, the spec's front matter names it.
   */
  async create(notebook?: string): Promise<CreatedSpec | null> {
    const { trans } = this;
    const parts = await this.notifying(trans.__('The spec could not be created.'), () =>
      Promise.all([import('./dialogs'), this.server.specs.templates().catch(() => [])])
    );
    if (!parts) {
      return null;
    }
    const [{ BLANK, firstText, NewSpecForm }, known] = parts;
    const templates = known.length ? known : [BLANK];
    const result = await showDialog<NewSpecChoice>({
      title: trans.__('New spec'),
      body: new NewSpecForm(templates, trans),
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
    const { content, caret } = firstText(template, {
      title,
      notebook,
      owner: this.userName(),
      date: new Date().toISOString().slice(0, 10)
    });
    const entry = await this.add(title, content, template.type);
    return entry && { ...entry, caret };
  }

  /** Creates a spec with this title and text. */
  createFrom(title: string, content: string): Promise<SpecEntry | null> {
    return this.add(title, content, '');
  }

  /** Creates specs from Markdown files that the user chooses. */
  async importFiles(): Promise<readonly SpecEntry[]> {
    const files = await chooseMarkdownFiles();
    const added: SpecEntry[] = [];
    for (const file of files) {
      const entry = await this.importFile(
        async () => new Uint8Array(await file.arrayBuffer()),
        file.name
      );
      if (entry) {
        added.push(entry);
      }
    }
    return added;
  }

  /** The spec that a file of the workspace has become, or now becomes. */
  importWorkspaceFile(path: string, fileName: string): Promise<SpecEntry | null> {
    const make = () => this.importFile(() => readWorkspaceFile(this.contents, path), fileName);
    const failed = this.trans.__('“%1” could not be opened as a spec.', fileName);
    return this.notifying(failed, () => this.files.findOrMake(path, make));
  }

  /** Creates a spec from a file, and asks how it is encoded if that is not sure; `null` without a spec. */
  private importFile(read: () => Promise<Uint8Array>, fileName: string): Promise<SpecEntry | null> {
    const failed = this.trans.__('No spec was made of “%1”.', fileName);
    return this.notifying(failed, async () => {
      const text = await this.textOf(await read(), fileName);
      if (text === null) {
        return null;
      }
      const { cleanText } = await import('./dialogs');
      const content = cleanText(text);
      return this.createFrom(await titleOf(content, fileName), content);
    });
  }

  private async textOf(bytes: Uint8Array, fileName: string): Promise<string | null> {
    const { trans } = this;
    const { askEncoding, decode } = await import('./dialogs');
    const decoded = await decode(bytes);
    switch (decoded.kind) {
      case 'text':
        return decoded.text;
      case 'unsure':
        return askEncoding({ fileName, bytes, encodings: decoded.encodings, trans });
      case 'binary':
        Notification.error(
          trans.__(
            'No spec was made of “%1”: it is not a text file, or in an encoding that this browser doesn’t know. Save it as UTF-8, then try again.',
            fileName
          ),
          { autoClose: 8000 }
        );
        return null;
    }
  }

  /** Gives a spec this title. */
  async renameTo(specId: string, title: string): Promise<void> {
    await this.notifying(this.trans.__('The spec could not be renamed.'), async () => {
      await this.server.specs.update(specId, { title });
      await this.list.refresh();
    });
  }

  async rename(specId: string): Promise<void> {
    const { trans } = this;
    await this.notifying(trans.__('The spec could not be renamed.'), async () => {
      const { title } = await this.entry(specId);
      const result = await InputDialog.getText({
        title: trans.__('Rename spec'),
        label: trans.__('Title'),
        text: title,
        okLabel: trans.__('Rename')
      });
      const renamed = result.value?.trim();
      if (result.button.accept && renamed && renamed !== title) {
        await this.server.specs.update(specId, { title: renamed });
        await this.list.refresh();
      }
    });
  }

  /** Shows the dialog for sharing, and refreshes the list afterwards. */
  async share(specId: string): Promise<void> {
    const { trans } = this;
    await this.notifying(trans.__('The spec could not be shared.'), async () => {
      const [{ shareDialog }, { title }] = await Promise.all([
        import('../sharing/dialog'),
        this.entry(specId)
      ]);
      const api = this.server.collaborators;
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
    await this.notifying(this.trans.__('The spec could not be exported.'), async () => {
      const [entry, text] = await Promise.all([
        this.entry(specId),
        this.server.specs.document(specId)
      ]);
      const { blob, fileName, missing } = await exported(
        text.content,
        fileNameOf(entry.title),
        attachmentId => this.server.attachments.bytesOf(specId, attachmentId)
      );
      downloadBlob(blob, fileName);
      if (missing > 0) {
        const { trans } = this;
        Notification.warning(
          trans._n(
            'The file is complete but for %1 picture, which this spec does not have.',
            'The file is complete but for %1 pictures, which this spec does not have.',
            missing
          ),
          { autoClose: 8000 }
        );
      }
    });
  }

  private add(title: string, content: string, type: string): Promise<SpecEntry | null> {
    return this.notifying(this.trans.__('The spec could not be created.'), async () => {
      const entry = await this.server.specs.create({ title, content, type });
      await this.list.refresh();
      return entry;
    });
  }

  private async entry(specId: string): Promise<SpecEntry> {
    return this.list.find(specId) ?? this.server.specs.get(specId);
  }

  /** Resolves to `null` after a failure, which the user has been told of. */
  private notifying<T>(failed: string, run: () => Promise<T>): Promise<T | null> {
    return told(run, failed, this.trans);
  }
}
