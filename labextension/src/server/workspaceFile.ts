import { type Contents, ServerConnection } from '@jupyterlab/services';

import { SpecError } from './error';

/** The bytes of a file in the user's workspace. Rejects with {@link SpecError} if it can't be read. */
export async function readWorkspaceFile(
  contents: Contents.IManager,
  path: string
): Promise<Uint8Array> {
  // Asked for as text, Jupyter's server refuses a file that is not UTF-8.
  const options = { type: 'file', format: 'base64', content: true } as const;
  const { content, format } = await contents.get(path, options).catch((error: unknown) => {
    throw readable(error);
  });
  return format === 'base64'
    ? Uint8Array.from(atob(String(content)), byte => byte.charCodeAt(0))
    : new TextEncoder().encode(String(content));
}

function readable(error: unknown): unknown {
  if (error instanceof ServerConnection.NetworkError) {
    return new SpecError(SpecError.UNREACHABLE, error.message);
  }
  if (error instanceof ServerConnection.ResponseError) {
    return new SpecError(SpecError.UNREADABLE, error.message, error.response.status);
  }
  return error;
}
