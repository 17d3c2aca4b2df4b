import type { Check, DoctorReport } from '../../../contract/doctor.ts';

function* section(title: string, checks: readonly Check[]): Generator<string> {
  yield title;
  for (const { title: name, status, detail, hint } of checks) {
    yield `  ${status.padEnd(7)} ${name}: ${detail}${hint ? ` ${hint}` : ''}`;
  }
  yield '';
}

/** The report for a bug report or a forum. */
export function reportText(report: DoctorReport, titleOf: (location: string) => string): string {
  return [
    ...section('This machine', report.machine),
    ...report.locations.flatMap(({ location, path, checks }) => [...section(`${titleOf(location)} (${path})`, checks)]),
  ]
    .join('\n')
    .trim();
}
