import type { Check, doctorEndpoints } from '../../contract/doctor.ts';
import type { Handlers } from '../../contract/endpoint.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { describeSlot, type LocationSlot } from '../../core/catalog/location-slot.ts';
import { copyChecks } from './copy-checks.ts';

export interface DoctorPorts {
  readonly registry: LocationRegistry;
  /** Facts of the machine and of the app-data drive, tested with files in app data. */
  readonly examineMachine: () => Promise<readonly Check[]>;
}

export function createDoctorFeature({ registry, examineMachine }: DoctorPorts): Handlers<typeof doctorEndpoints> {
  return {
    async doctor() {
      await Promise.all(registry.list().map((slot) => registry.look(slot)));
      return {
        machine: [...(await examineMachine())],
        locations: registry.list().map((slot) => ({
          location: slot.definition.id,
          path: slot.definition.path,
          checks: [...checksOf(slot), ...copyChecks(slot, registry.list())],
        })),
      };
    },
  };
}

/** What one look at the root tells; nothing is written there. */
function checksOf(slot: LocationSlot): Check[] {
  const { state, volume, driveKind, drive } = describeSlot(slot);
  const online: Check =
    state.kind === 'online'
      ? { id: 'reachable', title: 'Reachable', status: 'ok', detail: 'The folder answers.', hint: null }
      : {
          id: 'reachable',
          title: 'Reachable',
          status: state.kind === 'offline' ? 'problem' : 'warning',
          detail: state.kind === 'checking' ? 'Not looked at yet.' : state.message,
          hint:
            state.kind === 'attention'
              ? 'Connect the drive, or confirm that the files are really gone.'
              : 'Connect the drive or correct the path.',
        };
  if (volume === null) return [online];
  return [
    online,
    driveCheck(volume.fileSystem, driveKind, drive !== 'auto'),
    spaceCheck(volume.freeBytes, volume.totalBytes),
    caseCheck(volume.caseSensitive),
    timeCheck(volume.fileSystem),
    linkCheck(volume.fileSystem),
    {
      id: 'writable',
      title: 'Writable',
      status: volume.readOnly === false ? 'ok' : 'note',
      detail:
        volume.readOnly === true
          ? 'Mounted read-only: it can be a source, not a target.'
          : volume.readOnly === false
            ? 'Mounted for writing.'
            : 'The system does not tell.',
      hint: null,
    },
  ];
}

const driveWords = {
  ssd: 'solid-state or virtual drive',
  hdd: 'spinning drive',
  network: 'network drive',
  removable: 'removable drive',
  unknown: 'drive of unknown kind',
} as const;

/** Windows names no file systems to Node. */
const unknown = 'unknown';

function driveCheck(fileSystem: string, kind: keyof typeof driveWords, isSet: boolean): Check {
  const named = fileSystem === unknown ? 'A file system that the system does not name' : fileSystem;
  return {
    id: 'drive',
    title: 'Drive',
    status: 'ok',
    detail: `${named} on a ${driveWords[kind]}${isSet ? ' (as set)' : ''}.`,
    hint: kind === 'unknown' ? 'Say what kind of drive it is with `location edit`, to have it read at its best.' : null,
  };
}

function spaceCheck(free: number | null, total: number | null): Check {
  if (free === null || total === null)
    return { id: 'space', title: 'Free space', status: 'note', detail: 'The system does not tell.', hint: null };
  const low = free < total * 0.05;
  const detail = `${gibibytes(free)} free of ${gibibytes(total)}.`;
  return {
    id: 'space',
    title: 'Free space',
    status: low ? 'warning' : 'ok',
    detail,
    hint: low ? 'Less than 5 % is free; large copies may not fit.' : null,
  };
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

function caseCheck(caseSensitive: boolean | null): Check {
  const detail =
    caseSensitive === null
      ? 'Not known: there was no name to test with.'
      : caseSensitive
        ? '“A” and “a” are two files here.'
        : '“A” and “a” are one file here; names that differ only by case are reported.';
  return {
    id: 'case',
    title: 'Upper and lower case',
    status: caseSensitive === null ? 'note' : 'ok',
    detail,
    hint: null,
  };
}

/** Granularity of modification times, from the formats' documentation and measurements. */
const coarseTimes: Readonly<Record<string, string>> = {
  vfat: '2 seconds',
  msdos: '2 seconds',
  exfat: '1 second',
  'fuse.sshfs': '1 second',
};

function timeCheck(fileSystem: string): Check {
  const coarse = coarseTimes[fileSystem];
  if (fileSystem === unknown) {
    const detail = 'Not known; times within 2 seconds count as equal.';
    return { id: 'times', title: 'File times', status: 'note', detail, hint: null };
  }
  return {
    id: 'times',
    title: 'File times',
    status: coarse ? 'note' : 'ok',
    detail: coarse ? `Kept to ${coarse}; times within 2 seconds count as equal.` : 'Kept to a fraction of a second.',
    hint: null,
  };
}

const withoutLinks = new Set(['vfat', 'msdos', 'exfat']);
const withReflink = new Set(['btrfs', 'xfs', 'bcachefs', 'refs', 'apfs']);

function linkCheck(fileSystem: string): Check {
  if (fileSystem === unknown) {
    const detail = 'Not known; tested for real before the first use.';
    return { id: 'links', title: 'Links', status: 'note', detail, hint: null };
  }
  const links = withoutLinks.has(fileSystem)
    ? 'No hard or symbolic links'
    : fileSystem === 'cifs' || fileSystem === 'smb3'
      ? 'Hard links, no symbolic links'
      : 'Hard and symbolic links';
  const reflink = withReflink.has(fileSystem)
    ? 'instant copies (reflink) where the volume was made for them'
    : 'no instant copies';
  return {
    id: 'links',
    title: 'Links',
    status: 'ok',
    detail: `${links}; ${reflink}. By file system; tested for real before the first use.`,
    hint: null,
  };
}
