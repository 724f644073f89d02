import { foldEffect, unfoldEffect } from '@codemirror/language';
import { type TableOfContents, TableOfContentsModel, TableOfContentsUtils } from '@jupyterlab/toc';
import type { Widget } from '@lumino/widgets';

import { editorOutline, onOutline } from '../editor';
import { onUpdate } from '../editor/updates';
import { inBackground } from '../ui/failure';
import { goToEntry } from './goTo';
import { HEADING_ATTRIBUTE, headingText } from './heading';
import { COUNT_ATTRIBUTE, headingCounts, onHeadingCounts } from './headingCounts';
import type { OutlinedSpec } from './outlined';

/** A heading in JupyterLab's table of contents. */
interface Heading extends TableOfContents.IHeading {
  readonly id: string;
  /** Its number among all entries of the outline. */
  readonly index: number;
}

/** The headings of a spec, for JupyterLab's table of contents. */
export class SpecContents extends TableOfContentsModel<Heading, OutlinedSpec> {
  private readonly ends: (() => void)[];
  private structure: object | null = null;

  constructor(spec: OutlinedSpec, configuration?: TableOfContents.IConfig) {
    super(spec, configuration);
    const { editor } = spec.content;
    this.ends = [
      onOutline(editor, () => this.outlined()),
      onHeadingCounts(editor, () => {
        this.structure = null;
        this.outlined();
      }),
      onUpdate(editor, ({ selectionSet }) => {
        if (selectionSet && this.isActive) {
          this.mark();
        }
      })
    ];
    this.title = spec.title.label;
    spec.title.changed.connect(this.rename, this);
    this.activeHeadingChanged.connect(this.goTo, this);
    this.collapseChanged.connect(this.fold, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.ends.forEach(end => end());
      this.widget.title.changed.disconnect(this.rename, this);
      super.dispose();
    }
  }

  override get isActive(): boolean {
    return super.isActive;
  }

  override set isActive(isActive: boolean) {
    super.isActive = isActive;
    this.structure = null;
    this.outlined();
  }

  override get documentType(): string {
    return 'spec';
  }

  override get supportedOptions(): (keyof TableOfContents.IConfig)[] {
    return ['maximalDepth', 'numberHeaders', 'numberingH1', 'baseNumbering', 'syncCollapseState'];
  }

  protected override getHeadings(): Promise<Heading[] | null> {
    const outline = editorOutline(this.widget.content.editor.state);
    const collapsed = new Set(this.headings.flatMap(({ id, collapsed }) => (collapsed ? id : [])));
    const counts = headingCounts(this.widget.content.editor);
    const headings = outline?.headings.flatMap(index => {
      const entry = outline.entry(index);
      const count = entry && counts.get(entry.id);
      return entry
        ? {
            id: entry.id,
            index,
            level: entry.level,
            text: headingText(entry),
            collapsed: collapsed.has(entry.id),
            dataset: {
              [HEADING_ATTRIBUTE]: entry.id,
              ...(count
                ? { [COUNT_ATTRIBUTE]: String(count.count), 'aria-description': count.label }
                : {})
            }
          }
        : [];
    });
    const filtered = headings && TableOfContentsUtils.filterHeadings(headings, this.configuration);
    return Promise.resolve(filtered?.map((heading, at) => this.known(heading, at)) ?? null);
  }

  /** The heading that was shown at this place, if it is the same: what stays the same is not drawn again. */
  private known(heading: Heading, at: number): Heading {
    const known = this.headings[at];
    const isSame = known && this.isHeadingEqual(known, heading);
    return isSame && known.collapsed === heading.collapsed ? known : heading;
  }

  protected override isHeadingEqual(one: Heading, other: Heading): boolean {
    return (
      super.isHeadingEqual(one, other) &&
      one.id === other.id &&
      one.index === other.index &&
      one.dataset?.[COUNT_ATTRIBUTE] === other.dataset?.[COUNT_ATTRIBUTE]
    );
  }

  /** Nothing is drawn while the panel is hidden. Places that moved change nothing of what is shown. */
  private outlined(): void {
    if (!this.isActive) {
      return;
    }
    const structure = editorOutline(this.widget.content.editor.state)?.structure ?? null;
    if (structure === this.structure) {
      this.mark();
    } else {
      this.structure = structure;
      inBackground(this.refresh().then(() => this.mark()));
    }
  }

  private rename(): void {
    this.title = this.widget.title.label;
  }

  /** Marks the heading in whose section the caret is. */
  private mark(): void {
    const { state } = this.widget.content.editor;
    const indexes = editorOutline(state)?.indexesAt(state.selection.main.head) ?? [];
    const shown = this.headings.findLast(({ index }) => indexes.includes(index));
    this.setActiveHeading(shown ?? null, false);
  }

  private goTo(_: unknown, heading: Heading | null): void {
    const { content } = this.widget;
    const entry = heading && editorOutline(content.editor.state)?.entry(heading.index);
    if (entry) {
      goToEntry(this.widget, entry);
      content.editor.focus();
    }
  }

  /** Folds the section of a heading that is collapsed, where the table's setting says so. */
  private fold(_: unknown, heading: Heading | null): void {
    const { editor } = this.widget.content;
    const outline = editorOutline(editor.state);
    if (!outline || !this.configuration.syncCollapseState) {
      return;
    }
    const effects = (heading ? [heading] : this.headings).flatMap(({ index, collapsed }) => {
      const entry = outline.entry(index);
      const range = entry && outline.foldAt(editor.state, outline.extentOf(entry).from);
      return range ? (collapsed ? foldEffect : unfoldEffect).of(range) : [];
    });
    editor.dispatch({ effects });
  }
}

/** Makes the table of contents of a spec. */
export function contentsFactory(isSpec: (widget: Widget) => boolean): TableOfContents.IFactory {
  return {
    isApplicable: isSpec,
    createNew: (spec, configuration) => {
      const model = new SpecContents(spec as OutlinedSpec, configuration);
      spec.disposed.connect(() => model.dispose());
      return model as unknown as TableOfContents.Model;
    }
  };
}
