/** The objects of the other clusters of a tenant, as their watchers keep them on `config`. It has one owner, which changes it in place. */
import { clusterRecordTypes, codecs, type Scope } from '@faultline/model';
import { at, type JsonObject, parseJson, text } from '../api/json.ts';
import type { ClusterIdentity } from '../change/subject.ts';
import { type ClusterVersion, comparedAcrossClusters } from './compare-clusters.ts';
import type { Naming } from './naming.ts';

/** A record of `config`. */
export interface FollowedRecord {
  readonly key: string;
  readonly value: Uint8Array | null;
}

interface PeerObject {
  readonly cluster: string;
  readonly changedAtMs: number;
  /** JSON of the saved state: most objects are never compared field by field. */
  readonly saved: string;
}

export interface PeersOptions {
  readonly identity: ClusterIdentity;
  readonly naming: Naming;
  /** Names of clusters. Empty: all of the same environment. */
  readonly compareWith: readonly string[];
}

export class Peers {
  readonly #options: PeersOptions;
  /** By shared name, then by cluster. */
  readonly #objects = new Map<string, Map<string, PeerObject>>();
  /** The shared name of each key of the log: a tombstone has only the key. */
  readonly #names = new Map<string, string>();
  readonly #saltIds = new Map<string, string>();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** Takes a record. Returns the shared name of the object that it is about; null for a record that changes nothing here. */
  take({ key, value }: FollowedRecord): string | null {
    const [tenant, source, cluster = '', type, resource = ''] = key.split('/');
    const { identity } = this.#options;
    if (tenant !== identity.scope.tenant || source !== 'kubernetes' || cluster === identity.cluster) return null;
    if (type === clusterRecordTypes.salt) return this.#takeSalt(cluster, value);
    if (type !== clusterRecordTypes.object || !comparedAcrossClusters.has(resource)) return null;
    return value === null ? this.#remove(key, cluster) : this.#add(key, value);
  }

  #takeSalt(cluster: string, value: Uint8Array | null): null {
    this.#saltIds.set(cluster, text(parsed(value), 'id'));
    return null;
  }

  #add(key: string, value: Uint8Array): string | null {
    const decoded = codecs.clusterObject.decode(value);
    if (!decoded.ok || !this.#isCompared(decoded.value)) return null;
    const { cluster, resource, object, changedAtMs, body } = decoded.value;
    const name = this.#options.naming(resource, object);
    const versions = this.#objects.get(name) ?? new Map<string, PeerObject>();
    versions.set(cluster, { cluster, changedAtMs, saved: body });
    this.#objects.set(name, versions);
    this.#names.set(key, name);
    return name;
  }

  #isCompared({ scope, cluster }: { readonly scope: Scope; readonly cluster: string }): boolean {
    const { identity, compareWith } = this.#options;
    return compareWith.length > 0 ? compareWith.includes(cluster) : scope.environment === identity.scope.environment;
  }

  #remove(key: string, cluster: string): string | null {
    const name = this.#names.get(key);
    if (name === undefined) return null;
    this.#names.delete(key);
    this.#objects.get(name)?.delete(cluster);
    return name;
  }

  /** The versions of an object in the other clusters, sorted by cluster. */
  versionsOf(name: string): readonly ClusterVersion[] {
    const versions = [...(this.#objects.get(name)?.values() ?? [])].map(
      ({ cluster, changedAtMs, saved }): ClusterVersion => ({
        cluster,
        changedAtMs,
        saltId: this.#saltIds.get(cluster) ?? '',
        body: comparedBody(at(parseJson(saved) ?? undefined, 'body')),
      }),
    );
    return versions.sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
  }
}

function parsed(value: Uint8Array | null) {
  return value === null ? undefined : (parseJson(Buffer.from(value).toString('utf8')) ?? undefined);
}

/** Labels and annotations differ between clusters by their nature. */
export function comparedBody({ metadata: _, ...body }: JsonObject): JsonObject {
  return body;
}
