// Writes docs/reference from the code, so that it cannot tell another story. `--check` writes nothing and fails with
// the names of the pages that are stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPage } from './reference/cli-page.mjs';
import { errorsPage } from './reference/errors-page.mjs';
import { eventsPage } from './reference/events-page.mjs';
import { httpPage } from './reference/http-page.mjs';
import { settingsPage } from './reference/settings-page.mjs';
import { requireCurrentNode, root } from './run.mjs';

requireCurrentNode();
const folder = join(root, 'docs', 'reference');
const pages = {
  'cli.md': cliPage(),
  'http.md': httpPage(),
  'events.md': eventsPage(),
  'settings.md': settingsPage(),
  'errors.md': errorsPage(),
};

/** Line ends do not count: a checkout on Windows may have others. */
function isCurrent(name, text) {
  const file = join(folder, name);
  return existsSync(file) && readFileSync(file, 'utf8').replaceAll('\r\n', '\n') === text;
}

const stale = Object.entries(pages).filter(([name, text]) => !isCurrent(name, text));
if (process.argv.includes('--check')) {
  const names = stale.map(([name]) => `docs/reference/${name}`).join(', ');
  const verdict =
    stale.length === 0
      ? 'The reference pages say what the code says.\n'
      : `Stale: ${names}. Run \`node scripts/reference.mjs\` and commit what it writes.\n`;
  (stale.length === 0 ? process.stdout : process.stderr).write(verdict);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of stale) writeFileSync(join(folder, name), text);
  process.stdout.write(
    `Wrote ${stale.length} of ${Object.keys(pages).length} reference pages; the rest was current.\n`,
  );
}
