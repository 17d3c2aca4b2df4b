import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentIndex } from '../../src/core/catalog/content-index.ts';
import { createIndexingFeature } from '../../src/features/indexing/indexing-feature.ts';
import { createRefreshRuns } from '../../src/features/indexing/refresh-runs.ts';
import { createGlobMatcher } from '../../src/platform/filesystem/glob-matcher.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { createTestEngine } from '../support/engine.ts';
import { pathsOf } from '../support/index-facts.ts';
import { steadyPacer } from '../support/time.ts';

const ignoreGlobs = ['loras/old', '*.tmp'];

test('a folder that the index leaves out cannot be refreshed by its name, and is told why', async () => {
  const fs = new MemoryFileSystem();
  for (const path of ['.cache/a.pt', '$Recycle.Bin/a.pt', 'loras/old/deep/a.pt', 'x.tmp/a.pt', 'loras/a.pt'])
    fs.file(`/m/${path}`, { size: 1 });
  const engine = createTestEngine({ fs, roots: { local: '/m' } });
  const { refreshIndex } = createIndexingFeature({
    ...engine,
    runs: createRefreshRuns({ ...engine, ignoreGlobs, createAbort: () => new AbortController() }),
    pacer: steadyPacer,
    modelExtensions: [],
    isPending: () => false,
    contents: async ({ index }) => new ContentIndex(index),
    checkedRelPath: (relPath) => relPath,
    absolutePath: (_slot, relPath) => relPath,
    isIgnored: createGlobMatcher(ignoreGlobs),
  });
  const refusals: readonly (readonly [folder: string, message: RegExp])[] = [
    ['.cache', /“\.cache” cannot be refreshed: “\.cache” starts with a dot, and such folders are never read\./],
    ['loras/.git/x', /“\.git” starts with a dot/],
    ['$Recycle.Bin', /“\$Recycle\.Bin” belongs to a system/],
    ['loras/old/deep', /“loras\/old” is left out by IGNORE_GLOBS/],
    ['x.tmp', /“x\.tmp” is left out by IGNORE_GLOBS/],
  ];
  for (const [folder, message] of refusals) {
    await assert.rejects(refreshIndex({ location: 'local', folder, wait: true }), { code: 'INVALID_PATH', message });
  }
  assert.equal(engine.slot('local').index.totals().files, 0, 'nothing was read');
  await refreshIndex({ location: 'local', folder: 'loras', wait: true });
  assert.deepEqual(pathsOf(engine.slot('local').index), ['loras/a.pt']);
});
