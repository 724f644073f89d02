import { picturesIn } from '../markdown/pictureText';

/** A spec as it is downloaded. */
export interface Exported {
  readonly blob: Blob;
  readonly fileName: string;
  /** How many pictures the text names that the server does not have. */
  readonly missing: number;
}

/**
 * The file of a spec: its Markdown, or, if it has pictures, a ZIP with the Markdown and a folder `attachments` beside
 * it, so that the addresses in the text hold.
 */
export async function exported(
  content: string,
  fileName: string,
  bytesOf: (attachmentId: string) => Promise<Blob>
): Promise<Exported> {
  const paths = new Map(picturesIn(content).map(each => [each.path, each.attachmentId]));
  if (paths.size === 0) {
    const blob = new Blob([content], { type: 'text/markdown;charset=utf-8' });
    return { blob, fileName, missing: 0 };
  }
  const { strToU8, zipSync } = await import('fflate');
  // Pictures are compressed already.
  const files: Record<string, [Uint8Array, { level: 0 | 6 }]> = {
    [fileName]: [strToU8(content), { level: 6 }]
  };
  let missing = 0;
  for (const [path, attachmentId] of paths) {
    try {
      const bytes = await (await bytesOf(attachmentId)).arrayBuffer();
      files[path] = [new Uint8Array(bytes), { level: 0 }];
    } catch {
      missing += 1;
    }
  }
  const blob = new Blob([zipSync(files) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
  return { blob, fileName: fileName.replace(/\.md$/, '.zip'), missing };
}
