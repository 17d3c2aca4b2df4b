/** `comfyui`: first path segment is the category. `library`: managed tree, one record per model. `plain`: anything. */
export const layouts = ['comfyui', 'library', 'plain'] as const;
export type Layout = (typeof layouts)[number];

/** What the person says the drive is; `auto` lets the program find out. */
export const driveSettings = ['auto', 'ssd', 'hdd', 'network'] as const;
export type DriveSetting = (typeof driveSettings)[number];
