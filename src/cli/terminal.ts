import { fstatSync, writeSync } from 'node:fs';
import { AppError } from '../core/errors/app-error.ts';
import { OutputClosed, type Terminal, type TextSink } from './cli-host.ts';

/** npm, the launcher and the terminal itself may all pass on one Ctrl+C. */
const samePressMs = 300;

/** The terminal of this process, as the command line sees it. */
export function createTerminal(): Terminal {
  return {
    stdout: createSink(process.stdout, 1),
    stderr: createSink(process.stderr, 2),
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

function createSink(stream: NodeJS.WriteStream, fd: number): TextSink {
  const isFile = leadsIntoFile(fd);
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = asFailure(error);
  });
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    write(text) {
      return new Promise((resolve, reject) => {
        if (failure) reject(failure);
        else if (isFile) resolve(writeWhole(fd, text));
        else stream.write(text, (error) => (error ? reject(asFailure(error)) : resolve()));
      });
    },
  };
}

function leadsIntoFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** On a drive that gets full a file takes only a part of what is written, which a stream of Node does not notice. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (thrown) {
    throw asFailure(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}

/** A reader that has gone away wants no more; output that could not be written is no success. */
function asFailure(error: NodeJS.ErrnoException): Error {
  const { code = '' } = error;
  if (code === 'EPIPE' || code === 'EOF' || code.startsWith('ERR_STREAM_')) return new OutputClosed(error.message);
  if (code === 'ENOSPC')
    return new AppError('NO_SPACE', 'The output could not be written to its end: its drive is full.', { cause: error });
  return new AppError('IO_FAILED', `The output could not be written to its end (${code}).`, { cause: error });
}

async function askPerson(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline');
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
