import type { ErrorBody } from '../../contract/errors.ts';
import type {
  FolderOfRequest,
  FolderSurvey,
  ListedFolder,
  ListFoldersRequest,
  SeenAs,
  ShownFolder,
} from '../../core/ports/folder-looks.ts';

/** Messages between the program and the process that looks at the folders of one drive; one request at a time. */
export type ToLooker =
  | { readonly op: 'folder-of'; readonly request: FolderOfRequest }
  | {
      readonly op: 'list';
      readonly request: ListFoldersRequest;
      /** Paths that are named but not looked into: mount points of shares, which may be dead or asleep. */
      readonly untouched: readonly string[];
    }
  | { readonly op: 'survey'; readonly path: string };

export type FromLooker =
  | { readonly type: 'ready' }
  /** The drive is slow but answers. */
  | { readonly type: 'alive' }
  | { readonly type: 'folder-of'; readonly shown: ShownFolder }
  /** Names first: whoever waits has them even if a look into one of the folders never returns. */
  | { readonly type: 'names'; readonly listing: SeenAs & { total: number; folders: readonly ListedFolder[] } }
  | { readonly type: 'looked'; readonly index: number; readonly folder: ListedFolder | null }
  | { readonly type: 'listed' }
  | { readonly type: 'surveyed'; readonly survey: FolderSurvey }
  | { readonly type: 'failed'; readonly error: ErrorBody['error'] };
