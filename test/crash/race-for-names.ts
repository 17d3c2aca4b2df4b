import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { makeChance } from './chance.ts';
import { type Disks, lookAt, type SeenFile } from './disks.ts';
import type { Mover } from './mover.ts';
import { judge, noFindings, union } from './oracle.ts';
import { plainDisks } from './plain-disks.ts';
import { makeProcessGroups } from './process-group.ts';
import { addCycle, emptyTally, type Tally } from './tally.ts';
import { type Undoing, withUndoing } from './undoing.ts';
import { writeWorkload } from './workload.ts';

export interface RaceOptions {
  readonly mover: Mover;
  readonly seed: number;
  /** Runs in which another program took at least one name. */
  readonly cycles: number;
}

/** Another program makes files under the names of targets that are being copied; they are its own and must stay. */
export async function raceForNames({ mover, seed, cycles }: RaceOptions): Promise<Tally> {
  const verbs = mover.verbs.filter((verb) => verb === 'copy' || verb === 'move');
  let tally = emptyTally;
  for (let n = 0; tally.cycles < cycles && n < cycles * 3; n += 1) {
    const verb = verbs[n % verbs.length]!;
    const findings = await withUndoing((undoing) => raceOnce({ mover, verb, seed: seed * 1_000 + n, undoing }));
    if (findings) tally = addCycle(tally, findings, `${verb}, seed ${seed}, run ${n}`);
  }
  return tally;
}

interface Race {
  readonly mover: Mover;
  readonly verb: 'copy' | 'move';
  readonly seed: number;
  readonly undoing: Undoing;
}

async function raceOnce({ mover, verb, seed, undoing }: Race) {
  const disks = await plainDisks(undoing);
  const chance = makeChance(seed);
  const order = writeWorkload(disks, verb, 'w', chance, { files: 6, maxBytes: 3_000_000 });
  const before = lookAt(disks);
  const taken = new Map<string, SeenFile>();
  const free = new Set(order.relPaths);
  const watcher = fs.watch(path.join(disks.lake, 'w'), () => {
    for (const relPath of free) {
      if (chance.next() > 0.3) continue;
      free.delete(relPath);
      const seen = take(disks, relPath);
      if (seen) taken.set(relPath, seen);
    }
  });
  const performed = await mover.perform(order, { disks, groups: makeProcessGroups(), keepExisting: true });
  watcher.close();
  if (taken.size === 0) return null;
  const withTaken = { local: before.local, lake: new Map([...before.lake, ...taken]) };
  const findings = union(noFindings(), judge(withTaken, lookAt(disks), [{ order, progress: 'begun' }]));
  if (performed.isDone && mover.name === 'weightroom') findings.other.add('says nothing of names that were taken');
  return findings;
}

function take({ lake }: Disks, relPath: string): SeenFile | null {
  const bytes = `made by another program: ${relPath}`;
  try {
    fs.writeFileSync(path.join(lake, relPath), bytes, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  return { size: bytes.length, mtimeMs: 0, sha256: createHash('sha256').update(bytes).digest('hex') };
}
