/** Where tasks wait between two batches while the queue is paused. */
export class PauseGate {
  private readonly isShut: () => boolean;
  private readonly waiting = new Set<() => void>();

  constructor(isShut: () => boolean) {
    this.isShut = isShut;
  }

  /** Resolves when the queue is not paused, or the signal fires. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.isShut() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  open(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
