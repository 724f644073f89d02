import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { SpecDocument } from '../document/document';
import { SpecDocuments } from '../document/documents';
import { ISpecDocuments } from '../tokens';
import { DOMAIN } from '../ui/translation';
import { Details } from './details';
import { DetailsForm } from './detailsForm';

const details: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:front-matter',
  description: 'The front matter of specs as a form above the text.',
  autoStart: true,
  requires: [ISpecDocuments],
  optional: [ITranslator],
  activate: (_: JupyterFrontEnd, documents: ISpecDocuments, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const add = ({ content }: SpecDocument) =>
      content.head.insertWidget(0, new DetailsForm(new Details(content.editor), trans));
    if (documents instanceof SpecDocuments) {
      documents.tracker.forEach(add);
      documents.tracker.widgetAdded.connect((_, document) => add(document));
    }
  }
};

export const frontMatterPlugins = [details];
