import fs from 'node:fs';
import path from 'node:path';
import { removeIfThere, writeFileAtomically } from './atomic-write.ts';

export interface InstanceOwner {
  readonly kind: 'server' | 'command';
  /** What the person typed, for a command: `index refresh`. */
  readonly command?: string;
}

/** What `instance.json` says about the process that holds the app-data folder. Format: docs/formats/instance.md. */
export interface InstanceRecord extends InstanceOwner {
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Where the server answers, without its token; null for a command, and until the server listens. */
  readonly url: string | null;
}

const fileName = 'instance.json';

/** It tells of a process that a power cut ends as well, so it need not last; on a busy drive that takes half a second. */
export function writeRecord(appDataDir: string, record: InstanceRecord): void {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  writeFileAtomically(path.join(appDataDir, fileName), text, { isLasting: false });
}

export function removeRecord(appDataDir: string): void {
  removeIfThere(path.join(appDataDir, fileName));
}

/** null: not there, or not understood. It only informs; the lock decides. */
export function readRecord(appDataDir: string): InstanceRecord | null {
  try {
    return toRecord(JSON.parse(fs.readFileSync(path.join(appDataDir, fileName), 'utf8')));
  } catch {
    return null;
  }
}

function toRecord(json: unknown): InstanceRecord | null {
  if (typeof json !== 'object' || json === null) return null;
  const { kind, command, pid, startedAt, url } = json as Readonly<Record<string, unknown>>;
  if (kind !== 'server' && kind !== 'command') return null;
  if (typeof pid !== 'number' || typeof startedAt !== 'string') return null;
  return {
    kind,
    ...(typeof command === 'string' ? { command } : {}),
    pid,
    startedAt,
    url: typeof url === 'string' ? url : null,
  };
}
