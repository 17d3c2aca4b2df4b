import type { Api } from '../../contract/api.ts';
import { createStore } from '../ui/store.ts';

type CopyInput = Parameters<Api['planCopy']>[0];

/** Files and folders of one location, by name or by the filter of a comparison. */
export type FilesMeant = Pick<CopyInput, 'srcRelPath' | 'srcRelPaths' | 'matching' | 'a' | 'b'>;

export interface CopyRequest {
  readonly kind: 'copy' | 'move';
  readonly src: string;
  readonly dst: string;
  readonly files: FilesMeant;
  /** How many files and bytes it is about, when nothing stands in the way of any of them; null: a plan will tell. */
  readonly plain: { readonly files: number; readonly bytes: number } | null;
}

export interface DeleteRequest {
  readonly kind: 'delete';
  /** Where they may be deleted, as they are written there; several: a person chooses one. */
  readonly choices: readonly { readonly side: string; readonly files: FilesMeant }[];
}

export interface MirrorRequest {
  readonly kind: 'mirror';
  readonly src: string;
  readonly dst: string;
  readonly folder: string;
}

/** What a page asks for; the queue answers with a dialog, or begins at once. */
export type TransferRequest = CopyRequest | DeleteRequest | MirrorRequest;

/** `number` tells two equal requests apart. */
export interface AskedTransfer {
  readonly number: number;
  readonly request: TransferRequest | null;
}

const store = createStore<AskedTransfer>({ number: 0, request: null });

/** True: it takes care of the request, and no dialog is needed. */
type Taker = (request: TransferRequest) => boolean;
const takers = new Set<Taker>();

export function requestTransfer(request: TransferRequest): void {
  for (const take of takers) if (take(request)) return;
  store.set({ number: store.get().number + 1, request });
}

/** Sees each request before it is shown. */
export function takeRequests(taker: Taker): () => void {
  takers.add(taker);
  return () => takers.delete(taker);
}

export function closeRequest(): void {
  store.set({ ...store.get(), request: null });
}

export function useTransferRequest(): AskedTransfer {
  return store.use((asked) => asked);
}
