import { promisify } from 'node:util';
import { gzip, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { compression } from './kafkajs.ts';

export const compressionNames = ['none', 'gzip', 'zstd'] as const;
export type CompressionName = (typeof compressionNames)[number];

// kafkajs brings no zstd; Node does.
compression.Codecs[compression.Types.ZSTD] = () => ({
  compress: async ({ buffer }) => zstdCompressSync(buffer),
  decompress: async (buffer) => zstdDecompressSync(buffer),
});
// kafkajs's own gzip takes the slowest level.
const pack = promisify(gzip);
compression.Codecs[compression.Types.GZIP] = () => ({
  compress: async ({ buffer }) => pack(buffer, { level: 1 }),
  decompress: () => Promise.reject(new Error('batches are read by record-batch.ts')),
});

/** The number of a codec in a record batch. */
export const codecOf = (name: CompressionName): number =>
  ({ none: compression.Types.None, gzip: compression.Types.GZIP, zstd: compression.Types.ZSTD })[name];
