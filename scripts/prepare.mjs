// Runs after `npm ci` in a checkout. Without the build tools (`--omit=dev`) or with a build that fails, the
// installation still succeeds: the launcher builds at the first start, or says what is missing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatus, root } from './run.mjs';

const has = (path) => existsSync(join(root, path));
if (
  Number(process.versions.node.split('.')[0]) >= 24 &&
  has('src') &&
  has('node_modules/rolldown') &&
  has('node_modules/vite')
) {
  const status = await exitStatus('scripts/build.mjs', ['--quiet'], { stdout: 'to-stderr' });
  if (status !== 0) process.stderr.write('Weightroom was installed but not built; its first start tries again.\n');
}
