/** Properties get the same random values in each run of `make test`, and others in each run of `make soak`. */
import { configureGlobal } from 'fast-check';

if (process.env['SPECCOLLAB_PROPERTIES'] !== 'random') {
  configureGlobal({ seed: 1 });
}
