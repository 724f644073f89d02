/** The attributes of what shows a version, from which commands of the context menu get it. */
export const VERSION = 'data-spec-version';
export const VERSION_BEFORE = 'data-spec-version-before';
export const LABEL = 'data-spec-version-label';
