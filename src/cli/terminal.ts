import { createInterface } from 'node:readline';
import { OutputClosed, type Terminal, type TextSink } from './cli-host.ts';

/** npm, the launcher and the terminal itself may all pass on one Ctrl+C. */
const samePressMs = 300;

/** The terminal of this process, as the command line sees it. */
export function createTerminal(): Terminal {
  return {
    stdout: createSink(process.stdout),
    stderr: createSink(process.stderr),
    color: wantsColor(process.stdout.isTTY === true),
    cwd: process.cwd(),
    onInterrupt: listenForInterrupts,
    ask: process.stdin.isTTY === true && process.stderr.isTTY === true ? askPerson : null,
  };
}

/** https://no-color.org and the usual opposite. */
function wantsColor(isTTY: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return isTTY && TERM !== 'dumb';
}

function createSink(stream: NodeJS.WriteStream): TextSink {
  let closed: OutputClosed | undefined;
  stream.on('error', () => {
    closed = new OutputClosed('The reader of the output has gone away.');
  });
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    write(text) {
      return new Promise((resolve, reject) => {
        if (closed) {
          reject(closed);
          return;
        }
        stream.write(text, (error) => (error ? reject(new OutputClosed(error.message)) : resolve()));
      });
    },
  };
}

function askPerson(question: string, signal: AbortSignal): Promise<string> {
  // Not as a terminal of its own: it would keep Ctrl+C from becoming a signal.
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  return new Promise<string>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    reader.once('close', () => resolve(''));
    reader.question(question, resolve);
    if (signal.aborted) abort();
  }).finally(() => reader.close());
}

function listenForInterrupts(listener: () => void): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  const onSignal = () => {
    const nowMs = performance.now();
    const isRepeat = nowMs - lastMs < samePressMs;
    lastMs = nowMs;
    if (!isRepeat) listener();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
