import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Check } from '../../contract/doctor.ts';
import { findMount } from '../app-data/mounts.ts';
import type { LoadedHashers } from '../hash-workers/hashers.ts';
import { osErrorName } from './os-error.ts';

/** Tests in a temporary folder of the app-data folder, which is removed again. Never touches a location. */
export async function examineMachine(appDataDir: string, hashers: LoadedHashers): Promise<readonly Check[]> {
  const folder = fs.mkdtempSync(path.join(appDataDir, 'doctor-'));
  try {
    return [
      {
        id: 'runtime',
        title: 'Machine',
        status: 'ok',
        detail: `Node ${process.versions.node} on ${os.type()} ${os.release()} (${os.arch()}), ${os.availableParallelism()} processors, ${(os.totalmem() / 1024 ** 3).toFixed(1)} GiB of memory.`,
        hint: null,
      },
      hashCheck(hashers),
      {
        id: 'app-data',
        title: 'App data',
        status: 'ok',
        detail: `${appDataDir} on ${findMount(appDataDir)?.fsType ?? 'a local drive'}.`,
        hint: null,
      },
      ...volumeChecks(folder),
    ];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function hashCheck({ blake3Kind, nativeFailure }: LoadedHashers): Check {
  if (blake3Kind === 'native')
    return {
      id: 'hashing',
      title: 'Hashing',
      status: 'ok',
      detail: 'Native BLAKE3 (about 2 GB/s a thread).',
      hint: null,
    };
  return {
    id: 'hashing',
    title: 'Hashing',
    status: 'warning',
    detail: `BLAKE3 runs as WebAssembly (about 0.4 GB/s a thread): ${nativeFailure ?? 'the native library did not load'}.`,
    hint:
      process.platform === 'win32' ? 'Install the Microsoft Visual C++ Redistributable to get the native one.' : null,
  };
}

function volumeChecks(folder: string): Check[] {
  const file = path.join(folder, 'Probe');
  fs.writeFileSync(file, 'probe');
  const times = fs.statSync(file, { bigint: true }).mtimeNs;
  return [
    attempt('hard-links', 'Hard links', () => {
      fs.linkSync(file, path.join(folder, 'hard'));
      return fs.statSync(path.join(folder, 'hard')).ino === fs.statSync(file).ino;
    }),
    attempt('symbolic-links', 'Symbolic links', () => {
      // Verified after making it: some systems report success and make nothing.
      fs.symlinkSync(file, path.join(folder, 'soft'));
      return fs.lstatSync(path.join(folder, 'soft')).isSymbolicLink();
    }),
    attempt('reflinks', 'Instant copies (reflink)', () => {
      fs.copyFileSync(
        file,
        path.join(folder, 'clone'),
        fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE_FORCE,
      );
      return true;
    }),
    {
      id: 'case',
      title: 'Upper and lower case',
      status: 'ok',
      detail: fs.existsSync(path.join(folder, 'pROBE'))
        ? '“A” and “a” are one file on the app-data drive.'
        : '“A” and “a” are two files on the app-data drive.',
      hint: null,
    },
    {
      id: 'times',
      title: 'File times',
      status: 'ok',
      detail:
        times % 1_000_000_000n === 0n
          ? 'Whole seconds or coarser.'
          : times % 1_000_000n === 0n
            ? 'Milliseconds.'
            : 'Finer than a millisecond.',
      hint: null,
    },
    spaceCheck(folder),
  ];
}

function attempt(id: string, title: string, works: () => boolean): Check {
  try {
    if (works()) return { id, title, status: 'ok', detail: 'Work on the app-data drive.', hint: null };
    return { id, title, status: 'note', detail: 'Reported as made, but are not there.', hint: null };
  } catch (thrown) {
    return {
      id,
      title,
      status: 'note',
      detail: `Not available on the app-data drive (${osErrorName(thrown) ?? (thrown as NodeJS.ErrnoException).code ?? 'refused'}).`,
      hint: null,
    };
  }
}

function spaceCheck(folder: string): Check {
  const { bavail, blocks, bsize } = fs.statfsSync(folder);
  const low = bavail * bsize < 1024 ** 3;
  return {
    id: 'space',
    title: 'Free space',
    status: low ? 'warning' : 'ok',
    detail: `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free of ${((blocks * bsize) / 1024 ** 3).toFixed(1)} GiB on the app-data drive.`,
    hint: low ? 'The index and its journal need room to grow.' : null,
  };
}
