import type { CopyRequest, TransferRequest } from '../../api/transfer-requests.ts';

const mostFiles = 100;
const mostBytes = 10 * 1024 ** 3;

/**
 * A copy that nothing stands in the way of begins at once: it overwrites nothing, shows what it does, and can be
 * cancelled. What is large, or may need a choice, is shown as a plan first.
 */
export function isCopiedAtOnce(request: TransferRequest): request is CopyRequest {
  if (request.kind !== 'copy' || request.plain === null) return false;
  const { files, bytes } = request.plain;
  return files > 0 && files < mostFiles && bytes < mostBytes;
}
