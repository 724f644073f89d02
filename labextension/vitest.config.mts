import { defineConfig } from 'vitest/config';

/** Where `make test` wants the machine-readable report; unset when run by hand. */
const report = process.env['SPECCOLLAB_VITEST_REPORT'];

export default defineConfig({
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    setupFiles: ['tests/kit/seed.ts'],
    // A busy machine is slow, not wrong.
    testTimeout: 120_000,
    // Node can't load these as they are: they import files without their extension, and style sheets.
    server: { deps: { inline: [/@jupyter/, /@microsoft\/fast/] } },
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {})
  }
});
