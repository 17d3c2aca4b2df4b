import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openAppDataFolder } from '../../src/platform/app-data/app-data-folder.ts';
import { followLinks } from '../../src/platform/app-data/follow-links.ts';
import { findMount, findMountIn, parseMountInfo, placeOnDrive } from '../../src/platform/app-data/mounts.ts';

const table = String.raw`21 28 0:19 / /proc rw,nosuid - proc proc rw
28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 28 8:17 / /media/usb rw,nosuid shared:2 master:3 - exfat /dev/sdb1 rw
31 28 0:45 / /mnt/nas rw - nfs4 nas:/export/models rw,vers=4.2,addr=10.0.0.2
32 28 0:46 / /mnt/my\040share rw - cifs //server/my\040share rw
33 28 0:47 / /mnt/cloud rw - fuse.rclone remote:bucket rw,user_id=0
34 28 0:48 / /mnt/pool rw - fuse.mergerfs disk1:disk2 rw
35 28 0:49 / /mnt/win rw - fuseblk /dev/sdc1 rw
36 28 0:50 / /mnt/ssh rw - fuse you@host:/srv rw
37 31 8:33 / /mnt/nas/local rw - xfs /dev/sdd1 ro
38 28 0:51 / /mnt/hidden/deep rw - ext4 /dev/sde1 rw
39 28 0:52 / /mnt/hidden rw - nfs nas:/over rw
40 28 0:53 / /mnt/twice rw - ext4 /dev/sdf1 rw
41 40 0:54 / /mnt/twice rw - smb3 //s/s rw
42 28 0:55 / /auto rw - autofs systemd-1 rw,fd=45
43 28 0:56 / /mnt/c rw - 9p drvfs rw,aname=drvfs;path=C:\134
44 28 8:49 / /mnt/ro ro,relatime - ext4 /dev/sdg1 rw
broken line
45 28 0:57 / /no/separator rw ext4
`;

test('a path lies on the deepest mount above it that is not hidden by a later one', () => {
  const rows = [
    ['/', '/', 'ext4', false],
    ['/home/you', '/', 'ext4', false],
    ['/media/usb', '/media/usb', 'exfat', false],
    ['/media/usb/x', '/media/usb', 'exfat', false],
    ['/media/usb_backup/x', '/', 'ext4', false],
    ['/mnt/nas/a/b', '/mnt/nas', 'nfs4', true],
    ['/mnt/nas/local/x', '/mnt/nas/local', 'xfs', false],
    ['/mnt/my share/x', '/mnt/my share', 'cifs', true],
    ['/mnt/cloud/x', '/mnt/cloud', 'fuse.rclone', true],
    ['/mnt/win/x', '/mnt/win', 'fuseblk', false],
    ['/mnt/ssh/x', '/mnt/ssh', 'fuse', true],
    ['/mnt/hidden/deep/x', '/mnt/hidden', 'nfs', true],
    ['/mnt/twice/x', '/mnt/twice', 'smb3', true],
    ['/auto/home', '/auto', 'autofs', true],
    ['/mnt/c/Users', '/mnt/c', '9p', true],
    ['/no/separator', '/', 'ext4', false],
  ] as const;
  const mounts = parseMountInfo(table);
  for (const [file, mountPoint, fsType, isNetwork] of rows) {
    const mount = findMountIn(mounts, file);
    assert.deepEqual([mount?.mountPoint, mount?.fsType, mount?.isNetwork], [mountPoint, fsType, isNetwork], file);
  }
});

test('a folder has one place on its drive, wherever that is mounted', () => {
  const mounts = parseMountInfo(String.raw`28 1 8:1 / / rw - ext4 /dev/sda1 rw
30 28 8:1 /data/my\040models /mnt/bound rw - ext4 /dev/sda1 rw
31 28 0:40 /@models /mnt/sub rw - btrfs /dev/sdb1 rw
32 28 0:40 / /mnt/top rw - btrfs /dev/sdb1 rw`);
  const placeOf = (file: string): string => {
    const mount = findMountIn(mounts, file);
    return mount ? placeOnDrive(file, mount) : '';
  };
  assert.equal(placeOf('/data/my models/loras'), '/8:1/data/my models/loras');
  assert.equal(placeOf('/mnt/bound/loras'), '/8:1/data/my models/loras');
  assert.equal(placeOf('/mnt/sub'), '/0:40/@models');
  assert.equal(placeOf('/mnt/top/@models'), '/0:40/@models');
  assert.equal(placeOf('/'), '/8:1/');
});

test('what else the table tells', () => {
  const mounts = parseMountInfo(table);
  assert.equal(findMountIn(mounts, '/mnt/my share')?.source, '//server/my share');
  assert.equal(findMountIn(mounts, '/mnt/c')?.source, 'drvfs');
  assert.equal(findMountIn(mounts, '/mnt/ro')?.readOnly, true);
  assert.equal(findMountIn(mounts, '/mnt/nas/local')?.readOnly, true);
  assert.equal(findMountIn(mounts, '/')?.readOnly, false);
  for (const fuse of ['/mnt/win', '/mnt/ssh', '/mnt/cloud'])
    assert.equal(findMountIn(mounts, fuse)?.isFuse, true, fuse);
  assert.equal(findMountIn(mounts, '/')?.isFuse, false);
});

test('every network file system is known as one', () => {
  const types = [
    'nfs',
    'nfs4',
    'cifs',
    'smb3',
    'smbfs',
    '9p',
    'afs',
    'ceph',
    'glusterfs',
    'lustre',
    'davfs',
    'virtiofs',
    'vboxsf',
  ];
  const fuse = ['sshfs', 'rclone', 's3fs', 'glusterfs', 'davfs', 'gvfsd-fuse', 'juicefs', 'curlftpfs'].map(
    (name) => `fuse.${name}`,
  );
  for (const type of [...types, ...fuse]) {
    const mounts = parseMountInfo(`1 0 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /n rw - ${type} none rw\n`);
    assert.equal(findMountIn(mounts, '/n/x')?.isNetwork, true, type);
  }
  for (const type of [
    'ext4',
    'xfs',
    'btrfs',
    'zfs',
    'exfat',
    'vfat',
    'ntfs3',
    'tmpfs',
    'overlay',
    'fuseblk',
    'fuse.mergerfs',
    'fuse.gocryptfs',
  ]) {
    const mounts = parseMountInfo(`1 0 0:1 / / rw - ${type} /dev/a rw\n`);
    assert.equal(findMountIn(mounts, '/n/x')?.isNetwork, false, type);
  }
});

test('a damaged or empty table gives no answer and no endless loop', () => {
  assert.equal(findMountIn([], '/x'), null);
  const circle = parseMountInfo('1 2 0:1 / / rw - ext4 a rw\n2 1 0:2 / / rw - ext4 b rw\n3 3 0:3 / / rw - ext4 c rw\n');
  findMountIn(circle, '/x');
});

test('on this machine the temp folder has a mount', { skip: process.platform !== 'linux' }, () => {
  assert.ok(findMount(os.tmpdir()));
  assert.equal(findMount('/proc/self')?.fsType, 'proc');
});

function tempFolder(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-mounts-')));
}

/** A table in which `networkFolder` is an NFS mount; the folder itself need not exist. */
function tableWith(networkFolder: string) {
  const point = networkFolder.replaceAll(' ', '\\040');
  return parseMountInfo(`28 1 8:1 / / rw - ext4 /dev/sda1 rw\n31 28 0:45 / ${point} rw - nfs4 nas:/models rw\n`);
}

/** Windows keeps no such table, and its links are asked for by another road. */
const skip = process.platform === 'win32' && 'the mount table is one of Linux';

test('app data on a network mount is refused without touching the mount', { skip }, (t) => {
  const folder = tempFolder();
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const share = path.join(folder, 'dead share');
  fs.mkdirSync(share);
  fs.symlinkSync(share, path.join(folder, 'direct'));
  fs.symlinkSync('dead share/below', path.join(folder, 'relative'));
  fs.mkdirSync(path.join(folder, 'local'));
  fs.symlinkSync('../direct', path.join(folder, 'local', 'chain'));
  const mounts = tableWith(share);
  for (const dir of [
    'dead share',
    'dead share/a/b',
    'direct',
    'direct/a',
    'relative',
    'local/chain/x',
    'local/../direct/x',
  ]) {
    assert.throws(() => openAppDataFolder(path.join(folder, dir), mounts), {
      code: 'APP_DATA_ON_NETWORK',
      message: /lies on a network drive \(nfs4, mounted at .*dead share\)/,
      hint: /Set APP_DATA_DIR to a folder on a drive of this machine/,
    });
    assert.deepEqual(fs.readdirSync(share), [], 'nothing was made on the share');
  }
  assert.equal(openAppDataFolder(path.join(folder, 'local', 'data'), mounts), path.join(folder, 'local', 'data'));
});

test('links are followed one by one, also to what does not exist, and never for ever', { skip }, (t) => {
  const folder = tempFolder();
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.mkdirSync(path.join(folder, 'real'));
  fs.symlinkSync('real', path.join(folder, 'a'));
  fs.symlinkSync(`${folder}/a/../a/./b/../c`, path.join(folder, 'b'));
  fs.symlinkSync('loop2', path.join(folder, 'loop1'));
  fs.symlinkSync('loop1', path.join(folder, 'loop2'));
  const mounts = tableWith('/nowhere');
  assert.equal(followLinks(path.join(folder, 'a', 'x'), mounts).path, path.join(folder, 'real', 'x'));
  assert.equal(followLinks(path.join(folder, 'b', 'x'), mounts).path, path.join(folder, 'real', 'c', 'x'));
  assert.equal(followLinks(path.join(folder, 'missing', 'x'), mounts).path, path.join(folder, 'missing', 'x'));
  assert.throws(() => followLinks(path.join(folder, 'loop1', 'x'), mounts), { code: 'LINK_LOOP' });
});

test('network paths of Windows are refused by their form', () => {
  for (const dir of ['\\\\nas\\share\\weightroom', '//nas/share/weightroom', '\\\\?\\UNC\\nas\\share\\x']) {
    assert.throws(() => openAppDataFolder(dir, []), { code: 'APP_DATA_ON_NETWORK', message: /network share/ }, dir);
  }
});
