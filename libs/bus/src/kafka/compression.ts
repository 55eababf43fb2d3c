export const compressionNames = ['none', 'gzip', 'zstd'] as const;

/** How the records of a batch are packed. */
export type CompressionName = (typeof compressionNames)[number];
