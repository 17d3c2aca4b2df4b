import { AppError } from '../errors/app-error.ts';
import type { RawReadFile } from '../ports/changing-file-system.ts';
import type { Side } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

export interface ReadHashOptions {
  readonly file: RawReadFile;
  readonly side: Side;
  readonly context: TransferContext;
  readonly relPath: string;
}

/** BLAKE3 of all bytes of an open file. @throws FILE_CHANGED where it changed meanwhile. */
export function readHash({ file, side, context, relPath }: ReadHashOptions): Uint8Array<ArrayBuffer> {
  const before = side(() => file.stat());
  context.blocks.begin();
  for (let position = 0; ; ) {
    context.breathe();
    const block = context.blocks.next();
    const at = position;
    const count = side(() => file.read(block, at));
    if (count === 0) break;
    context.blocks.add(count);
    position += count;
  }
  const digest = context.blocks.digest();
  side(() => {
    const after = file.stat();
    if (after.size === before.size && after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs) return;
    throw new AppError('FILE_CHANGED', `“${relPath}” changed while it was being read.`, {
      hint: 'Try again when nothing writes to it.',
    });
  });
  return digest;
}
