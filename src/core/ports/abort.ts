/** The part of the platform's `AbortController` that the layers without a platform use; the composition makes it. */
export interface AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}
