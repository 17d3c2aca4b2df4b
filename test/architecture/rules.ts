import {
  type Edge,
  isExternal,
  isNode,
  place,
  type SourceFile,
  type SyntaxNode,
  type Visited,
} from './source-files.ts';

/** Layers that must give the same answer for the same input, wherever and whenever they run. */
export const pureLayers = ['contract', 'core', 'features'];

/** Third-party packages that a pure layer may import. */
const packagesOf: Readonly<Record<string, readonly string[]>> = { contract: ['zod'], core: [], features: [] };

/** Names that reach the clock, chance, timers or the terminal. `AbortController` is a port: core/ports/abort.ts. */
const impureNames = new Set([
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'clearTimeout',
  'clearInterval',
  'crypto',
  'console',
  'process',
  'Buffer',
  'fetch',
  'globalThis',
  'Intl',
]);

/** Clock, chance and other ways out of the program in a file that must have none. */
export function impurities(file: SourceFile): string[] {
  return file.nodes
    .filter((visited) => isReference(visited) && isImpure(visited))
    .map(({ node }) => `${place(file, node)} uses ${String(node.name)}`);
}

function isReference({ node, parent, field }: Visited): boolean {
  if (node.type !== 'Identifier' || parent === null) return false;
  if (/^(Member|Static)/.test(parent.type) && field === 'property') return parent.computed === true;
  return !(field === 'key' && parent.computed !== true && parent.shorthand !== true);
}

function isImpure({ node, parent }: Visited): boolean {
  const name = String(node.name);
  if (name === 'Date') return !isDeterministicDate(node, parent);
  if (name === 'Math') return memberName(parent) === 'random';
  return impureNames.has(name);
}

/** `Date.UTC`, `Date.parse` and `new Date(x)` only compute. */
function isDeterministicDate(node: SyntaxNode, parent: SyntaxNode | null): boolean {
  if (parent?.type === 'NewExpression' && parent.callee === node) {
    const given = parent.arguments;
    return Array.isArray(given) && given.length > 0;
  }
  return parent?.type === 'TSTypeReference' || ['UTC', 'parse'].includes(memberName(parent));
}

function memberName(parent: SyntaxNode | null): string {
  const property = parent?.type === 'MemberExpression' ? parent.property : null;
  return isNode(property) ? String(property.name ?? property.value) : '';
}

export function foreignPackages({ path, layer, imports }: SourceFile): string[] {
  const allowed = packagesOf[layer];
  if (allowed === undefined) return [];
  return imports.filter((name) => isExternal(name) && !allowed.includes(name)).map((name) => `${path} imports ${name}`);
}

/** `any`, and comments that switch a check off. Non-null assertions and TS comments too. */
export function weakenings(file: SourceFile): string[] {
  const typed = file.nodes.filter(({ node }) => node.type === 'TSAnyKeyword' || node.type === 'TSNonNullExpression');
  const marks = [...file.text.matchAll(/@ts-(?:ignore|nocheck|expect-error)|biome-ignore|eslint-disable/g)];
  return [
    ...typed.map(({ node }) => `${place(file, node)} has ${node.type === 'TSAnyKeyword' ? '`any`' : 'a `!`'}`),
    ...marks.map(([mark]) => `${file.path} has ${mark}`),
  ];
}

/** Parts of core, lowest first; each may import those before it and itself. Parts in one row do not know each other. */
export const coreOrder = [
  ['errors'],
  ['paths'],
  ['ports'],
  ['events', 'settings', 'hashing', 'locations'],
  ['headers'],
  ['catalog'],
  ['transfers'],
  ['dedupe'],
];

/** What two ports and two adapters speak of: a type without behaviour. docs/adr/0014 says why it is not a port. */
const locationDefinition = 'src/core/locations/location-definition.ts';

/** What platform may know of core: the ports, the words they are written in, and the errors it throws. */
const platformKnows = ['errors', 'ports', 'paths'];

/** Why an import between two files of `src` is not allowed; null where it is. */
export function importProblem({ from, to }: Edge): string | null {
  if (to === locationDefinition && /^src\/(core\/ports|platform)\//.test(from)) return null;
  const [fromLayer = '', fromPart = ''] = partsOf(from);
  const [toLayer = '', toPart = ''] = partsOf(to);
  if (fromLayer === 'features' && toLayer === 'features' && fromPart !== toPart) return 'a feature imports another';
  if (fromLayer === 'core' && toLayer === 'core') return coreProblem(fromPart, toPart);
  if (fromLayer === 'platform' && toLayer === 'core' && !platformKnows.includes(toPart)) {
    return `platform knows only ${platformKnows.join(', ')} of core`;
  }
  if (fromLayer === 'web' && toLayer === 'web') return webProblem(from, to);
  return null;
}

function partsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function coreProblem(from: string, to: string): string | null {
  if (from === to) return null;
  const rank = (part: string) => coreOrder.findIndex((row) => row.includes(part));
  if (rank(from) < 0 || rank(to) < 0) return 'a part of core that has no place in the order';
  return rank(to) < rank(from) ? null : `core/${from} stands below or beside core/${to}`;
}

function webProblem(from: string, to: string): string | null {
  const [, fromPart = '', fromFeature] = partsOf(from);
  const [, toPart = '', toFeature] = partsOf(to);
  if (fromPart === 'features') {
    if (toPart === 'app') return 'a feature of the page imports its frame';
    return toPart === 'features' && fromFeature !== toFeature ? 'a feature of the page imports another' : null;
  }
  if (fromPart === 'ui' && toPart !== 'ui') return 'the design system imports what is built with it';
  if (fromPart === 'api' && !['api', 'ui'].includes(toPart)) return 'the client imports what uses it';
  return null;
}

/** Circles of imports, each as the list of its files. */
export function importCycles(edges: readonly Edge[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const trail: string[] = [];
  const cycles: string[][] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const to of targets.get(path) ?? []) visit(to);
    trail.pop();
    done.add(path);
  };
  for (const path of targets.keys()) visit(path);
  return cycles;
}
