import { quoted } from './quoted.ts';

/**
 * Rules for one name in a path. Each returns why the name is refused, as the rest of a sentence that starts with the
 * quoted name ("“aux.txt” is a name …"), or null when it is fine.
 */

/** Names NTFS, ext4 and exFAT hold at most: 255 UTF-16 units, 255 bytes of UTF-8. */
const longestName = 255;

/**
 * Reserved by Windows with any extension and in any folder: "Naming Files, Paths, and Namespaces", Microsoft Learn.
 * Windows also looks past spaces before the extension (`con .txt`) and treats ¹ ² ³ as digits.
 */
const reservedDevice = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)/i;

const encoder = new TextEncoder();

/** A name that can be made on Windows and on Linux alike. */
export function newNameProblem(name: string): string | null {
  return (
    linuxNameProblem(name) ??
    windowsNameProblem(name) ??
    (/\p{Cc}/u.test(name) ? 'contains a control character' : null) ??
    lengthProblem(name)
  );
}

/** A name that stays one name on Linux: nothing else can change where a path leads there. */
export function linuxNameProblem(name: string): string | null {
  if (name === '') return 'is an empty name';
  if (name === '.') return 'stands for the folder itself';
  if (name === '..') return 'leads to the folder above';
  if (name.includes('/')) return 'contains “/”';
  if (name.includes('\0')) return 'contains a NUL character';
  // Half a pair would be written as U+FFFD and so name another file.
  if (/\p{Cs}/u.test(name)) return 'is not valid Unicode (half of a surrogate pair)';
  return null;
}

/**
 * A name that Windows takes as it is. The Win32 layer rewrites some (`x.` and `x ` become `x`, `.. ` becomes `..`),
 * opens a device for others, a second stream of a file for `x:y`, and reads `\` as a separator.
 */
export function windowsNameProblem(name: string): string | null {
  const common = linuxNameProblem(name);
  if (common !== null) return common;
  if (name.includes('\\')) return 'contains “\\”; write “/” between folders';
  if (name.includes(':')) return 'contains “:”, which Windows reads as a drive or a second stream of a file';
  const character = /[<>"|?*]/.exec(name)?.[0];
  if (character !== undefined) return `contains ${quoted(character)}, which Windows does not allow in names`;
  if (hasLowControl(name)) return 'contains a control character';
  if (name.endsWith('.')) return 'ends with a dot, which Windows drops';
  if (name.endsWith(' ')) return 'ends with a space, which Windows drops';
  if (reservedDevice.test(name)) return 'is a name that Windows keeps for a device';
  return null;
}

function lengthProblem(name: string): string | null {
  if (name.length > longestName) return `is longer than ${longestName} characters`;
  // A UTF-16 unit takes at most 3 bytes.
  if (name.length * 3 > longestName && encoder.encode(name).length > longestName) {
    return `is longer than ${longestName} bytes`;
  }
  return null;
}

function hasLowControl(name: string): boolean {
  for (let i = 0; i < name.length; i += 1) if (name.charCodeAt(i) < 32) return true;
  return false;
}
