import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface Command {
  /** The program, then its words. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  /** Called with all that came on stdout so far, whenever more came. */
  readonly onOutput?: (stdout: string) => void;
}

export interface GroupEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown by `run` when somebody ended the group. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
}

/** Dead processes that nobody has asked after yet still count as members of a group. */
function hasLiving(group: number): boolean {
  return fs.readdirSync('/proc').some((name) => {
    if (!/^\d/.test(name)) return false;
    try {
      const [, state, , pgrp] = /\) (\S) (\d+) (\d+)/.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return Number(pgrp) === group && state !== 'Z' && state !== 'X';
    } catch {
      return false;
    }
  });
}

/** A command after another, each with everything it starts in a process group of its own that can die as one. */
export interface ProcessGroups {
  run(command: Command): Promise<GroupEnd>;
  /** SIGKILL for the whole tree, now; commands that would come after are not started. True where one was running. */
  kill(): boolean;
  readonly isKilled: boolean;
  /** SIGSTOP for the whole tree. */
  freeze(): void;
}

export function makeProcessGroups(): ProcessGroups {
  let running: number | null = null;
  let isKilled = false;
  const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-pid, name);
    } catch {
      return false;
    }
  };
  return {
    async run({ argv: [file, ...args], env, cwd, uid, onOutput }) {
      if (isKilled) throw new KilledError();
      const child = spawn(file!, args, {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
        ...(cwd === undefined ? {} : { cwd }),
        ...(uid === undefined ? {} : { uid, gid: uid }),
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk;
        onOutput?.(stdout);
      });
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
      const pid = child.pid;
      running = pid ?? null;
      const status = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve(code));
      });
      running = null;
      // A tree counts as dead when its last process is: until then it may still write.
      for (let n = 0; pid !== undefined && signal(pid, 0) && hasLiving(pid) && n < 1_000; n += 1) await wait(10);
      if (isKilled) throw new KilledError();
      return { status, stdout, stderr };
    },
    get isKilled() {
      return isKilled;
    },
    kill() {
      isKilled = true;
      return running !== null && signal(running, 'SIGKILL');
    },
    freeze() {
      if (running !== null) signal(running, 'SIGSTOP');
    },
  };
}
