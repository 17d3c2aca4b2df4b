/** Binary units, three significant digits at least: `812 B`, `6.46 GiB`, `1,018 GiB`. */
export declare function formatBytes(bytes: number): string;
export declare function formatCount(count: number): string;
export declare function formatExactBytes(bytes: number): string;
/** `1 file`, `2 files`. */
export declare function countOf(count: number, singular: string, plural?: string): string;
/** For narrow places: exact below 100,000, then `148K`. */
export declare function formatCompact(count: number): string;
