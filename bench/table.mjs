import { formatFigure, medianMs } from './measure/bars.mjs';
import { median } from './measure/statistics.mjs';

/** A Markdown table whose columns line up, so that it reads well in a terminal too. */
export function renderTable(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '/')));
  const widths = head.map((_, k) => Math.max(3, ...cells.map((row) => row[k].length)));
  const line = (row) => `| ${row.map((cell, k) => cell.padEnd(widths[k])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
}

const figureHead = ['#', 'case', 'median', 'min – max', 'CPU', 'memory', 'ours ÷ this', 'remark'];

/** One line for each contender of each row. */
export function figureTable(rows) {
  return renderTable(
    figureHead,
    rows.flatMap((row) => row.results.map((result) => figureLine(row, result))),
  );
}

function figureLine({ number, results, bytes }, result) {
  if (result.error || result.samples.length === 0) {
    return [number, result.name, '–', '–', '–', '–', '–', result.error ?? 'no figure'];
  }
  const ms = numbersOf(result, 'ms');
  const cpu = numbersOf(result, 'cpuMs');
  const peak = numbersOf(result, 'peakMiB');
  const speed = bytes && ms.length > 0 ? `${((bytes / median(ms)) * 1e-6).toFixed(2)} GB/s` : '';
  return [
    number,
    result.isOurs ? `**${result.name}**` : result.name,
    ms.length > 0 ? formatMs(median(ms)) : '–',
    ms.length > 0 ? `${formatMs(Math.min(...ms))} – ${formatMs(Math.max(...ms))}` : '–',
    cpu.length > 0 ? formatCpu(median(cpu)) : '–',
    peak.length > 0 ? `${Math.max(...peak).toFixed(0)} MiB` : '–',
    ratioOf(results, result),
    [speed, result.remark].filter(Boolean).join('; '),
  ];
}

const numbersOf = ({ samples }, field) => samples.map((sample) => sample[field]).filter(Number.isFinite);

function ratioOf(results, result) {
  const ours = results.find(({ name, isOurs }) => isOurs && (result.beside === undefined || name === result.beside));
  if (result.isOurs || !ours?.samples.length) return '';
  return `${(medianMs(ours) / medianMs(result)).toFixed(2)} ×`;
}

/** The kernel counts in steps of 10 ms. */
function formatCpu(ms) {
  return ms < 10 ? '< 10 ms' : formatMs(ms);
}

function formatMs(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${formatFigure(ms)} ms`;
}

const verdictHead = ['#', 'work', 'level', 'bar', 'measured', 'verdict'];

/** Bars are set for the L library; on others they show no more than that the harness works. */
export function verdictTable(rows) {
  const lines = rows.flatMap(({ number, work, bars, skipped }) =>
    skipped
      ? [[number, work, '–', '–', skipped, 'skipped']]
      : bars.map(({ level, text, measured, isMet }) => [number, work, level, text, measured, verdictOf(level, isMet)]),
  );
  return renderTable(verdictHead, lines);
}

function verdictOf(level, isMet) {
  if (isMet === null) return 'unknown';
  if (isMet) return 'met';
  return level === 'must' ? '**NOT MET**' : 'not yet';
}
