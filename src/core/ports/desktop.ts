import type { ShownFolder } from './folder-looks.ts';

/** The graphical desktop of the person, if this machine has one. */
export interface Desktop {
  /**
   * Opens the folder in the system's file manager, with the file selected where it can do that. The folder must have
   * been seen to be one: openers would run or display a file.
   *
   * Rejects with `AppError` UNSUPPORTED where there is no desktop or no file manager.
   */
  showFolder(shown: ShownFolder): Promise<void>;
}
