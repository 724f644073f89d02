import { ESLint } from 'eslint';

/** The rules that a file at this path with this `code` would break; those that need types are left out. */
export async function brokenRules(filePath: string, code: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    overrideConfig: {
      languageOptions: { parserOptions: { project: null } },
      rules: {
        '@typescript-eslint/no-floating-promises': 'off',
        '@typescript-eslint/no-misused-promises': 'off',
        '@typescript-eslint/switch-exhaustiveness-check': 'off'
      }
    }
  });
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map(({ ruleId }) => ruleId);
}
