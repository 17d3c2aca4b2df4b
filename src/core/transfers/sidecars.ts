import { extensionOf } from '../paths/rel-path-parts.ts';

/**
 * What tools put beside a model, under its name without the extension: previews and descriptions of A1111, Forge,
 * SwarmUI, CivitAI Helper, LoRA Manager, Stability Matrix.
 */
const sidecarExtensions = new Set([
  '.civitai.info',
  '.cm-info.json',
  '.metadata.json',
  '.swarm.json',
  '.json',
  '.txt',
  '.md',
  '.yaml',
  '.yml',
  '.sha256',
  '.preview.png',
  '.preview.jpg',
  '.preview.jpeg',
  '.preview.webp',
  '.preview.mp4',
  '.png',
  '.jpg',
  '.jpeg',
  '.webp',
  '.gif',
  '.mp4',
]);

/** Names among `names` (of the same folder) that belong to a model of this name. */
export function sidecarsOf(modelName: string, names: readonly string[]): readonly string[] {
  const stem = stemOf(modelName);
  if (stem === null) return [];
  const prefixes = [`${stem}.`, `${modelName}.`];
  return names.filter((name) =>
    prefixes.some(
      (prefix) => name.startsWith(prefix) && sidecarExtensions.has(name.slice(prefix.length - 1).toLowerCase()),
    ),
  );
}

/** Other names among `names` that are no sidecars and share their name without extension with a model. */
export function modelsBeside(modelName: string, names: readonly string[]): readonly string[] {
  const stem = stemOf(modelName);
  return stem === null ? [] : names.filter((name) => name !== modelName && stemOf(name) === stem);
}

/** What sidecars of a file are named after; null for a file that has none, such as a sidecar. */
function stemOf(name: string): string | null {
  const extension = extensionOf(name);
  const stem = name.slice(0, name.length - extension.length);
  return stem === '' || stem === name || sidecarExtensions.has(extension.toLowerCase()) ? null : stem;
}

/** As `sidecarsOf`, of names that are sorted: looks only at those that begin alike. */
export function countSidecars(modelName: string, sortedNames: readonly string[]): number {
  const stem = modelName.slice(0, modelName.length - extensionOf(modelName).length);
  const prefix = `${stem}.`;
  let low = 0;
  let high = sortedNames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sortedNames[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (sortedNames[end]?.startsWith(prefix)) end += 1;
  // The model itself begins so, too.
  return end - low < 2 ? 0 : sidecarsOf(modelName, sortedNames.slice(low, end)).length;
}
