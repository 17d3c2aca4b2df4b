import { z } from 'zod';
import type { Check, DoctorReport } from '../../contract/doctor.ts';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Look, Paint } from '../output/look.ts';
import { printable } from '../output/width.ts';

const doctor = defineCommand({
  path: 'doctor',
  summary: 'Show what this machine and the drives of the locations can do.',
  notes: ['Links, reflinks, case and time rules, free space, native hashing. Nothing is written into a location.'],
  examples: [
    { line: 'weightroom doctor', meaning: 'Before the first mirror, or when something is slow.' },
    { line: 'weightroom doctor --json', meaning: 'The report for a script or a bug report.' },
  ],
  exits: { 3: 'Finished, and found at least one problem.' },
  input: () => z.object({}),
  run: async (_input, session) => (await session.engine()).api.doctor({}, { signal: session.signal }),
  json: (report) => ({ value: report }),
  *text(report, look) {
    yield look.bold('This machine');
    for (const check of report.machine) yield* checkLines(check, look);
    for (const { location, path, checks } of report.locations) {
      yield '';
      yield `${look.bold(location)}  ${look.dim(printable(path))}`;
      for (const check of checks) yield* checkLines(check, look);
    }
  },
  exitStatus: (report) => (allChecks(report).some(({ status }) => status === 'problem') ? exitFinishedWithFailures : 0),
});

function allChecks(report: DoctorReport): readonly Check[] {
  return [...report.machine, ...report.locations.flatMap(({ checks }) => checks)];
}

function* checkLines(check: Check, look: Look): Iterable<string> {
  const [mark, paint] = markOf(check, look);
  yield `  ${paint(mark)} ${check.title}: ${printable(check.detail)}`;
  if (check.hint !== null) yield `    ${look.dim(printable(check.hint))}`;
}

function markOf({ status }: Check, look: Look): readonly [string, Paint] {
  switch (status) {
    case 'ok':
      return ['✓', look.green];
    case 'note':
      return ['·', look.dim];
    case 'warning':
      return ['!', look.yellow];
    case 'problem':
      return ['✗', look.red];
  }
}

export const doctorCommands: readonly Command[] = [doctor];
