import {
  errorCodes,
  errorKinds,
  exitFinishedWithFailures,
  exitStatusOf,
  httpStatusOf,
} from '../../src/contract/errors.ts';
import { code, fence, page, table } from './markdown.mjs';

export function errorsPage() {
  const kinds = errorKinds.map((kind) => [kind, httpStatusOf[kind], exitStatusOf[kind]]);
  const codes = Object.entries(errorCodes).sort(([, [a]], [, [b]]) => errorKinds.indexOf(a) - errorKinds.indexOf(b));
  return page(
    'Errors',
    'Every failure has a code, which is stable for scripts, and belongs to a kind, which decides the HTTP status and the exit status. Over HTTP and with `--json` it is one object:',
    fence(
      'json',
      '{"error":{"code":"LOCATION_NOT_FOUND","kind":"not-found","message":"There is no location called “nas”.","hint":"Known locations: local, lake."}}',
    ),
    `\`message\` is one sentence for a person, \`hint\` what to do about it; both may change. Exit status 0 means done, ${exitFinishedWithFailures} finished while some items failed; they are listed in the output.`,
    '## Kinds',
    table(['Kind', 'HTTP', 'Exit'], kinds),
    '## Codes',
    table(
      ['Code', 'Kind', 'HTTP', 'Exit', 'When'],
      codes.map(([name, [kind, when]]) => [code(name), kind, httpStatusOf[kind], exitStatusOf[kind], when]),
    ),
  );
}
