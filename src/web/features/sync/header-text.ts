import type { FileFormat } from '../../../contract/headers.ts';
import { visibleName } from '../../ui/visible-name.ts';

export const formatNames: Readonly<Record<FileFormat, string>> = {
  safetensors: 'safetensors',
  gguf: 'GGUF',
  zip: 'PyTorch (zip)',
  pickle: 'Python pickle',
  onnx: 'ONNX',
  'web-page': 'web page',
  json: 'JSON text',
  'lfs-pointer': 'Git LFS pointer',
  empty: 'empty file',
  unknown: 'not known',
};

const steps = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const;

/** The way models are spoken of: `11.9 B`, `860 M`. */
export function formatParameters(count: number): string {
  for (const [size, unit] of steps) {
    if (count < size) continue;
    const value = count / size;
    return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 100 ? 1 : 0 })} ${unit}`;
  }
  return String(count);
}

const longestShown = 600;

/** Text of a file: lines stay lines, everything that could deceive the eye is written out, and length is bounded. */
export function headerText(value: string, longest = longestShown): string {
  const shown = value.length > longest ? `${value.slice(0, longest)}…` : value;
  return shown
    .split(/\r?\n/)
    .map((line) => visibleName(line.replaceAll('\t', ' ')))
    .join('\n');
}
