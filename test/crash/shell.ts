import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a system tool that must succeed; returns what it printed. */
export async function tool(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args, { env: { ...process.env, LC_ALL: 'C' } });
  return stdout.trim();
}

/** For undoing: what cannot be undone any more is fine. */
export function toolAnyway(command: string, ...args: readonly string[]): void {
  spawnSync(command, args, { stdio: 'ignore' });
}

export function hasTool(command: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command], { stdio: 'ignore' }).status === 0;
}

export const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
