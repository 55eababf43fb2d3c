/** Reads `config`: first what there is, then what other processes write. */
import type { Bus, LogRecord } from '@faultline/bus';
import { clusterRecordTypes, clusterStateKey } from '@faultline/model';
import type { ClusterIdentity } from '../change/subject.ts';

export interface ConfigLog {
  /** The last record of each key of this cluster. */
  readonly own: ReadonlyMap<string, LogRecord>;
  /** The last record of each key that drift is compared with: objects and salts of other clusters, and what people accepted here. */
  readonly followed: readonly LogRecord[];
  /** What is written from then on, of the keys of `followed`. It ends when the signal is aborted. */
  readonly later: AsyncIterable<LogRecord>;
}

/** Resolves when everything that existed at the call is read, or when the signal is aborted. */
export async function readConfig(
  bus: Pick<Bus, 'follow'>,
  identity: ClusterIdentity,
  signal: AbortSignal,
): Promise<ConfigLog> {
  const isOwn = ownTest(identity);
  const isFollowed = followedTest(identity);
  const own = new Map<string, LogRecord>();
  const followed = new Map<string, LogRecord>();
  const records = bus.follow('config', signal)[Symbol.asyncIterator]();
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    if ('caughtUp' in next.value) break;
    if (isOwn(next.value.key)) own.set(next.value.key, next.value);
    if (isFollowed(next.value.key)) followed.set(next.value.key, next.value);
  }
  return { own, followed: [...followed.values()], later: rest(records, isFollowed) };
}

async function* rest(
  records: AsyncIterator<LogRecord | { readonly caughtUp: true }>,
  isFollowed: (key: string) => boolean,
): AsyncGenerator<LogRecord> {
  for (let next = await records.next(); next.done !== true; next = await records.next())
    if (!('caughtUp' in next.value) && isFollowed(next.value.key)) yield next.value;
}

function ownTest(identity: ClusterIdentity): (key: string) => boolean {
  const prefix = clusterStateKey(identity, clusterRecordTypes.salt).slice(0, -clusterRecordTypes.salt.length);
  return (key) => key.startsWith(prefix);
}

function followedTest({ scope, cluster }: ClusterIdentity): (key: string) => boolean {
  return (key) => {
    const [tenant, source, from, type] = key.split('/');
    if (tenant !== scope.tenant || source !== 'kubernetes') return false;
    if (from === cluster) return type === clusterRecordTypes.driftAcceptance;
    return type === clusterRecordTypes.object || type === clusterRecordTypes.salt;
  };
}
