/** The JavaScript module of the kernel's widget. Name and version equal those in `package.json` (`traits.test.ts`). */
export const MODULE_NAME = 'jupyter-speccollab';
export const MODULE_VERSION = '0.1.0';
