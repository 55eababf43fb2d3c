export const compressionNames = ['none', 'gzip', 'zstd'] as const;

/** Compression of a batch. */
export type CompressionName = (typeof compressionNames)[number];
