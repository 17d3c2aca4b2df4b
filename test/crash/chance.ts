import { createCipheriv } from 'node:crypto';

const zeroes = Buffer.alloc(16);

/** Numbers that only look like chance: the same seed gives the same run, as far as the machine lets it. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  /** From `from` to `to`, both included. */
  whole(from: number, to: number): number;
  pick<T>(values: readonly [T, ...T[]] | readonly T[]): T;
  bytes(size: number): Buffer;
}

/** mulberry32. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    pick: (values) => values[whole(0, values.length - 1)]!,
    // A key stream: as good as chance, and as fast as memory.
    bytes(size) {
      const cipher = createCipheriv('aes-128-ctr', Buffer.from(`${whole(0, 999_999)}`.padStart(16, '0')), zeroes);
      return cipher.update(Buffer.alloc(size));
    },
  };
}
