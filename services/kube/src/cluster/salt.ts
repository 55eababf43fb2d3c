/** The salt of the hashes that stand for values. It is kept with the state that holds the hashes, unless a setting gives one. */
import type { OutgoingRecord } from '@faultline/bus';
import { clusterRecordTypes, clusterStateKey, contentId, recordTypeHeader } from '@faultline/model';
import { parseJson, text } from '../api/json.ts';
import type { ClusterIdentity } from '../change/subject.ts';
import type { SavedState } from './saved.ts';

export interface Salt {
  readonly salt: string;
  /** Names the salt without telling it. */
  readonly id: string;
  /** What to save; null when it is saved already. */
  readonly record: OutgoingRecord | null;
  /** The saved hashes were made with another salt: they compare with nothing. */
  readonly isNew: boolean;
}

/** `configured` is the setting; `drawn` a new salt, used when there is neither. */
export function chooseSalt(
  identity: ClusterIdentity,
  saved: Uint8Array | null,
  { configured, drawn }: { readonly configured: string | null; readonly drawn: string },
): Salt {
  const known = saved === null ? null : parseJson(Buffer.from(saved).toString('utf8'));
  const kept = text(known ?? undefined, 'salt');
  const salt = configured ?? (kept === '' ? drawn : kept);
  const id = contentId('salt', salt);
  if (text(known ?? undefined, 'id') === id) return { salt, id, record: null, isNew: false };
  // A salt that a setting gives is a secret, so only its id is saved.
  const value = Buffer.from(JSON.stringify({ id, salt: configured === null ? salt : '' }));
  const type = clusterRecordTypes.salt;
  const key = clusterStateKey(identity, type);
  return {
    salt,
    id,
    record: { topic: 'config', key, value, headers: { [recordTypeHeader]: type } },
    isNew: known !== null,
  };
}

/** The salts that other clusters of the tenant keep on `config`, by the names of the clusters. Those that a setting gives are not there. */
export function saltsOf(
  records: readonly { readonly key: string; readonly value: Uint8Array | null }[],
): readonly string[] {
  return records
    .filter(({ key }) => key.split('/')[3] === clusterRecordTypes.salt)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ value }) =>
      value === null ? '' : text(parseJson(Buffer.from(value).toString('utf8')) ?? undefined, 'salt'),
    )
    .filter((salt) => salt !== '');
}

const hashed: ReadonlySet<string> = new Set(['secrets', 'configmaps']);

/** The state without what was hashed with another salt: it is taken as it is, as at the first start. */
export function withoutHashed(state: SavedState): SavedState {
  return {
    ...state,
    objects: state.objects.filter(({ observed }) => !hashed.has(observed.resource)),
    positions: new Map([...state.positions].filter(([resource]) => !hashed.has(resource))),
  };
}
