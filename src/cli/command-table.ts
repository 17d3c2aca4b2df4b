import type { Command } from './command.ts';
import { transferCommands } from './commands/copy.ts';
import { dedupeCommands } from './commands/dedupe.ts';
import { deleteCommands } from './commands/delete.ts';
import { doctorCommands } from './commands/doctor.ts';
import { folderCommands } from './commands/folders.ts';
import { hashCommands } from './commands/hashing.ts';
import { headerCommands } from './commands/headers.ts';
import { indexCommands } from './commands/indexing.ts';
import { locationCommands } from './commands/locations.ts';
import { mirrorCommands } from './commands/mirror.ts';
import { queueCommands } from './commands/queue.ts';
import { serveCommands } from './commands/serve.ts';
import { settingsCommands } from './commands/settings.ts';
import { syncCommands } from './commands/sync.ts';

/** Every command, in the order help and reference show them. */
export const commands: readonly Command[] = [
  ...serveCommands,
  ...locationCommands,
  ...folderCommands,
  ...indexCommands,
  ...syncCommands,
  ...transferCommands,
  ...deleteCommands,
  ...mirrorCommands,
  ...dedupeCommands,
  ...queueCommands,
  ...hashCommands,
  ...headerCommands,
  ...settingsCommands,
  ...doctorCommands,
];

/** First words that group several commands. */
export const groups: Readonly<Record<string, string>> = {
  location: 'Add, list and change the folders that hold models.',
  index: 'Read locations, and search what was read.',
  dedupe: 'Find files that lie twice, and free their space.',
  mirror: 'Make one location like another, by a plan.',
  queue: 'See and steer what is copied, moved and deleted.',
  config: 'Read and change settings.',
};
