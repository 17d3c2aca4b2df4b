// The program from its sources, restarted when they change, and the page rebuilt beside it. Ctrl+C ends both.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireCurrentNode, root, run, start } from './run.mjs';

requireCurrentNode();
await run('scripts/build.mjs', ['--quiet', 'web']);
const children = [];
if (existsSync(join(root, 'src/web/index.html'))) {
  const outDir = join(root, 'dist/web');
  children.push(
    start('vite', ['build', '--watch', '--config', 'src/web/vite.config.ts', '--outDir', outDir, '--logLevel', 'warn']),
  );
}
const entry = join(root, 'src/app/entries/weightroom.ts');
const options = ['--watch', '--watch-preserve-output', entry, 'serve', '--no-open', '--demo-when-empty'];
children.push(spawn(process.execPath, [...options, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }));

const stop = () => {
  for (const child of children) child.kill();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
