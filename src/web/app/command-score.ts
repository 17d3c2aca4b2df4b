/**
 * How well a command fits what is typed, 0 to 1; 0: not at all. Every typed word has to be in it: at the beginning of one
 * of its words, or else somewhere inside. Letters that are merely there in this order say nothing.
 */
export function commandScore(command: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = command.toLowerCase();
  const starts = ` ${text.split(/[^\p{L}\p{N}]+/u).join(' ')}`;
  const each = words.map((word) => (starts.includes(` ${word}`) ? 1 : text.includes(word) ? 0.5 : 0));
  return words.length === 0 ? 1 : each.reduce<number>((product, one) => product * one, 1);
}
