import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cellOf, pageOf, type TableRow, tableOf } from './fault-table.ts';
import type { Mover } from './mover.ts';
import { peerMovers } from './peers.ts';
import { pieces, type Row, rows } from './rows.ts';
import { addTally, emptyTally, isClean, type Tally } from './tally.ts';
import { weightroom } from './weightroom-mover.ts';

export interface ReleaseOptions {
  /** Cycles of each row for each program; its own numbers where left out. */
  readonly cycles?: number;
  /** Only rows whose name contains this. */
  readonly only?: string;
  /** Only programs whose name begins so. */
  readonly program?: string;
  /** Writes the page after a part, too. */
  readonly page?: boolean;
}

export interface ReleaseEnd {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** So many cycles at once share a set-up. */
const pieceCycles = 50;
const pageFile = fileURLToPath(new URL('../../docs/fault-table.md', import.meta.url));

/** Runs all faults against all programs, prints the table, and writes the page of a full run. */
export async function testRelease({
  cycles,
  only = '',
  program = '',
  page = false,
}: ReleaseOptions): Promise<ReleaseEnd> {
  const startedAt = new Date();
  const movers = [weightroom, ...peerMovers].filter((mover) => mover.name.startsWith(program));
  const chosen = rows.filter(({ name }) => name.includes(only));
  const table: TableRow[] = [];
  for (const row of chosen) {
    const cells = new Map<string, Tally | string>();
    const skipped = await row.skip();
    for (const mover of movers) {
      cells.set(mover.name, skipped || (await cellFor(row, mover, cycles)));
      process.stdout.write(`${row.name} · ${mover.name}: ${cellOf(cells.get(mover.name))}\n`);
    }
    tellFindings(cells.get(weightroom.name));
    table.push({ name: row.name, cells });
  }
  process.stdout.write(`\n${tableOf(table, movers)}\n`);
  const minutes = (Date.now() - startedAt.getTime()) / 60_000;
  const isFull = cycles === undefined && only === '' && program === '';
  if (isFull || page) writeFileSync(pageFile, pageOf({ rows: table, movers, startedAt, minutes }));
  return endOf(table);
}

async function cellFor(row: Row, mover: Mover, cycles: number | undefined): Promise<Tally | string> {
  if (!row.applies(mover)) return '–';
  if (mover.version() === null) return 'not installed';
  const wanted = cycles ?? (mover === weightroom ? row.cycles.ours : row.cycles.peers);
  const waiting = [...pieces(wanted, Math.min(pieceCycles, Math.ceil(wanted / availableParallelism())))];
  let tally = emptyTally;
  const work = async (): Promise<void> => {
    for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
      const more = await row.run({ mover, ...piece });
      tally = addTally(tally, more);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return tally;
}

function tellFindings(cell: Tally | string | undefined): void {
  if (cell === undefined || typeof cell === 'string') return;
  for (const example of cell.examples) process.stdout.write(`  ${example}\n`);
}

/** Only ours can fail; what the peers do is told. */
function endOf(table: readonly TableRow[]): ReleaseEnd {
  const cells = table.map(({ cells: all }) => all.get(weightroom.name));
  const skipped = cells.filter((cell) => cell === undefined || typeof cell === 'string').length;
  const failed = cells.filter((cell) => typeof cell === 'object' && !isClean(cell)).length;
  return { passed: cells.length - skipped - failed, failed, skipped };
}
