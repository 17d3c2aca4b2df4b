/**
 * Rewrites a finished bundle so that Node starts it sooner. Both rewrites keep its meaning.
 *
 * - Imports of Node's own modules become `process.getBuiltinModule`: for an ES import Node reads every getter of the
 *   module, and so `node:http` loads undici (50 to 100 ms of a start) and `node:fs` its streams.
 * - Characters beyond ASCII become escapes: with a single “…” in it, a source is decoded, hashed and kept in two bytes a
 *   character. They stand in strings and patterns alone, where an escape means the same; where it does not, the build ends.
 */
export function quickToStart(name, code) {
  const notEscapable = /String\.raw`[^`]*[\u0080-\uffff]|(?<!\\)(?:\\\\)*\\[\u0080-\uffff]/.exec(code);
  if (notEscapable) throw new Error(`${name}: “${notEscapable[0]}” would mean something else with an escape.`);
  const escaped = code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const rewritten = escaped.replace(
    /\bimport ?([^;"'()]*?) ?from ?"(node:[a-z_/]+)";/g,
    (_, wanted, from) => `${declarations(wanted.trim(), from)};`,
  );
  const left = /\bimport ?[^;"'()]*"node:[a-z_/]+"/.exec(rewritten);
  if (left) throw new Error(`${name}: “${left[0]}” is not understood.`);
  return rewritten;
}

/** `fs,{readFileSync as read}` as declarations of the same names. */
function declarations(wanted, from) {
  const named = /\{[^}]*\}/.exec(wanted)?.[0];
  const whole = wanted
    .replace(named ?? '', '')
    .replace(',', '')
    .replace(/^\* ?as /, '')
    .trim();
  const parts = [];
  if (whole !== '') parts.push(`${whole}=process.getBuiltinModule("${from}")`);
  if (named) parts.push(`${named.replace(/ as /g, ':')}=process.getBuiltinModule("${from}")`);
  return `const ${parts.join(',')}`;
}
