import type { ErrorBody } from '../../contract/errors.ts';
import type {
  HashRequest,
  HashResult,
  RootFacts,
  SampleRequest,
  SampleResults,
  ScanEnd,
  ScanRequest,
} from '../../core/ports/location-files.ts';
import type { ReadHeader } from '../../core/ports/model-header.ts';
import type { PackedBatch } from './packed-batch.ts';

/** Messages between the program and the I/O process of one location (structured clone over the IPC channel). */
export type ToHost =
  /** Before all others: the folder of the location. */
  | { readonly op: 'begin'; readonly root: string }
  | { readonly op: 'probe'; readonly id: number }
  | { readonly op: 'scan'; readonly id: number; readonly request: ScanRequest }
  | { readonly op: 'hash'; readonly id: number; readonly request: HashRequest }
  | { readonly op: 'sample'; readonly id: number; readonly request: SampleRequest }
  | { readonly op: 'read-header'; readonly id: number; readonly relPath: string }
  | { readonly op: 'cancel'; readonly id: number }
  | { readonly op: 'pause-hashing'; readonly paused: boolean };

export type FromHost =
  | { readonly type: 'ready' }
  /** The drive is slow but answers: said while nothing else is. */
  | { readonly type: 'alive' }
  | { readonly type: 'batch'; readonly id: number; readonly batch: PackedBatch }
  | { readonly type: 'results'; readonly id: number; readonly results: readonly HashResult[] }
  | { readonly type: 'samples'; readonly id: number; readonly results: SampleResults }
  | { readonly type: 'sampled'; readonly id: number }
  | { readonly type: 'probed'; readonly id: number; readonly facts: RootFacts }
  | { readonly type: 'scanned'; readonly id: number; readonly end: ScanEnd }
  | { readonly type: 'hashed'; readonly id: number }
  | { readonly type: 'header'; readonly id: number; readonly header: ReadHeader }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorBody['error'] };
