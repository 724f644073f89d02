import { EditorView } from '@codemirror/view';

/** The style of carets, name flags and selections of others; the users' colours come from the connection. */
export const cursorTheme = EditorView.baseTheme({
  '.cm-specCarets, .cm-specSelections': {
    pointerEvents: 'none'
  },
  // Above the gutter, where a flag is placed if there is no other room.
  '.cm-specCarets': {
    zIndex: '201 !important'
  },
  '.cm-specCaret': {
    borderLeft: '2px solid currentColor',
    marginLeft: '-1px',
    boxSizing: 'border-box'
  },
  '.cm-specCaret::before': {
    content: '""',
    position: 'absolute',
    left: '-4px',
    top: '-2px',
    width: '6px',
    height: '4px',
    backgroundColor: 'currentColor',
    borderRadius: '1px'
  },
  '.cm-specFlag': {
    position: 'absolute',
    boxSizing: 'border-box',
    padding: '0 4px',
    borderRadius: '2px',
    backgroundColor: 'currentColor',
    fontFamily: 'var(--jp-ui-font-family, sans-serif)',
    fontSize: 'var(--jp-ui-font-size0, 11px)',
    lineHeight: '14px',
    height: '14px',
    maxWidth: '16em',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap'
  },
  '.cm-specFlag > span': {
    color: 'white'
  },
  '.cm-specSelection': {
    opacity: 0.25
  }
});
