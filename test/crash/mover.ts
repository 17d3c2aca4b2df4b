import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Disks } from './disks.ts';
import type { Order, OrderState } from './oracle.ts';
import type { GroupEnd, ProcessGroups } from './process-group.ts';

export interface Performed {
  /** The program ended and said that all is done. */
  readonly isDone: boolean;
  /** What it said, for people. */
  readonly said: string;
}

export interface PerformOptions {
  readonly disks: Disks;
  readonly groups: ProcessGroups;
  /** Starts the program through these words: `prlimit`, `setpriv`, … */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** Copies are read back and compared, where the program can. */
  readonly readBack?: boolean;
  /** With the option that keeps existing files, where that is not the rule anyway. */
  readonly keepExisting?: boolean;
  /** After a restart, what failed is tried again. */
  readonly retry?: boolean;
}

/** What a restart after a crash came to. */
export interface Recovered {
  /** The orders again: what the program itself knows to be done, or knows nothing of. */
  readonly orders: readonly OrderState[];
  /** Contradictions in the program's own words, or between them and the disks (I3, I4). */
  readonly problems: readonly string[];
  readonly doubled: readonly string[];
}

/** A program that moves files between two disks, as a person would call it. */
export interface Mover {
  readonly name: string;
  readonly verbs: readonly Order['verb'][];
  /** Null where it is not installed. */
  readonly version: () => string | null;
  /** Whether it takes the C library's way into the kernel, where calls can be counted. */
  readonly usesLibc: boolean;
  perform(order: Order, options: PerformOptions): Promise<Performed>;
  /** One restart; orders that were not done are finished, or said to have failed. */
  recover(orders: readonly OrderState[], options: PerformOptions): Promise<Recovered>;
}

export function performedFrom({ status, stdout, stderr }: GroupEnd): Performed {
  return { isDone: status === 0, said: `${status}: ${stderr.slice(0, 2_000)}${stdout.slice(0, 4_000)}` };
}

/** Those of an order that are still at their source. */
export function leftAtSource({ relPaths }: Order, { local }: Disks): readonly string[] {
  return relPaths.filter((relPath) => existsSync(path.join(local, relPath)));
}
