import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { LocationDefinition } from '../../src/core/locations/location-definition.ts';
import type { LocationStore } from '../../src/core/ports/location-store.ts';
import { openLocationDatabase } from '../../src/platform/sqlite/location-database.ts';
import { define } from '../support/engine.ts';
import { createMemoryLocationStore } from '../support/memory-location-store.ts';

interface OpenStore extends LocationStore {
  close(): void;
}

const kinds: readonly {
  readonly title: string;
  readonly isKept: boolean;
  readonly open: (folder: string) => OpenStore;
}[] = [
  { title: 'SQLite', isKept: true, open: (folder) => openLocationDatabase(path.join(folder, 'weightroom.db')) },
  { title: 'memory', isKept: false, open: () => ({ ...createMemoryLocationStore(), close: () => {} }) },
];

for (const { title, isKept, open } of kinds) {
  const inStore = (scenario: string, check: (store: LocationStore, reopen: () => LocationStore) => void): void => {
    test(scenario, () => {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-store-'));
      let store = open(home);
      try {
        check(store, () => {
          store.close();
          store = open(home);
          return store;
        });
      } finally {
        store.close();
        fs.rmSync(home, { recursive: true, force: true });
      }
    });
  };

  describe(`LocationStore, ${title}`, () => {
    const lake: LocationDefinition = {
      ...define('lake', '\\\\nas\\models'),
      name: 'Lake é “x”',
      layout: 'plain',
      drive: 'network',
      allowDelete: true,
    };

    inStore('begins empty', (store) => assert.deepEqual(store.list(), []));

    inStore('gives definitions back in the order they were added', (store) => {
      const all = [define('z', '/z'), lake, define('a', '/a')];
      for (const definition of all) store.save(definition);
      assert.deepEqual(store.list(), all);
    });

    inStore('replaces the definition with the same id in its place', (store) => {
      store.save(define('a', '/a'));
      store.save(lake);
      store.save({ ...define('a', '/a'), name: 'New name', allowDelete: true });
      assert.deepEqual(
        store.list().map(({ id, name, allowDelete }) => [id, name, allowDelete]),
        [
          ['a', 'New name', true],
          ['lake', 'Lake é “x”', true],
        ],
      );
    });

    inStore('one path belongs to one location', (store) => {
      store.save(define('a', '/a'));
      assert.throws(() => store.save(define('b', '/a')));
      assert.deepEqual(store.list(), [define('a', '/a')]);
    });

    inStore('removes by id, also one that is not there', (store) => {
      store.save(define('a', '/a'));
      store.save(lake);
      store.remove('a');
      store.remove('never');
      assert.deepEqual(store.list(), [lake]);
      store.save(define('a', '/a'));
      assert.deepEqual(
        store.list().map(({ id }) => id),
        ['lake', 'a'],
      );
    });

    if (isKept) {
      inStore('all is there when it is opened again', (store, reopen) => {
        store.save(define('a', '/a'));
        store.save(lake);
        assert.deepEqual(reopen().list(), [define('a', '/a'), lake]);
      });
    }
  });
}
