import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { type Panel, showPanel, ViewPlugin } from '@codemirror/view';

import { mayEdit } from '../protocol';
import type { SpecConnection } from '../session';

const setShown = StateEffect.define<boolean>();

/** Shows `note` above the text while the user's role does not allow to edit. */
export function readOnlyNote(connection: SpecConnection, note: string): Extension {
  const isShown = () => {
    const { role } = connection.state;
    return role !== null && !mayEdit(role);
  };
  const panel = () => createPanel(note);
  const shown = StateField.define<boolean>({
    create: isShown,
    update: (value, transaction) =>
      transaction.effects.reduce(
        (_, effect) => (effect.is(setShown) ? effect.value : value),
        value
      ),
    provide: field => showPanel.from(field, value => (value ? panel : null))
  });
  const following = ViewPlugin.define(view => {
    const unsubscribe = connection.subscribe(() => {
      if (view.state.field(shown) !== isShown()) {
        view.dispatch({ effects: setShown.of(isShown()) });
      }
    });
    return { destroy: unsubscribe };
  });
  return [shown, following];
}

function createPanel(note: string): Panel {
  const dom = document.createElement('div');
  dom.className = 'cm-specNote';
  dom.setAttribute('role', 'status');
  dom.textContent = note;
  return { dom, top: true };
}
