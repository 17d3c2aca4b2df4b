import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';

const serve = defineCommand({
  path: 'serve',
  summary: 'Start the server with its page and print its address.',
  notes: ['The address is the one line on stdout, printed once the server answers; its fragment carries the token.'],
  options: [
    { flags: '--port <n>', summary: 'Port; the setting WEIGHTROOM_PORT when left out, 0 takes any free one.' },
    { flags: '--host <address>', summary: 'Address to listen at; only this machine when left out.' },
    { flags: '--no-open', summary: 'Do not open the page in the browser.' },
    { flags: '--demo', summary: 'Show the demo library instead of your locations.' },
    { flags: '--demo-when-empty', summary: 'Show the demo library when no location is configured.' },
  ],
  examples: [
    { line: 'weightroom serve', meaning: 'Start and open the page.' },
    { line: 'weightroom serve --port 8080 --no-open', meaning: 'A fixed port, for a script or a shortcut.' },
  ],
  exits: {
    0: 'Ended by Ctrl+C or SIGTERM.',
    5: 'The port is taken, or another Weightroom already owns this app-data folder.',
    6: 'The app-data folder lies on a network drive.',
  },
  input: () =>
    z.object({
      port: z.coerce
        .number({ error: 'give a number' })
        .int('give a whole number')
        .min(0, 'give 0 to 65535')
        .max(65_535, 'give 0 to 65535')
        .optional(),
      host: z.string().min(1).optional(),
      open: z.boolean().default(true),
      demo: z.boolean().default(false),
      demoWhenEmpty: z.boolean().default(false),
    }),
  async run({ port, host, open, demo, demoWhenEmpty }, { host: machine, json, signal }) {
    const announced: Promise<void>[] = [];
    await machine.serve({
      port,
      host,
      open,
      demo: demo ? 'always' : demoWhenEmpty ? 'when-empty' : 'never',
      signal,
      onReady(url) {
        announced.push(machine.stdout.write(json ? `${JSON.stringify({ url })}\n` : `${url}\n`));
        if (machine.stderr.isTTY) announced.push(machine.stderr.write('Weightroom is running. Ctrl+C stops it.\n'));
      },
    });
    await Promise.allSettled(announced);
  },
  // The address is already out; there is nothing to say at the end.
  json: () => ({ pieces: nothing() }),
  text: () => [],
});

async function* nothing(): AsyncIterable<string> {}

export const serveCommands: readonly Command[] = [serve];
