import type { WeightroomEvent } from '../../contract/events.ts';
import type { HashProgress } from '../../contract/hashing.ts';
import type { Engine, FileHashProgress, TextSink } from '../cli-host.ts';
import { formatBytes, formatCount, formatDuration } from './format.ts';
import { printable, truncateMiddle } from './width.ts';

/** One line on stderr that is rewritten in place; nothing at all when no person is looking. */
export interface Progress {
  readonly isShown: boolean;
  show(text: string): void;
  clear(): Promise<void>;
}

const eraseLine = '\r\u001b[2K';

export function createProgress(stderr: TextSink): Progress {
  if (!stderr.isTTY) return { isShown: false, show: () => undefined, clear: async () => undefined };
  let shown = false;
  const write = (text: string) => stderr.write(text).catch(() => undefined);
  return {
    isShown: true,
    show(text) {
      shown = true;
      void write(eraseLine + truncateMiddle(text, stderr.columns - 1));
    },
    async clear() {
      if (shown) await write(eraseLine);
      shown = false;
    },
  };
}

/** Shows refreshes and hashing of the engine until `work` ends. */
export async function followEngine<T>(engine: Engine, progress: Progress, work: () => Promise<T>): Promise<T> {
  if (!progress.isShown) return work();
  const refreshes = new Map<string, string>();
  const stop = engine.onEvent((event) => {
    const line = describeEvent(event, refreshes);
    if (line !== undefined) progress.show(line);
  });
  try {
    return await work();
  } finally {
    stop();
    await progress.clear();
  }
}

function describeEvent(event: WeightroomEvent, refreshes: Map<string, string>): string | undefined {
  if (event.type === 'index.progressed') {
    const { location, files, folder } = event.data;
    refreshes.set(location, `${location}: ${formatCount(files)} files`);
    return `Reading ${[...refreshes.values()].join(' · ')}  ${printable(folder)}`;
  }
  if (event.type === 'hash.progressed') return describeHashing(event.data);
  return undefined;
}

function describeHashing(hashing: HashProgress): string {
  const eta = hashing.etaSeconds === null ? '' : `, ${formatDuration(hashing.etaSeconds * 1000)} left`;
  const current = hashing.current[0];
  return (
    `Hashing ${formatCount(hashing.filesDone)} of ${formatCount(hashing.filesTotal)} files, ` +
    `${formatBytes(hashing.bytesDone)} of ${formatBytes(hashing.bytesTotal)}, ` +
    `${formatBytes(hashing.bytesPerSecond)}/s${eta}  ${current ? printable(current.relPath) : ''}`
  );
}

export function describeFileHashing(hashing: FileHashProgress): string {
  return (
    `Hashing ${formatCount(hashing.filesDone)} of ${formatCount(hashing.filesTotal)} files, ` +
    `${formatBytes(hashing.bytesDone)} of ${formatBytes(hashing.bytesTotal)}  ${printable(hashing.path)}`
  );
}
