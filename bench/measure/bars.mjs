import { median } from './statistics.mjs';

/**
 * A bar is `{level, text, measured, isMet}`: what must hold or is aimed at, what was measured, and whether it holds;
 * `isMet` is null when it could not be measured, and `measured` then says why.
 */
const bar = (level, text, measured, isMet) => ({ level, text, measured, isMet });

export const medianMs = ({ samples }) => median(samples.map(({ ms }) => ms));

/** Our time against that of a peer in the same race. */
export function timeAgainst(results, { level, peer, atMost }) {
  const text = `≤ ${atMost} × ${peer}`;
  return compared(results, { level, peer, text }, (ratio) => [`${ratio.toFixed(2)} ×`, ratio <= atMost]);
}

/** Our speed against that of a peer that reads the same bytes. */
export function speedAgainst(results, { level, peer, atLeast, ours }) {
  const text = `≥ ${atLeast} × ${peer}`;
  return compared(results, { level, peer, text, ours }, (ratio) => [
    `${(1 / ratio).toFixed(2)} ×`,
    1 / ratio >= atLeast,
  ]);
}

function compared(results, { level, peer, text, ours }, judge) {
  const own = results.find(({ name, isOurs }) => (ours === undefined ? isOurs : name === ours));
  const other = results.find(({ name }) => name === peer);
  if (own?.error || !own?.samples.length) return bar(level, text, 'failed', false);
  if (!other?.samples.length) return bar(level, text, `no figure of ${peer}`, null);
  return bar(level, text, ...judge(medianMs(own) / medianMs(other)));
}

/** A figure of ours against a fixed limit. */
export function atMost(level, limit, unit, value, what = '') {
  const text = `${what}≤ ${limit} ${unit}`;
  if (!Number.isFinite(value)) return bar(level, text, 'failed', false);
  return bar(level, text, `${formatFigure(value)} ${unit}`, value <= limit);
}

export function holds(level, text, measured, isMet) {
  return bar(level, text, measured, isMet);
}

export function formatFigure(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
