import { createRequire } from 'node:module';
import type { Hasher, Hashers } from '../../core/ports/hashers.ts';

interface NativeBlake3 {
  update(input: Uint8Array): unknown;
  digestBuffer(): Uint8Array<ArrayBuffer>;
  reset(): unknown;
}

export interface LoadedHashers extends Hashers {
  /** `native`: 2.0-2.4 GB/s a thread; `wasm`: 0.45 GB/s, where the native library does not load. */
  readonly blake3Kind: 'native' | 'wasm';
  readonly nativeFailure: string | null;
}

/** Loads BLAKE3 once per thread. The Windows binary needs VCRUNTIME140.dll, so loading it may fail and is not an error. */
export async function loadHashers(options: { readonly forceWasm?: boolean } = {}): Promise<LoadedHashers> {
  const native = options.forceWasm ? 'switched off' : loadNative();
  const sha256 = (): Hasher => {
    // Loaded when wanted, as below: threads that make BLAKE3 hashes alone need none of it.
    const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  };
  if (typeof native !== 'string') {
    return { blake3: reuseHashers(native), sha256, blake3Kind: 'native', nativeFailure: null };
  }
  return { blake3: await createWasmBlake3(), sha256, blake3Kind: 'wasm', nativeFailure: native };
}

/** A new one costs as much as hashing 8 KiB does (3 µs), so those that are done are used again. */
function reuseHashers(native: new () => NativeBlake3): () => Hasher {
  const idle: NativeBlake3[] = [];
  return () => {
    const hasher = idle.pop() ?? new native();
    let isDone = false;
    return {
      update: (bytes) => void hasher.update(bytes),
      digest() {
        if (isDone) throw new RangeError('a hash has one digest');
        isDone = true;
        const digest = new Uint8Array(hasher.digestBuffer());
        hasher.reset();
        idle.push(hasher);
        return digest;
      },
    };
  };
}

function loadNative(): (new () => NativeBlake3) | string {
  try {
    const library = createRequire(import.meta.url)('@napi-rs/blake-hash') as { Blake3Hasher: new () => NativeBlake3 };
    return library.Blake3Hasher;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/**
 * One WebAssembly instance serves all running hashes of a thread: it holds the state of one of them, and switching to
 * another saves the one and loads the other (2 KB, once per chunk).
 */
async function createWasmBlake3(): Promise<() => Hasher> {
  // It takes a thread 40 ms, which nearly never needs it.
  const { createBLAKE3 } = await import('hash-wasm');
  const instance = await createBLAKE3();
  let loaded: { state: Uint8Array | null } | null = null;
  const switchTo = (hash: { state: Uint8Array | null }): void => {
    if (loaded === hash) return;
    if (loaded) loaded.state = instance.save();
    if (hash.state) instance.load(hash.state);
    else instance.init();
    loaded = hash;
  };
  return () => {
    const hash: { state: Uint8Array | null } = { state: null };
    return {
      update: (bytes) => {
        switchTo(hash);
        instance.update(bytes);
      },
      digest: () => {
        switchTo(hash);
        loaded = null;
        return new Uint8Array(instance.digest('binary'));
      },
    };
  };
}
