/** Full path of an entry in the form of its location's platform, told by how the root is written. */
export function fullPath(root: string, relPath: string): string {
  const isWindows = /^[a-z]:|^\\\\/i.test(root);
  const separator = isWindows ? '\\' : '/';
  const base = root.endsWith(separator) ? root.slice(0, -1) : root;
  return base + separator + (isWindows ? relPath.replaceAll('/', '\\') : relPath);
}
