/** The module that the kernel's widget names, and its version: those of `package.json`, which a test compares. */
export const MODULE_NAME = 'jupyter-speccollab';
export const MODULE_VERSION = '0.1.0';
