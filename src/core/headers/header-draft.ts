import type { FileFormat, HeaderField, ModelHeader } from '../../contract/headers.ts';
import type { HeaderTensor, ReadHeader } from '../ports/model-header.ts';
import { BadHeader } from './byte-reader.ts';

const mostFields = 500;
const mostTensors = 10_000;
const mostDtypes = 64;
export const longestValue = 4_000;
export const longestKey = 300;

/** Gathers a header; whatever goes over a bound is counted and not kept. */
export class HeaderDraft {
  readonly warnings: string[] = [];
  headerBytes = 0;
  readonly format: FileFormat;
  private readonly metadata: HeaderField[] = [];
  private readonly facts: HeaderField[] = [];
  private readonly tensors: HeaderTensor[] = [];
  private readonly dtypes = new Map<string, { tensors: number; parameters: number }>();
  private metadataTotal = 0;
  private tensorCount: number | null = null;
  private parameters = 0;

  constructor(format: FileFormat) {
    this.format = format;
  }

  addMetadata(key: string, value: string): void {
    this.metadataTotal += 1;
    if (this.metadata.length < mostFields) this.metadata.push({ key, value });
  }

  addFact(key: string, value: string | undefined): void {
    if (value !== undefined && value.trim() !== '') this.facts.push({ key, value });
  }

  /** The first of these fields that the metadata has. */
  find(...keys: readonly string[]): string | undefined {
    return keys
      .map((key) => this.metadata.find((field) => field.key === key)?.value)
      .find((value) => value !== undefined);
  }

  startTensors(): void {
    this.tensorCount ??= 0;
  }

  addTensor(name: string, dtype: string, shape: readonly number[]): void {
    const parameters = shape.reduce((product, length) => product * length, 1);
    if (!Number.isSafeInteger(this.parameters + parameters))
      throw new BadHeader(`the tensor “${name}” is too large to be true`);
    this.tensorCount = (this.tensorCount ?? 0) + 1;
    this.parameters += parameters;
    if (this.tensors.length < mostTensors) this.tensors.push({ name, description: `${dtype} [${shape.join(', ')}]` });
    const shown = this.dtypes.has(dtype) || this.dtypes.size < mostDtypes ? dtype : 'others';
    const known = this.dtypes.get(shown) ?? { tensors: 0, parameters: 0 };
    this.dtypes.set(shown, { tensors: known.tensors + 1, parameters: known.parameters + parameters });
  }

  done(): ReadHeader {
    const { format, warnings, headerBytes, facts, metadata, metadataTotal, tensorCount } = this;
    const dtypes = [...this.dtypes]
      .map(([dtype, counts]) => ({ dtype, ...counts }))
      .sort((one, other) => other.parameters - one.parameters);
    const parameters = tensorCount === null ? null : this.parameters;
    const header: ModelHeader = {
      format,
      warnings,
      headerBytes,
      facts,
      metadata,
      metadataTotal,
      tensorCount,
      parameters,
      dtypes,
    };
    return { header, tensors: this.tensors };
  }
}
