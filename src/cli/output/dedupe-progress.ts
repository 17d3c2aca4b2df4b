import type { DedupeScan } from '../../contract/dedupe.ts';
import type { Engine } from '../cli-host.ts';
import { formatBytes, formatCount, formatDuration } from './format.ts';
import { followEngine, type Progress } from './progress.ts';

/** Shows how a scan moves on until `work` ends. */
export async function followScan<T>(
  engine: Engine,
  progress: Progress,
  scanId: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!progress.isShown) return work();
  const stop = engine.onEvent(({ type, data }) => {
    if (type === 'dedupe.progressed' && data.scanId === scanId && data.stage !== 'listing') {
      progress.show(describeScan(data));
    }
  });
  try {
    return await followEngine(engine, progress, work);
  } finally {
    stop();
    await progress.clear();
  }
}

const doing = {
  listing: 'Reading folders',
  sampling: 'Looking at both ends',
  hashing: 'Hashing',
  comparing: 'Comparing tensors',
} as const;

function describeScan({ stage, filesDone, filesTotal, bytesDone, bytesTotal, ...rest }: DedupeScan): string {
  const { bytesPerSecond, etaSeconds, summary } = rest;
  const parts = [
    `${stage === null ? 'Ending' : doing[stage]}: ${formatCount(filesDone)} of ${formatCount(filesTotal)} files`,
  ];
  if (bytesTotal > 0) parts.push(`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`);
  if (bytesPerSecond > 0) parts.push(`${formatBytes(bytesPerSecond)}/s`);
  if (etaSeconds !== null) parts.push(`${formatDuration(etaSeconds * 1000)} left`);
  parts.push(`${formatCount(summary.groups)} groups, ${formatBytes(summary.reclaimableBytes)} so far`);
  return parts.join(', ');
}
