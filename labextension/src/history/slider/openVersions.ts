import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type IEditorLanguageRegistry, jupyterTheme } from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';

import { MARKDOWN, withFrontMatter } from '../../document/markdownLanguage';
import { browserEnvironment } from '../../runtime';
import type { SpecServer } from '../../server/server';
import { KnownPeople } from '../knownPeople';
import { idOf, VersionsPane } from './versionsPane';
import { Versions } from './versions';

export interface VersionsContext {
  readonly app: JupyterFrontEnd;
  readonly server: SpecServer;
  readonly languages: IEditorLanguageRegistry;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
}

/** Shows the versions of a spec in the main area, from one of them on. */
export async function openVersions(
  { app, server, languages, trans, locale }: VersionsContext,
  specId: string,
  title: string,
  version: number | null
): Promise<void> {
  const { shell, commands } = app;
  for (const widget of shell.widgets('main')) {
    if (widget.id === idOf(specId) && widget instanceof VersionsPane) {
      if (version !== null) {
        widget.showVersion(version);
      }
      shell.activateById(widget.id);
      return;
    }
  }
  const language = await withFrontMatter(languages).getLanguage(MARKDOWN);
  const connection = server.connect(specId);
  const people = new KnownPeople(() => connection.state.users);
  const versions = new Versions({
    specId,
    operations: server.operations,
    history: server.history,
    people,
    clock: browserEnvironment,
    version
  });
  const pane = new VersionsPane({
    connection,
    commands,
    versions,
    people,
    trans,
    locale,
    title,
    extensions: [jupyterTheme, language?.support ?? []]
  });
  shell.add(pane, 'main', { mode: 'tab-after', type: 'Spec' });
  shell.activateById(pane.id);
}
