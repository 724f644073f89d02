import { MainAreaWidget, Printing } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, Toolbar } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { PanelLayout } from '@lumino/widgets';

import type { SpecConnection } from '../session';
import { ModeSwitch } from '../preview/modeSwitch';
import type { SpecPeople } from '../people/specPeople';
import { CommandIDs } from '../ui/commandIds';
import { specIcon } from '../ui/icons';
import type { SpecEditorWidget } from './editorWidget';
import type { EditorWidgetFactory } from './editorWidgetFactory';
import type { Previews } from './previews';
import { unavailableReason } from './unavailable';

/** A spec in the main area: a toolbar above its live editor. */
export class SpecDocument extends MainAreaWidget<SpecEditorWidget> {
  readonly people: SpecPeople;
  private readonly trans: TranslationBundle;

  constructor(
    readonly specId: string,
    name: string,
    factory: EditorWidgetFactory,
    private readonly commands: CommandRegistry,
    previews: Previews | null
  ) {
    const content = factory.create(specId);
    super({ content });
    const { connection } = content;
    const trans = (this.trans = factory.trans);
    this.id = idOf(specId);
    this.addClass('jp-SpecDocument');
    this.title.icon = specIcon;
    this.title.closable = true;
    // The tab's menu finds the spec by it.
    this.title.dataset = { 'spec-id': specId };
    this.name = name;
    this.toolbar.node.setAttribute('aria-label', trans.__('Spec'));
    if (previews) {
      const place = (content.preview = previews.placeFor(content));
      this.toolbar.addItem('preview', new ModeSwitch(place, trans, () => previews.keys));
    }
    const args = { specId, isToolbar: true };
    const button = (id: string) => new CommandToolbarButton({ commands, id, args });
    this.toolbar.addItem('picture', button(CommandIDs.insertPicture));
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    const people = (this.people = factory.peopleIn(content));
    this.toolbar.addItem('people', people.bar);
    const overSource = new PanelLayout();
    content.source.layout = overSource;
    overSource.addWidget(people.edges);
    content.addWidget(people.line);
    people.watch(this.node, content.node);
    this.disposed.connect(() => people.dispose());
    const updateToolbar = () =>
      this.toolbar.setHidden(unavailableReason(connection.state) !== null);
    this.disposed.connect(connection.subscribe(updateToolbar));
    const history = { commands, id: CommandIDs.showHistory, args, label: '' };
    this.toolbar.addItem('history', new CommandToolbarButton(history));
    this.toolbar.addItem('share', button(CommandIDs.share));
  }

  get connection(): SpecConnection {
    return this.content.connection;
  }

  /** What JupyterLab's Print does with it. */
  override [Printing.symbol](): Printing.OptionalAsyncThunk {
    const { commands, specId } = this;
    return this.content.preview && (() => commands.execute(CommandIDs.print, { specId }));
  }

  /** The spec's title, shown in the tab and its tooltip. */
  set name(name: string) {
    this.title.label = name;
    this.title.caption = this.trans.__('%1 (shared spec)', name);
  }
}

/** The id of the widget that shows a spec in the main area; there is at most one for each spec. */
export function idOf(specId: string): string {
  return `jupyter-speccollab:${specId}`;
}
