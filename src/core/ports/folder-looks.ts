/**
 * Looks at folders anywhere on this machine, for the folder picker, the first run and "open folder". Each drive is
 * looked at by a process of its own with a deadline, so that a dead share costs its own answers only. Writes nothing.
 *
 * Every method rejects with `AppError`: FILE_NOT_FOUND, ACCESS_DENIED …, LOCATION_OFFLINE when the drive does not answer
 * within 2 s, CANCELLED once it is closed.
 */
export interface FolderLooks {
  /** The folder that shows `path`: itself when it is one, else the one it lies in. */
  folderOf(request: FolderOfRequest): Promise<ShownFolder>;
  /** Folders in a folder. What could not be looked at in time is listed with `null` in the place of what it is. */
  list(request: ListFoldersRequest): Promise<FolderListing>;
  /** What a folder looks like from inside, and how many models it holds as far as a short look tells. */
  survey(path: string): Promise<FolderSurvey>;
  /** Ends the processes; running calls reject. Never waits for a drive. */
  close(): void;
}

export interface FolderOfRequest {
  /** Folder that the answer must lie in, links resolved. */
  readonly root: string;
  readonly path: string;
}

export interface ShownFolder {
  /** Full path of the folder, links resolved. */
  readonly folder: string;
  /** Name of the file to point out in it; null for the folder as a whole. */
  readonly file: string | null;
}

export interface ListFoldersRequest {
  readonly path: string;
  readonly offset: number;
  readonly limit: number;
  /** Also those whose names begin with a dot. */
  readonly hidden: boolean;
}

/**
 * `comfyui`: an install, with a models folder in it. `comfyui-models`: such a models folder. `webui`: Automatic1111,
 * Forge and their kin. `models`: files of models lie in it.
 */
export type FolderLook = 'comfyui' | 'comfyui-models' | 'webui' | 'models';

export interface SeenAs {
  readonly looks: FolderLook | null;
  /** The folder to take as a location; null where nothing speaks for one. */
  readonly modelsPath: string | null;
}

export interface ListedFolder extends SeenAs {
  readonly name: string;
  readonly path: string;
  readonly isLink: boolean;
  /** null: not looked at, or no answer in time. */
  readonly readable: boolean | null;
}

export interface FolderListing extends SeenAs {
  /** Natural order of names. */
  readonly folders: readonly ListedFolder[];
  /** Of all folders, not only of those in `folders`. */
  readonly total: number;
}

export interface FolderSurvey extends SeenAs {
  readonly modelFiles: number;
  /** The look ended before the folder did: there may be more. */
  readonly isPartial: boolean;
}
