/** Exit statuses that everything shares which goes through the queue. */
export const transferExits = {
  3: 'Finished, but some files failed; they are listed.',
  4: 'No location has this id, or it has no such file or folder.',
  5: 'The queue is paused.',
  7: 'A location cannot be reached, or is empty or shrunken and waits for `location accept`.',
  8: 'The drive has too little space.',
} as const;
