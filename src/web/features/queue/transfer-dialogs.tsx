import { useEffect, useRef, useState } from 'react';
import { type AskedTransfer, closeRequest, type TransferRequest } from '../../api/transfer-requests.ts';
import { CopyDialog } from './copy-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { MirrorDialog } from './mirror-dialog.tsx';

/** Longer than a dialog takes to fade out. */
const fadedAfterMs = 300;

/** Number of the request whose dialog is gone, and its plan with it. */
function useGone({ number, request }: AskedTransfer): number {
  const [gone, setGone] = useState(0);
  const isClosed = request === null;
  useEffect(() => {
    if (!isClosed) return;
    const timer = window.setTimeout(() => setGone(number), fadedAfterMs);
    return () => window.clearTimeout(timer);
  }, [isClosed, number]);
  return gone;
}

/** Answers what a page asked for with the plan of it. */
export function TransferDialogs({ asked }: { readonly asked: AskedTransfer }) {
  const { number, request } = asked;
  // The dialog keeps its content while it closes.
  const shown = useRef<TransferRequest | null>(null);
  if (request) shown.current = request;
  const gone = useGone(asked);
  const last = shown.current;
  if (!last || gone === number) return null;
  const common = { isOpen: request !== null, onClose: closeRequest };
  switch (last.kind) {
    case 'copy':
    case 'move':
      return <CopyDialog key={number} request={last} {...common} />;
    case 'delete':
      return <DeleteDialog key={number} request={last} {...common} />;
    case 'mirror':
      return <MirrorDialog key={number} request={last} {...common} />;
  }
}
