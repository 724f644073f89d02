/** The translation domain of all texts of this extension. */
export const DOMAIN = 'jupyter_speccollab';
