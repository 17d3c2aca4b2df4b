const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/**
 * `files` and `bytes` are those of the local side; the lake has about as many. `filling`: `full` files hold bytes from
 * start to end, `sparse` ones (over 1 MiB) only at both ends, `tiny` ones have 64 bytes to 64 KiB of which 256 are written.
 */
const profiles = {
  XS: { files: 200, bytes: 64 * MiB, filling: 'full' },
  S: { files: 2_000, bytes: 2 * GiB, filling: 'full' },
  M: { files: 20_000, bytes: 8 * GiB, filling: 'sparse' },
  L: { files: 200_000, bytes: null, filling: 'tiny' },
};

export const profileNames = Object.keys(profiles);

export function profileNamed(name) {
  return { name, ...profiles[name] };
}

/** As the local side of L, with another number of files, to see how cost grows. */
export function tinyProfile(files) {
  return { name: `tiny-${files}`, files, bytes: null, filling: 'tiny', hasLake: false };
}
