/** Where a change of the text came from. */
export type ChangeOrigin = 'remote' | 'local' | 'undo' | 'loaded' | 'merged';
