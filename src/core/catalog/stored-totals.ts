import type { TotalsOf } from '../ports/catalog-store.ts';
import { countKnown } from './folder-hashes.ts';
import { PackedFolder } from './packed-folder.ts';

export const totalsOfStored: TotalsOf = ({ files, hashes }) => {
  try {
    const packed = new PackedFolder(files);
    const bytes = packed.totalBytes();
    if (!Number.isSafeInteger(bytes)) throw new RangeError('sizes of no files');
    return { files: packed.count, bytes, folders: 1, hashedFiles: countKnown(hashes) };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { files: 0, bytes: 0, folders: 1, hashedFiles: 0 };
  }
};
