/**
 * What every scan leaves out, whatever the settings say: folders whose name starts with a dot, litter that operating
 * systems and NAS boxes drop, and the program's own temporary and marker files.
 */
const litterFolders = new Set([
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '@eadir',
  '#recycle',
  '#snapshot',
  '__macosx',
]);
const litterFiles = new Set(['thumbs.db', 'desktop.ini', '.ds_store', 'ehthumbs.db', '.directory', '.localized']);

/** `.<name>.<task>.part`, the name a copy has until it is complete (spec 2). */
const partialCopy = /^\..+\.[A-Za-z0-9_-]+\.part$/;

export function isIgnoredFolder(name: string): boolean {
  return name.charCodeAt(0) === 46 || litterFolders.has(name.toLowerCase());
}

export function isIgnoredFile(name: string): boolean {
  const first = name.charCodeAt(0);
  if (first === 46)
    return (
      name.startsWith('._') ||
      name.startsWith('.weightroom') ||
      litterFiles.has(name.toLowerCase()) ||
      partialCopy.test(name)
    );
  // Of the litter that does not start with a dot, every name is short; most model names never reach the look-up.
  return name.length <= 11 && litterFiles.has(name.toLowerCase());
}
