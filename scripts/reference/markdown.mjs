/** A page that nobody edits by hand. */
export function page(title, ...blocks) {
  const note =
    '<!-- Written by scripts/reference.mjs from the code. Do not edit: change the code and run it again. -->';
  return `${[note, `# ${title}`, ...blocks].join('\n\n')}\n`;
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n');
}

/** A pipe ends a cell even inside code, so it is written as an entity or escaped. */
function cell(text) {
  return String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text) {
  return text === '' ? '' : `\`${text}\``;
}

export function fence(language, text) {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
