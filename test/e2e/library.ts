import type { TestFile } from './program.ts';

const same: TestFile = { text: 'the same bytes', ageDays: 30 };

/** Scripts and marks that must stay text. */
export const hostileName = '<img src=x onerror=document.title=1>\u202Egnp.safetensors';

/** One file or more in each state that two plain folders can be in. */
export const library = {
  'checkpoints/sdxl/same.safetensors': { local: same, lake: same },
  'checkpoints/sdxl/touched.safetensors': { local: same, lake: { ...same, ageDays: 90 } },
  'checkpoints/conflict.ckpt': { local: { text: 'short' }, lake: { text: 'another length' } },
  'loras/flux/only-local.safetensors': { local: { text: 'local' } },
  'loras/flux/only-lake-detail.safetensors': { lake: { text: 'lake' } },
  'loras/only-lake-two.safetensors': { lake: { text: 'lake 2' } },
  [`vae/${hostileName}`]: { lake: { text: 'harmless' } },
} as const;
