/** The thread of a transfer process that hashes what its copy thread reads. */
import { workerData } from 'node:worker_threads';
import { type BlockRing, hashBlocks } from '../../platform/hash-workers/block-ring.ts';
import { loadHashers } from '../../platform/hash-workers/hashers.ts';

const { ring } = workerData as { ring: BlockRing };
hashBlocks(ring, await loadHashers());
