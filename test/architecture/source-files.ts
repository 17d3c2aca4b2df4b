import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

export const root = join(import.meta.dirname, '..', '..');

/** A node of the syntax tree (ESTree with TypeScript's additions). */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

export interface Visited {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | null;
  /** Field of the parent that holds the node. */
  readonly field: string;
}

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  /** First folder below `src`. */
  readonly layer: string;
  readonly text: string;
  readonly nodes: readonly Visited[];
  readonly imports: readonly string[];
}

/** Files below a folder of the repository, paths from its root, in order. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(root.length + 1)}/${entry.name}`.replaceAll('\\', '/'))
    .sort();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

let parsed: readonly SourceFile[] | null = null;

/** Every TypeScript file of `src`, taken apart. */
export function sourceFiles(): readonly SourceFile[] {
  parsed ??= filesBelow('src')
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => parseSource(path, readText(path)));
  return parsed;
}

export function parseSource(path: string, text: string): SourceFile {
  const program: unknown = parseAst(text, { lang: path.endsWith('.tsx') ? 'tsx' : 'ts' });
  const nodes = [...walk(program, null, '')];
  return { path, layer: path.split('/')[1] ?? '', text, nodes, imports: nodes.flatMap(importsOf) };
}

function* walk(value: unknown, parent: SyntaxNode | null, field: string): Generator<Visited> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item, parent, field);
    return;
  }
  if (!isNode(value)) return;
  yield { node: value, parent, field };
  for (const [name, child] of Object.entries(value)) yield* walk(child, value, name);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** `import`, `export … from`, `import()` and `import('…').Type` alike. */
function importsOf({ node }: Visited): string[] {
  const source = node.source;
  if (!/^Import|^Export|^TSImportType$/.test(node.type) || !isNode(source)) return [];
  return [typeof source.value === 'string' ? source.value : '(computed)'];
}

/** What a file imports for more than its types. */
export function valueImportsOf({ nodes }: SourceFile): readonly string[] {
  return nodes.filter(({ node }) => !isTypeOnly(node)).flatMap(importsOf);
}

function isTypeOnly({ type, importKind, exportKind, specifiers }: SyntaxNode): boolean {
  if (type === 'TSImportType' || importKind === 'type' || exportKind === 'type') return true;
  const named = Array.isArray(specifiers) ? specifiers.filter(isNode) : [];
  return named.length > 0 && named.every((one) => one.importKind === 'type' || one.exportKind === 'type');
}

/** The file of the repository that a relative import names. */
export function resolved(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

/** Line of a node, for messages. */
export function place({ path, text }: SourceFile, node: SyntaxNode): string {
  return `${path}:${text.slice(0, node.start).split('\n').length}`;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Imports of files by files. */
export function edgesOf(files: readonly SourceFile[]): readonly Edge[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter((name) => name.startsWith('.')).map((name) => ({ from: path, to: resolved(path, name) })),
  );
}

export function isExternal(specifier: string): boolean {
  return !specifier.startsWith('.');
}
