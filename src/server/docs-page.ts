import { errorCodes, httpStatusOf } from '../contract/errors.ts';
import { eventTypes } from '../contract/events.ts';
import type { OpenApiDocument, OpenApiOperation } from './openapi.ts';

/** The OpenAPI document as a page to read; no script, its style comes from its own address. */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method.toUpperCase(), path, operation)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Weightroom API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/style.css">
</head>
<body>
<main>
<h1>Weightroom API ${escaped(document.info.version)}</h1>
<p>The same as <a href="/api/docs/openapi.json">OpenAPI 3.1 for programs</a>. Every request carries
<code>Authorization: Bearer TOKEN</code> or the cookie of the page, unless it says “no token”.</p>
${operations.join('\n')}
<h2>Events</h2>
${table(
  ['Type', 'Meaning'],
  Object.entries(eventTypes).map(([type, [, meaning]]) => [code(type), escaped(meaning)]),
)}
<h2>Errors</h2>
${table(['Code', 'Status', 'Kind', 'When'], errorRows())}
</main>
</body>
</html>
`;
}

function section(method: string, path: string, operation: OpenApiOperation): string {
  const note = operation.security === undefined ? '' : ' <small>no token</small>';
  const parameters = operation.parameters.map((parameter) => [
    code(parameter.name),
    parameter.in,
    parameter.required ? 'yes' : 'no',
    escaped(parameter.description ?? ''),
    code(JSON.stringify(parameter.schema)),
  ]);
  return `<section id="${escaped(operation.operationId)}">
<h2><code>${method} ${escaped(path)}</code>${note}</h2>
<p>${escaped(operation.summary)}</p>
${parameters.length > 0 ? table(['Parameter', 'In', 'Required', 'Meaning', 'Schema'], parameters) : ''}
${details('Body', operation.requestBody)}
${details('Answers', operation.responses)}
</section>`;
}

function errorRows(): string[][] {
  return Object.entries(errorCodes).map(([name, [kind, when]]) => [
    code(name),
    String(httpStatusOf[kind]),
    kind,
    escaped(when),
  ]);
}

function details(title: string, content: unknown): string {
  if (content === undefined) return '';
  return `<details><summary>${title}</summary><pre>${escaped(JSON.stringify(content, null, 2))}</pre></details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads = head.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${heads}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const docsStyle = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #8885; margin-top: 2rem; }
h2 { font-size: 1.05rem; margin-top: 1.5rem; }
small { font-weight: normal; opacity: 0.75; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
td code { overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 30rem; padding: 0.75rem; border: 1px solid #8884; border-radius: 6px; }
`;
