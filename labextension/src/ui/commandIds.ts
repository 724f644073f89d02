/** The ids of the commands, for JupyterLab, its menus and other extensions. */
export const CommandIDs = {
  open: 'speccollab:open',
  openBeside: 'speccollab:open-beside',
  openBesideNotebook: 'speccollab:open-beside-notebook',
  openFromAddress: 'speccollab:open-from-address',
  create: 'speccollab:new',
  importFile: 'speccollab:import',
  importFromFileBrowser: 'speccollab:import-from-file-browser',
  share: 'speccollab:share',
  rename: 'speccollab:rename',
  copyLink: 'speccollab:copy-link',
  export: 'speccollab:export',
  delete: 'speccollab:delete',
  undo: 'speccollab:undo',
  redo: 'speccollab:redo',
  refresh: 'speccollab:refresh',
  showRescued: 'speccollab:show-rescued'
} as const;
