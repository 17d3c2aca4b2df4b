import type { Api } from '../../src/contract/api.ts';
import { createHttpApi } from '../../src/platform/network/http-api-client.ts';
import { callWeightroom } from './call-weightroom.ts';
import { type PerformOptions, performedFrom } from './mover.ts';

/** A server of its own process tree, which a test asks over HTTP. */
export interface RunningServer {
  readonly api: Api;
  /** Before it was started. */
  readonly startedMs: number;
  /** What `work` comes to, or a failure as soon as the server ends. */
  during<T>(work: Promise<T>): Promise<T>;
  /** SIGKILL for its whole tree; returns when all of it is dead. */
  kill(): Promise<void>;
}

export async function startServer(options: PerformOptions): Promise<RunningServer> {
  const startedMs = Date.now();
  const { promise: line, resolve } = Promise.withResolvers<string>();
  const words = ['serve', '--port', '0', '--no-open'];
  const onOutput = (stdout: string) => stdout.includes('\n') && resolve(stdout.split('\n')[0]!);
  const end = callWeightroom(words, options, { onOutput }).then((ended): never => {
    throw new Error(`the server ended with ${performedFrom(ended).said}`);
  });
  // Whoever waits for something else meanwhile hears of it by `during`.
  end.catch(() => {});
  const url = new URL(await Promise.race([line, end]));
  return {
    api: createHttpApi({ baseUrl: url.origin, token: url.hash.replace('#token=', '') }),
    startedMs,
    during: (work) => Promise.race([work, end]),
    async kill() {
      options.groups.kill();
      await end.catch(() => {});
    },
  };
}
