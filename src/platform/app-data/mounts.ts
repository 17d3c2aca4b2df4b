import fs from 'node:fs';

/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  /** Number of the drive, `8:1`; one drive has it wherever it is mounted. */
  readonly device: string;
  /** Folder of the drive that the mount point shows; not `/` for a bind mount or a subvolume. */
  readonly root: string;
  readonly mountPoint: string;
  /** Lower case, with the subtype of FUSE file systems: `ext4`, `cifs`, `fuse.sshfs`. */
  readonly fsType: string;
  /** Device, `server:/export`, `//server/share` or a name the file system chose. */
  readonly source: string;
  readonly readOnly: boolean;
  readonly isNetwork: boolean;
  readonly isFuse: boolean;
}

interface MountLine extends Mount {
  readonly id: string;
  readonly parent: string;
}

export type MountTable = readonly MountLine[];

const mountInfoFile = '/proc/self/mountinfo';

/** The mount a path lies on, found by its name alone: the path itself is never touched, so this cannot hang. */
export function findMount(path: string): Mount | null {
  return findMountIn(readMounts(), path);
}

/** Empty where the platform keeps no such table. */
export function readMounts(): MountTable {
  if (process.platform !== 'linux') return [];
  try {
    return parseMountInfo(fs.readFileSync(mountInfoFile, 'utf8'));
  } catch {
    return [];
  }
}

/** Lines that are not understood are left out. */
export function parseMountInfo(text: string): MountTable {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): MountLine | null {
  // 36 35 98:0 /root /mount/point rw,noatime [optional fields] - ext3 /dev/root rw,errors=continue
  const [before = '', after] = line.split(' - ', 2);
  const [id, parent, device = '', root = '/', mountPoint, options] = before.split(' ');
  const [type, source = '', superOptions = ''] = after?.split(' ') ?? [];
  if (!id || !parent || !mountPoint || !options || !type) return null;
  const fsType = unescaped(type).toLowerCase();
  return {
    id,
    parent,
    device,
    root: unescaped(root),
    mountPoint: unescaped(mountPoint),
    fsType,
    source: unescaped(source),
    readOnly: hasOption(options, 'ro') || hasOption(superOptions, 'ro'),
    isNetwork: isNetworkFileSystem(fsType, unescaped(source)),
    isFuse: /^fuse(?:$|\.|blk)/.test(fsType),
  };
}

/** Space, tab, line feed and backslash are written as octal numbers of bytes. */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function hasOption(options: string, wanted: string): boolean {
  return options.split(',').includes(wanted);
}

/** Where a path, its links resolved, lies on its drive: see `RawVolume`. */
export function placeOnDrive(path: string, { device, root, mountPoint }: Mount): string {
  const below = mountPoint === '/' ? path : path.slice(mountPoint.length);
  return `/${device}${root === '/' ? '' : root}${below}`;
}

/** Goes down the tree of mounts, because a later mount can hide earlier ones below its mount point. */
export function findMountIn(mounts: MountTable, path: string): Mount | null {
  const over = mounts.filter(({ mountPoint }) => isAtOrBelow(path, mountPoint));
  let found = topmost(over.filter((mount) => !over.some(({ id }) => id === mount.parent && id !== mount.id)));
  // Each step goes to a child, and there are at most as many as mounts; a damaged table cannot make it endless.
  for (let steps = over.length; found !== null && steps > 0; steps -= 1) {
    const { id, mountPoint } = found;
    const child = topmost(
      over.filter((mount) => mount.parent === id && mount.id !== id && isAtOrBelow(mount.mountPoint, mountPoint)),
    );
    if (child === null) break;
    found = child;
  }
  return found;
}

/** Of mounts side by side on the way to a path: the one met first on the way down, the last mounted of equal ones. */
function topmost(mounts: readonly MountLine[]): MountLine | null {
  let best: MountLine | null = null;
  for (const mount of mounts) {
    if (best === null || mount.mountPoint.length <= best.mountPoint.length) best = mount;
  }
  return best;
}

function isAtOrBelow(path: string, mountPoint: string): boolean {
  if (path === mountPoint || mountPoint === '/') return true;
  return path.startsWith(mountPoint) && path[mountPoint.length] === '/';
}

/**
 * File systems whose files live on another machine, or on the host of a virtual one: locks and fsync cannot be relied
 * on there, and calls may hang. `autofs` mounts something unknown when it is first touched.
 */
const networkTypes = new Set([
  ...[
    'nfs',
    'nfs4',
    'cifs',
    'smb3',
    'smbfs',
    'smb2',
    '9p',
    'afs',
    'openafs',
    'ceph',
    'glusterfs',
    'lustre',
    'ncpfs',
    'ncp',
  ],
  ...[
    'coda',
    'davfs',
    'davfs2',
    'pvfs2',
    'orangefs',
    'beegfs',
    'gpfs',
    'gfs2',
    'ocfs2',
    'autofs',
    'sshfs',
    'rclone',
    'webdav',
  ],
  ...['vboxsf', 'virtiofs', 'prl_fs', 'vmhgfs', 'drvfs', 's3fs'],
]);

const networkFuse = new Set([
  ...[
    'sshfs',
    'rclone',
    's3fs',
    's3ql',
    'gcsfuse',
    'goofys',
    'geesefs',
    'mount-s3',
    'blobfuse',
    'blobfuse2',
    'juicefs',
  ],
  ...[
    'glusterfs',
    'ceph',
    'ceph-fuse',
    'cephfs',
    'moosefs',
    'mfs',
    'mfsmount',
    'lizardfs',
    'seaweedfs',
    'weed',
    'beegfs',
  ],
  ...[
    'davfs',
    'davfs2',
    'webdavfs',
    'curlftpfs',
    'smbnetfs',
    'smb',
    'cifs',
    'nfs',
    'fuse-nfs',
    'gvfsd-fuse',
    'kio-fuse',
  ],
  ...['google-drive-ocamlfuse', 'gdfuse', 'onedriver', 'pcloud', 'dropbox', 'alist', 'vmhgfs-fuse'],
  ...['hdfs', 'fuse_dfs', 'afp', 'afpfs', 'xtreemfs', 'ipfs', 'osxfs', 'grpcfuse'],
]);

function isNetworkFileSystem(fsType: string, source: string): boolean {
  if (networkTypes.has(fsType)) return true;
  if (!fsType.startsWith('fuse')) return false;
  if (networkFuse.has(fsType.slice('fuse.'.length))) return true;
  // An unknown FUSE program: `user@host:/folder`, `host:bucket`, `//server/share` and web addresses are elsewhere.
  return /^[^/]+:/.test(source) || source.startsWith('//');
}
