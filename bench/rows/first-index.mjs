import { timeAgainst } from '../measure/bars.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, runWeightroom } from '../weightroom.mjs';

/** Rows 1 and 2: from nothing to an index of one side, against programs that list the same files. */
export async function firstIndex(bench, { isCold }) {
  const { library, rounds, say } = bench;
  const contenders = [
    ourFirstIndex(library),
    ...bench.withPeer('find', (path) =>
      listing('find -printf', [path, library.local, '-type', 'f', '-printf', '%s %T@ %P\\n'], library),
    ),
    ...bench.withPeer('fd', (path) =>
      listing('fd, names and sizes', [path, '-u', '-t', 'f', '-S', '+0b', '.', library.local], library),
    ),
    ...bench.withPeer('rclone', (path) => rcloneListing(path, library)),
  ];
  const results = await race(contenders, { rounds, isCold, say });
  const bars = isCold
    ? [
        timeAgainst(results, { level: 'must', peer: 'fd, names and sizes', atMost: 1 }),
        timeAgainst(results, { level: 'aim', peer: 'fd, names and sizes', atMost: 0.7 }),
      ]
    : [
        timeAgainst(results, { level: 'must', peer: 'rclone lsjson', atMost: 1 }),
        timeAgainst(results, { level: 'aim', peer: 'find -printf', atMost: 1.3 }),
      ];
  return { results, bars };
}

function ourFirstIndex({ local, truth }) {
  let appData;
  return {
    name: 'weightroom index refresh',
    isOurs: true,
    before() {
      appData = freshAppData();
    },
    run: () => runWeightroom(['index', 'refresh', 'local'], { appData, local }),
    check: ({ locations: [found] }) => checkIndex(found, truth.local),
    after: () => dropAppData(appData),
  };
}

export function checkIndex(found, { files, bytes }) {
  requireEqual('number of files', found.files, files);
  requireEqual('number of bytes', found.bytes, bytes);
  requireEqual('number of problems', found.problems, 0);
}

function listing(name, argv, { truth }) {
  return {
    name,
    run: () => runCommand(argv),
    check: ({ stdout }) => requireEqual('number of files', stdout.split('\n').length - 1, truth.local.files),
  };
}

function rcloneListing(path, { local, truth }) {
  return {
    name: 'rclone lsjson',
    run: () => runCommand([path, 'lsjson', '--recursive', '--files-only', '--no-mimetype', local]),
    check({ stdout }) {
      const files = JSON.parse(stdout);
      requireEqual('number of files', files.length, truth.local.files);
      requireEqual(
        'number of bytes',
        files.reduce((sum, { Size }) => sum + Size, 0),
        truth.local.bytes,
      );
    },
  };
}
