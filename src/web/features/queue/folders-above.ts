/** A folder, those it lies in, and the whole location. */
export function foldersAbove(folder: string): readonly string[] {
  const names = folder === '' ? [] : folder.split('/');
  return [...names.map((_, place) => names.slice(0, names.length - place).join('/')), ''];
}
