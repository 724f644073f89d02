import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { SpecDocument } from '../document/document';
import type { Role } from '../protocol';
import { allows } from '../server/roles';
import type { ISpecDocuments } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { told } from '../ui/failure';
import type { Comparisons } from './compare/comparisons';
import { pairOf } from './compare/pair';
import { flagIcon, historyIcon } from './icons';
import type { Labels } from './labels';
import type { HistoryPanel } from './panel';
import type { Restore } from './restore';
import { momentName } from './times';
import { LABEL, VERSION, VERSION_BEFORE } from './versionAttributes';

export interface CommandServices {
  readonly app: JupyterFrontEnd;
  readonly documents: ISpecDocuments;
  readonly panel: HistoryPanel;
  readonly comparisons: Comparisons;
  readonly labels: Labels;
  readonly restore: Restore;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  readonly palette: ICommandPalette | null;
}

/** A version that a command is about. */
interface Target {
  readonly version: number;
  /** The version before its sitting, where it is the end of one. */
  readonly before: number | null;
  readonly label: string | null;
}

/** Adds the commands about the history of the current spec; those of the context menu are about what is under it. */
export function addCommands(services: CommandServices): void {
  addSpecCommands(services);
  addVersionCommands(services);
}

/** The attribute of a spec's tab that holds its id. */
const SPEC_ID = 'data-spec-id';

function isTab(node: HTMLElement): boolean {
  return node.hasAttribute(SPEC_ID);
}

function addSpecCommands(services: CommandServices): void {
  const { app, documents, panel, comparisons, labels, trans, palette } = services;
  const { commands, shell } = app;
  const has = (role: Role) => {
    const { document } = panel;
    return document !== null && allows(document.connection.state.role ?? '', role);
  };
  commands.addCommand(CommandIDs.showHistory, {
    label: args => (args['isToolbar'] ? trans.__('History') : trans.__('History of the Spec')),
    caption: trans.__('Who wrote what, and when; any earlier text'),
    icon: historyIcon,
    isEnabled: args => panel.document !== null || args['isContextMenu'] === true,
    execute: args => {
      const tab = args['isContextMenu'] ? app.contextMenuHitTest(isTab) : undefined;
      const specId = tab?.getAttribute(SPEC_ID);
      if (specId) {
        documents.open(specId);
      }
      shell.activateById(panel.id);
    }
  });
  commands.addCommand(CommandIDs.labelVersion, {
    label: trans.__('Label This Version…'),
    caption: trans.__('Give the text as it is now a name by which everybody finds it'),
    icon: flagIcon,
    isEnabled: () => has('contributor'),
    execute: () => panel.document && labels.add(panel.document.specId)
  });
  const addStep = (id: string, label: string, step: 1 | -1) =>
    commands.addCommand(id, {
      label,
      isEnabled: () => comparisons.tracker.currentWidget !== null,
      execute: () => comparisons.tracker.currentWidget?.content.go(step)
    });
  addStep(CommandIDs.nextDifference, trans.__('Next Change in Comparison'), 1);
  addStep(CommandIDs.previousDifference, trans.__('Previous Change in Comparison'), -1);
  const category = trans.__('Specs');
  for (const command of [
    CommandIDs.showHistory,
    CommandIDs.labelVersion,
    CommandIDs.nextDifference,
    CommandIDs.previousDifference
  ]) {
    palette?.addItem({ command, category });
  }
}

function addVersionCommands(services: CommandServices): void {
  const { app, panel, comparisons, labels, restore, trans, locale } = services;
  const { commands } = app;
  const target = (args: ReadonlyPartialJSONObject) =>
    args['isContextMenu'] ? underMenu(app) : targetOf(args);
  /** The spec that a command is about: that of its argument, else the one whose history is shown. */
  const specOf = ({ specId }: ReadonlyPartialJSONObject) => {
    const { document } = panel;
    return typeof specId !== 'string' || document?.specId === specId
      ? document && { specId: document.specId, document }
      : { specId, document: openDocument(app, specId) };
  };
  const may = (args: ReadonlyPartialJSONObject, role: Role) => {
    const spec = specOf(args);
    // What the role in a spec is that isn't open, the server knows.
    return spec !== null && allows(spec.document?.connection.state.role ?? role, role);
  };
  commands.addCommand(CommandIDs.compareVersions, {
    label: ({ with: other }) =>
      other === 'now'
        ? trans.__('Compare with Now')
        : other === 'other'
          ? trans.__('Compare with Another Version…')
          : trans.__('Show What This Changed'),
    icon: args => (args['with'] === 'before' ? historyIcon : undefined),
    isEnabled: args => target(args) !== null && specOf(args) !== null,
    isVisible: args => args['with'] !== 'before' || target(args)?.before !== null,
    execute: args => {
      const found = target(args);
      const spec = specOf(args);
      if (!found || !spec) {
        return undefined;
      }
      const { specId, document } = spec;
      if (args['with'] === 'other') {
        panel.pick({ version: found.version, name: nameOf(services, found) });
        return undefined;
      }
      const pair =
        args['with'] === 'now'
          ? pairOf(specId, found.version, null)
          : pairOf(specId, found.before ?? Math.max(0, found.version - 1), found.version);
      const title = document?.title.label ?? trans.__('Spec');
      return told(
        () => comparisons.open(pair, title, document?.id ?? null),
        trans.__('The versions could not be compared.'),
        trans
      );
    }
  });
  commands.addCommand(CommandIDs.restoreVersion, {
    label: trans.__('Restore This Version…'),
    caption: trans.__('Bring its text back as a new edit. Admins and owners of the spec may'),
    isEnabled: args => target(args) !== null && may(args, 'admin'),
    execute: args => {
      const found = target(args);
      const specId = specOf(args)?.specId;
      return found && specId
        ? restore.ask(specId, found.version, nameOf(services, found))
        : undefined;
    }
  });
  commands.addCommand(CommandIDs.removeLabel, {
    label: trans.__('Take Label Away'),
    isEnabled: args => Boolean(target(args)?.label) && may(args, 'contributor'),
    execute: args => {
      const found = target(args);
      const specId = specOf(args)?.specId;
      if (found?.label && specId) {
        labels.remove(specId, found.version, found.label);
      }
    }
  });

  function nameOf({ panel: { shown } }: CommandServices, { version, label }: Target): string {
    if (label) {
      return trans.__('“%1”', label);
    }
    const sitting = shown?.state.loaded.find(each => each.toVersion === version);
    return sitting
      ? momentName(Date.parse(sitting.endedAt), Date.now(), locale)
      : trans.__('version %1', version);
  }
}

/** The tab of a spec; `null` where it isn't open. */
function openDocument({ shell }: JupyterFrontEnd, specId: string): SpecDocument | null {
  for (const tab of shell.widgets('main')) {
    if (tab instanceof SpecDocument && tab.specId === specId) {
      return tab;
    }
  }
  return null;
}

function targetOf({ version, before, label }: ReadonlyPartialJSONObject): Target | null {
  return typeof version === 'number'
    ? {
        version,
        before: typeof before === 'number' ? before : null,
        label: typeof label === 'string' ? label : null
      }
    : null;
}

/** The version whose row or label the context menu was opened on. */
function underMenu(app: JupyterFrontEnd): Target | null {
  const node = app.contextMenuHitTest(each => each.hasAttribute(VERSION));
  const before = node?.getAttribute(VERSION_BEFORE) ?? null;
  return node
    ? {
        version: Number(node.getAttribute(VERSION)),
        before: before === null ? null : Number(before),
        label: node.getAttribute(LABEL)
      }
    : null;
}
