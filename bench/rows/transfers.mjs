import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { atMost, medianMs, speedAgainst, timeAgainst } from '../measure/bars.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { atEnd, runFolder } from '../run-folder.mjs';
import { withTarget } from './with-target.mjs';

const ours = 'weightroom server, queue';

/** Rows 12 and 13: two large files, durable, hashed on the way; 13 reads the copy back from the drive. */
export async function copyLarge(bench, { readsBack }) {
  const { root, relPaths, bytes } = bench.bigFiles;
  return withTarget(bench, root, async (target, server) => {
    const check = () => checkCopies(root, target.folder, relPaths);
    const ourCopy = {
      name: ours,
      isOurs: true,
      before: () => target.empty(),
      run: () =>
        server.measure(() =>
          copy(server, { srcRelPath: '', verify: readsBack ? 'readback' : 'source' }, relPaths.length),
        ),
      check,
    };
    const shell = (name, script) => ({
      name,
      before: () => target.empty(),
      run: () => runCommand(['sh', '-euc', script, 'sh', root, target.folder, ...relPaths]),
      check,
    });
    // coreutils' `sync FILE` is fsync.
    const cp = 'from=$1 to=$2; shift 2; for f in "$@"; do cp -p "$from/$f" "$to/$f"; sync "$to/$f"; done; sync "$to"';
    const cmp = `from=$1 to=$2; ${cp.replace('from=$1 to=$2; ', '')}; for f in "$@"; do cmp "$from/$f" "$to/$f"; done`;
    const contenders = [
      ourCopy,
      readsBack ? shell('cp + fsync + cmp', cmp) : shell('cp + fsync', cp),
      ...bench.withPeer('rclone', (path) =>
        peerCopy('rclone copy', [path, 'copy', `${root}/`, target.folder], target, check),
      ),
      ...(readsBack
        ? []
        : bench.withPeer('rclone', (path) =>
            peerCopy(
              'rclone copy --ignore-checksum',
              [path, 'copy', '--ignore-checksum', `${root}/`, target.folder],
              target,
              check,
            ),
          )),
      ...(readsBack
        ? []
        : bench.withPeer('rsync', (path) =>
            peerCopy('rsync -a', [path, '-a', `${root}/`, target.folder], target, check),
          )),
    ];
    const results = await race(contenders, bench);
    const bars = readsBack
      ? [
          timeAgainst(results, { level: 'must', peer: 'rclone copy', atMost: 0.6 }),
          timeAgainst(results, { level: 'aim', peer: 'cp + fsync + cmp', atMost: 1.0 }),
        ]
      : [
          speedAgainst(results, { level: 'must', peer: 'cp + fsync', atLeast: 0.8 }),
          speedAgainst(results, { level: 'aim', peer: 'cp + fsync', atLeast: 0.9 }),
        ];
    return { results, bytes, bars };
  });
}

/** Row 14: a whole tree, each file hashed, journaled and durable before it counts as done. */
export async function copyTree(bench) {
  const { local: root, truth, files } = bench.hashLibrary;
  const relPaths = files('local').map(([relPath]) => relPath);
  return withTarget(bench, root, async (target, server) => {
    const check = () => checkTree(root, target.folder, relPaths);
    const contenders = [
      {
        name: ours,
        isOurs: true,
        before: () => target.empty(),
        run: () => server.measure(() => copy(server, { srcRelPath: '', verify: 'source' }, relPaths.length)),
        check,
      },
      peerCopy('cp -a', ['cp', '-a', `${root}/.`, target.folder], target, check),
      ...bench.withPeer('rsync', (path) =>
        peerCopy('rsync -a', [path, '-a', `${root}/`, target.folder], target, check),
      ),
      ...bench.withPeer('rclone', (path) =>
        peerCopy('rclone copy', [path, 'copy', `${root}/`, target.folder], target, check),
      ),
      ...bench.withPeer('rclone', (path) =>
        peerCopy(
          'rclone copy, 8 at once, unchecked',
          [path, 'copy', '--transfers', '8', '--ignore-checksum', `${root}/`, target.folder],
          target,
          check,
        ),
      ),
    ];
    const results = await race(contenders, bench);
    return {
      results,
      bytes: truth.local.bytes,
      bars: [
        timeAgainst(results, { level: 'must', peer: 'rsync -a', atMost: 1.0 }),
        timeAgainst(results, { level: 'aim', peer: 'cp -a', atMost: 1.15 }),
      ],
    };
  });
}

/** Row 15: the target has most of the tree; both sides are read, what is missing is planned and copied. */
export async function mirrorMissing(bench) {
  const { local: root, files } = bench.hashLibrary;
  const all = files('local').map(([relPath]) => relPath);
  // Every fifth file, so that every folder has some.
  const missing = all.filter((_, k) => k % 5 === 0);
  return withTarget(bench, root, async (target, server) => {
    cpSync(root, target.folder, { recursive: true, preserveTimestamps: true });
    spawnSync('sync', ['-f', target.folder]);
    const before = async () => {
      for (const relPath of missing) rmSync(join(target.folder, relPath), { force: true });
      spawnSync('sync', ['-f', target.folder]);
    };
    const check = () => checkTree(root, target.folder, all);
    const peer = (name, argv) => ({ name, before, run: () => runCommand(argv), check });
    const contenders = [
      {
        name: ours,
        isOurs: true,
        before,
        run: () => server.measure(() => mirror(server, missing.length)),
        check,
      },
      peer('cp -an', ['cp', '-an', `${root}/.`, target.folder]),
      ...bench.withPeer('rsync', (path) => peer('rsync -a', [path, '-a', `${root}/`, target.folder])),
      ...bench.withPeer('rclone', (path) => peer('rclone copy', [path, 'copy', `${root}/`, target.folder])),
    ];
    const results = await race(contenders, bench);
    return {
      results,
      bars: [
        timeAgainst(results, { level: 'must', peer: 'rclone copy', atMost: 1.0 }),
        timeAgainst(results, { level: 'aim', peer: 'rsync -a', atMost: 1.0 }),
      ],
    };
  });
}

const reflinkFiles = 20;
const reflinkBytes = 100 * 1024 ** 2;

/** Why no volume whose files share blocks can be made here; null when one can. */
export function whyNoReflink() {
  if (process.getuid?.() !== 0) return 'mounting a volume needs root';
  return ['mkfs.xfs', 'mkfs.btrfs'].some(hasProgram) ? null : 'neither xfsprogs nor btrfs-progs is installed';
}

/** Row 16: both folders on one volume whose files can share blocks. */
export async function copyReflink(bench) {
  const image = join(runFolder, 'reflink.img');
  const mount = join(runFolder, 'reflink');
  writeFileSync(image, '');
  truncateSync(image, 6 * 1024 ** 3);
  const make = hasProgram('mkfs.xfs') ? ['mkfs.xfs', '-q', '-m', 'reflink=1', image] : ['mkfs.btrfs', '-q', image];
  for (const [program, ...args] of [make, ['mkdir', mount], ['mount', '-o', 'loop', image, mount]]) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  }
  const unmount = () => spawnSync('umount', ['-l', mount]);
  const forget = atEnd(unmount);
  try {
    const root = join(mount, 'local');
    mkdirSync(root);
    for (let k = 0; k < reflinkFiles; k += 1) {
      spawnSync('dd', [
        'if=/dev/urandom',
        `of=${join(root, `f${k}.safetensors`)}`,
        'bs=1M',
        `count=${reflinkBytes / 1024 ** 2}`,
      ]);
    }
    const relPaths = readdirSync(root);
    return await withTarget(
      bench,
      root,
      async (target, server) => {
        const check = () => checkTree(root, target.folder, relPaths);
        const results = await race(
          [
            {
              name: ours,
              isOurs: true,
              before: () => target.empty(),
              run: () => server.measure(() => copy(server, { srcRelPath: '', verify: 'source' }, reflinkFiles)),
              check,
            },
            peerCopy('cp --reflink', ['cp', '-a', '--reflink=always', `${root}/.`, target.folder], target, check),
          ],
          bench,
        );
        return { results, bars: [atMost('must', 20, 'ms a file', medianMs(results[0]) / reflinkFiles)] };
      },
      join(mount, 'lake'),
    );
  } finally {
    unmount();
    forget();
    rmSync(image, { force: true });
  }
}

async function copy(server, wish, expected) {
  const { task } = await server.post('/api/queue/copy', { srcSide: 'local', dstSide: 'lake', ...wish });
  return ended(server, task, expected);
}

/** As a person does it: both sides are read, the plan is made and carried out. */
async function mirror(server, expected) {
  await server.refresh();
  const { planId } = await server.post('/api/mirror/plan', { srcSide: 'local', dstSide: 'lake' });
  return ended(server, await server.post('/api/mirror/execute', { planId }), expected);
}

async function ended(server, task, expected) {
  const { task: last } = await server.post(`/api/queue/tasks/${task.id}/wait`, {});
  requireEqual('state of the task', last.state, 'done');
  requireEqual('number of files done', last.done.files, expected);
}

function peerCopy(name, argv, target, check) {
  return { name, before: () => target.empty(), run: () => runCommand(argv), check };
}

function checkCopies(root, folder, relPaths) {
  for (const relPath of relPaths) {
    const { status } = spawnSync('cmp', ['-s', join(root, relPath), join(folder, relPath)]);
    requireEqual(`difference of ${relPath}`, status, 0);
  }
  return 'all bytes compared';
}

/** Sizes of all files, bytes of the first of each folder. */
function checkTree(root, folder, relPaths) {
  const seen = new Set();
  for (const relPath of relPaths) {
    requireEqual(
      `size of ${relPath}`,
      existsSync(join(folder, relPath)) && statSync(join(folder, relPath)).size,
      statSync(join(root, relPath)).size,
    );
    if (seen.has(dirname(relPath))) continue;
    seen.add(dirname(relPath));
    checkCopies(root, folder, [relPath]);
  }
  return `${relPaths.length} sizes and ${seen.size} contents compared`;
}

function hasProgram(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}
