import type { ChildProcess } from 'node:child_process';
import { AppError, cancelled } from '../../core/errors/app-error.ts';
import type {
  TransferFiles,
  TransferOrder,
  TransferReport,
  TransferRunOptions,
} from '../../core/ports/transfer-files.ts';
import { HostedProcess, listenForAbort } from './hosted-process.ts';
import { StuckProcesses, tookTooLong } from './stuck-processes.ts';
import { type FromTransferHost, rootsOf, type ToTransferHost } from './transfer-protocol.ts';
import { watchTransfer } from './watch-transfer.ts';

export interface HostedTransferFilesOptions {
  /** Program of the process. */
  readonly entry: string;
  /** Milliseconds of silence after which a drive counts as hung. */
  readonly silenceDeadlineMs?: number;
  /** The same while what was written is being stored, which may take long on a healthy drive. */
  readonly flushDeadlineMs?: number;
  /** Milliseconds a new process may take to start. */
  readonly startDeadlineMs?: number;
  /** Milliseconds a cancelled run has for removing its unfinished file. */
  readonly tidyDeadlineMs?: number;
  /** Milliseconds without work after which a process is let go. */
  readonly idleMs?: number;
}

/** Fresh files that are synced by so many threads at once share the commits of their drive's journal: a third of the time. */
const syncThreads = 16;

type Host = HostedProcess<ToTransferHost, FromTransferHost>;

/**
 * `TransferFiles` in processes of their own: one for each set of roots, and one more for each run between the same ones
 * at the same time. A drive that falls silent costs that process and its run, nobody else. A process that is killed
 * leaves its unfinished file behind; the order goes on with it, or tidies it away, when it is given again.
 */
export function createHostedTransferFiles(options: HostedTransferFilesOptions): TransferFiles {
  const { silenceDeadlineMs = 10_000, flushDeadlineMs = 90_000, tidyDeadlineMs = 2_000 } = options;
  /** Each with the roots it works on. */
  const hosts = new Map<Host, string>();
  const stuckByRoot = new Map<string, StuckProcesses>();
  let nextId = 1;
  let paused = false;
  let isClosed = false;

  function stuckAt(root: string): StuckProcesses {
    const stuck = stuckByRoot.get(root) ?? new StuckProcesses();
    stuckByRoot.set(root, stuck);
    return stuck;
  }

  function hostFor(roots: ReadonlyMap<string, string>): Host {
    const key = [...roots.values()].sort().join('\0');
    for (const [host, itsKey] of hosts) if (itsKey === key && !host.isBusy && !host.isGone) return host;
    for (const [location, root] of roots) {
      if (!stuckAt(root).allowAnother()) throw tookTooLong(root, 'answer', location);
    }
    const host: Host = startHost(options, (child, reason) => {
      hosts.delete(host);
      const root = roots.get(reason.location ?? '');
      if (root !== undefined) stuckAt(root).add(child);
    });
    hosts.set(host, key);
    if (paused) host.post({ op: 'pause', paused });
    return host;
  }

  async function carryOut(
    orders: readonly TransferOrder[],
    onReports: (reports: readonly TransferReport[]) => void,
    { signal, more, sideBySide = 1 }: TransferRunOptions,
  ): Promise<void> {
    const roots = rootsOf(orders);
    const host = hostFor(roots);
    const id = nextId;
    nextId += 1;
    let tidyTimer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      host.post({ op: 'cancel', id });
      tidyTimer ??= setTimeout(() => host.abandon(cancelled('The transfer')), tidyDeadlineMs);
    };
    const { call, end } = watchTransfer({
      roots,
      orders: orders.length,
      onReports,
      silenceDeadlineMs,
      flushDeadlineMs,
      isPaused: () => paused,
      onAnswer: () => {
        for (const root of roots.values()) stuckAt(root).noteAnswer();
      },
      async more() {
        const following = (await more?.()) ?? [];
        host.post({ op: 'more', id, orders: following, areLast: following.length === 0 });
        host.watchAll();
        return following.length;
      },
      stop,
    });
    host.start(id, { op: 'run', id, orders, areLast: more === undefined, sideBySide }, call);
    const stopListening = listenForAbort(signal, stop);
    try {
      await end;
    } finally {
      clearTimeout(tidyTimer);
      stopListening();
    }
  }

  return {
    async run(orders, onReports, options = {}) {
      if (isClosed) throw closed();
      if (options.signal?.aborted) throw cancelled('The transfer');
      if (orders.length > 0) await carryOut(orders, onReports, options);
    },
    pause(value) {
      paused = value;
      for (const host of hosts.keys()) {
        host.post({ op: 'pause', paused });
        host.watchAll();
      }
    },
    close() {
      isClosed = true;
      for (const host of [...hosts.keys()]) host.abandon(closed());
    },
  };
}

function startHost(
  options: HostedTransferFilesOptions,
  onStuck: (child: ChildProcess, reason: AppError) => void,
): Host {
  const { entry, startDeadlineMs = 10_000, idleMs = 20_000 } = options;
  return new HostedProcess<ToTransferHost, FromTransferHost>({
    entry,
    isWaitedFor: true,
    poolThreads: syncThreads,
    startDeadlineMs,
    idleMs,
    notStarted: () => new AppError('IO_FAILED', 'The process that carries out transfers took too long to start.'),
    endedByItself: () => new AppError('IO_FAILED', 'The process that carries out transfers ended unexpectedly.'),
    onStuck,
    cancelMessage: (id) => ({ op: 'cancel', id }),
  });
}

function closed(): AppError {
  return new AppError('CANCELLED', 'The program is ending.');
}
