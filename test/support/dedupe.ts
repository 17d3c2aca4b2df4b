import { existingRelPath } from '../../src/core/paths/rel-path.ts';
import { createDedupeFeature } from '../../src/features/dedupe/dedupe-feature.ts';
import type { DedupePorts } from '../../src/features/dedupe/dedupe-ports.ts';
import { hashFiles } from '../../src/features/hashing/hash-files.ts';
import type { TestEngine } from './engine.ts';

let last = 0;

/** The feature as the program puts it together, over an engine of a test. */
export function createTestDedupe(engine: TestEngine, ports: Partial<DedupePorts> = {}) {
  return createDedupeFeature({
    registry: engine.registry,
    catalog: engine.catalog,
    events: engine.events,
    clock: engine.clock,
    pacer: engine.pacer,
    workers: 2,
    createAbort: () => new AbortController(),
    newId() {
      last += 1;
      return `scan${String(last).padStart(4, '0')}`;
    },
    checkedRelPath: (relPath) => existingRelPath(relPath, 'posix'),
    refresh: (slot, folder) => engine.refresh(slot.definition.id, { folder }),
    hashFiles: (files, options) => hashFiles(engine.hashing, files, options),
    execute: async () => Promise.reject(new Error('nothing is executed here')),
    ...ports,
  });
}
