import { FieldError } from '../errors.ts';

/** Position of a watcher: the next offset of each partition of the `incidents` topic. */
export type Progress = ReadonlyMap<number, bigint>;

/** `0:17,1:4`. Every instance knows the same offsets, also after a restart, so any of them can continue. */
export function formatResumeToken(progress: Progress): string {
  const parts = [...progress].sort(([a], [b]) => a - b);
  return parts.map(([partition, next]) => `${partition}:${next}`).join(',');
}

/** Empty progress for an empty token. Throws `FieldError` for a token that is not ours. */
export function parseResumeToken(token: string): Progress {
  if (token === '') return new Map();
  if (!/^\d{1,6}:\d{1,19}(,\d{1,6}:\d{1,19})*$/.test(token))
    throw new FieldError('resumeToken', 'is not a token of a watch');
  return new Map(token.split(',').map((part) => [Number(part.split(':')[0]), BigInt(part.split(':')[1] ?? '0')]));
}
