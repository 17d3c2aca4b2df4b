import type { Handlers } from '../../contract/endpoint.ts';
import type { hashEndpoints } from '../../contract/hashing.ts';
import { relPathOf } from '../../core/catalog/compare-rows.ts';
import { hashKnown, hashStateAt } from '../../core/catalog/folder-hashes.ts';
import { hashKeyOf } from '../../core/catalog/hash-key.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { HashEngine } from './hash-engine.ts';
import type { HashItem } from './hash-queue.ts';
import { HashRun } from './hash-run.ts';
import { filesInScope, priorityOf, type ScopedFile, type ScopePorts } from './hash-scope.ts';

export interface HashingPorts extends ScopePorts {
  readonly engine: HashEngine;
  readonly catalog: CatalogStore;
  readonly clock: Clock;
}

/** Enough to start reading at once; few enough not to hold the event loop. */
const itemsAtOnce = 1_000;

export function createHashingFeature(ports: HashingPorts): Handlers<typeof hashEndpoints> {
  const { engine, clock, catalog } = ports;

  /** Files whose SHA-256 is known as well; only asked when one was wanted. */
  async function withSha256(files: readonly ScopedFile[]): Promise<ReadonlySet<ScopedFile>> {
    const complete = new Set<ScopedFile>();
    for (let from = 0; from < files.length; from += itemsAtOnce) {
      const some = files.slice(from, from + itemsAtOnce);
      const records = await catalog.recallHashes(some.map(({ slot, folder, i }) => hashKeyOf(slot, folder, i)));
      some.forEach((file, k) => {
        if (records[k]?.sha256) complete.add(file);
      });
    }
    return complete;
  }

  return {
    async hash({ scope, sha256, verify, wait }) {
      const startedAt = clock.monotonicMs();
      const run = new HashRun(verify);
      const files = await filesInScope(scope, ports);
      const complete = sha256 ? await withSha256(files) : null;
      const priority = priorityOf(scope);
      let items: HashItem[] = [];
      const { generation } = engine;
      let looked = 0;
      for (const file of files) {
        if (engine.generation !== generation) break;
        const { slot, folder, i } = file;
        const size = folder.files.size(i);
        run.expect(size);
        const isKnown = hashStateAt(folder.hashes, i) === hashKnown && (complete === null || complete.has(file));
        if (isKnown && !verify) run.settle('cached');
        else items.push({ slot, relPath: relPathOf(file), size, sha256, runs: [run] });
        looked += 1;
        if (looked % itemsAtOnce !== 0) continue;
        engine.add(items, priority);
        items = [];
        const pause = ports.pacer.breathe();
        if (pause) await pause;
      }
      if (engine.generation === generation) engine.add(items, priority);
      else
        for (const item of items)
          run.fail(item.slot.definition.id, item.relPath, 'CANCELLED', 'Hashing was cancelled.');
      run.close();
      if (wait) await run.done;
      return run.result(clock.monotonicMs() - startedAt);
    },
    async hashStatus() {
      return engine.status();
    },
    async hashControl({ action }) {
      if (action === 'cancel') engine.cancel();
      else engine.pause(action === 'pause');
      return engine.status();
    },
  };
}
