/**
 * What earlier requests told of senders. An agent repeats the resources of its services in each request, so the bytes of a resource are read,
 * resolved to entities and encoded once. All of it can be worked out again: the cache is emptied when it is full.
 */
import type { Attributes, Entities, Resource, Scope } from '@faultline/model';
import { MetricTypes } from './metric-types.ts';
import { placeOf, type ServiceNames, type ServicePlace } from './service-names.ts';
import type { Problem, SourceContext } from './source.ts';

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The attributes of a resource as sent, and what is wrong with them. */
export interface ReadResource {
  readonly attributes: Attributes;
  readonly problem: Problem | null;
}

/** What a resource is about. */
export interface Subject {
  readonly scope: Scope;
  readonly attributes: Attributes;
  readonly entities: Entities;
}

/** Memory that the cache may hold, by its own estimate. Some five thousand ordinary resources fit. */
const defaultMostBytes = 64 * 1024 * 1024;
/** A larger resource is rare and is read each time. */
const largestResourceBytes = 16 * 1024;
const entryBytes = 512;
/** A resource of a thousand attributes of eight bytes takes this much of memory for each byte sent; others take less. */
const memoryPerByte = 25;
/** A key of scraped series is kept beside the objects that it describes, which share most texts with others. */
const memoryPerKeyByte = 4;

export class SenderCache {
  /** Types of metrics, which Prometheus sends in requests of their own. */
  readonly metricTypes = new MetricTypes();
  readonly #scraped = new Map<string, Sender>();
  readonly #read = new Map<string, ReadResource>();
  /** Attributes of one object are read from the same bytes, so the object stands for them. */
  #senders = new WeakMap<Attributes, Map<string, Sender>>();
  #usedBytes = 0;
  readonly #mostBytes: number;

  constructor(mostBytes = defaultMostBytes) {
    this.#mostBytes = mostBytes;
  }

  /** Empties a full cache. To be called between two requests. */
  makeRoom(): void {
    if (this.#usedBytes <= this.#mostBytes) return;
    this.#read.clear();
    this.#scraped.clear();
    this.#senders = new WeakMap();
    this.#usedBytes = 0;
  }

  /** Counts bytes that a sender of this cache holds. */
  use(bytes: number): void {
    this.#usedBytes += bytes * memoryPerByte + entryBytes;
  }

  /** The resource in these bytes of a request. */
  read(buffer: Buffer, { start, end }: ByteRange, read: (raw: Buffer) => ReadResource): ReadResource {
    const raw = () => buffer.subarray(start, end);
    if (end - start > largestResourceBytes) return read(raw());
    const key = buffer.toString('latin1', start, end);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const resource = read(raw());
    if (this.#usedBytes > this.#mostBytes) return resource;
    this.use(end - start);
    this.#read.set(key, resource);
    return resource;
  }

  /** Whom scraped series are about. `key` stands for the whole description. */
  scraped(key: string, describe: () => Subject): Sender {
    const known = this.#scraped.get(key);
    if (known !== undefined) return known;
    const sender = new Sender(describe(), this);
    if (this.#usedBytes > this.#mostBytes) return sender;
    this.#usedBytes += key.length * memoryPerKeyByte + entryBytes;
    this.#scraped.set(key, sender);
    return sender;
  }

  /** The sender with these attributes. `owner`: the tenant and the signal, on which the description depends as well. */
  sender(attributes: Attributes, owner: string, describe: () => Subject): Sender {
    let senders = this.#senders.get(attributes);
    if (senders === undefined) {
      senders = new Map();
      this.#senders.set(attributes, senders);
    }
    const known = senders.get(owner);
    if (known !== undefined) return known;
    const sender = new Sender(describe(), this);
    senders.set(owner, sender);
    return sender;
  }
}

/** A sender, or somebody else that its items are about, with the resources that blocks hold of it. */
export class Sender {
  readonly subject: Subject;
  readonly #place: ServicePlace;
  readonly #cache: SenderCache;
  readonly #resources = new Map<string, Resource>();
  readonly #others = new Map<string, Sender>();
  readonly #pointSubjects = new Map<string, Entities | null>();
  #isExporter: boolean | undefined;
  #isLearned = false;

  constructor(subject: Subject, cache: SenderCache) {
    this.subject = subject;
    this.#place = placeOf(subject.scope, subject.entities, subject.attributes);
    this.#cache = cache;
  }

  /** Tells its namespaces. Once is enough: what telemetry said is never forgotten. */
  learn(names: ServiceNames): void {
    if (this.#isLearned) return;
    names.learn(this.#place, 'telemetry');
    this.#isLearned = true;
  }

  /** The resource of one of its scopes, with its names as they are shown now. The same object while nothing changes. */
  resource(
    scopeName: string,
    scopeVersion: string,
    { serviceNames, clusterNames }: Pick<SourceContext, 'serviceNames' | 'clusterNames'>,
  ): Resource {
    // What a cluster knows may come later than the sender's first request.
    const place = this.#place;
    const completed = clusterNames.complete(place.scope, place.entities, this.subject.attributes);
    const entities = serviceNames.qualify(completed === place.entities ? place : { ...place, entities: completed });
    const key = `${scopeName}\n${scopeVersion}`;
    const known = this.#resources.get(key);
    if (known !== undefined && isSameName(known.entities, entities)) return known;
    const { scope, attributes } = this.subject;
    const resource = { scope, attributes, entities, scopeName, scopeVersion };
    this.#cache.use(key.length);
    this.#resources.set(key, resource);
    return resource;
  }

  /** Somebody else that items of this sender are about. */
  other(entities: Entities, describe: () => Subject): Sender {
    const key = JSON.stringify(entities);
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const other = new Sender(describe(), this.#cache);
    this.#cache.use(key.length);
    this.#others.set(key, other);
    return other;
  }

  /** Whether its points may be about somebody else. Worked out once. */
  isExporter(decide: () => boolean): boolean {
    this.#isExporter ??= decide();
    return this.#isExporter;
  }

  /** Whom a point with these attributes is about; null when it is about this sender. */
  pointSubject(attributeBytes: string, resolve: () => Entities | null): Entities | null {
    const known = this.#pointSubjects.get(attributeBytes);
    if (known !== undefined) return known;
    const subject = resolve();
    this.#cache.use(attributeBytes.length);
    this.#pointSubjects.set(attributeBytes, subject);
    return subject;
  }
}

/** Names may get a namespace later, and a cluster may tell workload, node and zone. */
function isSameName(a: Entities, b: Entities): boolean {
  return a.service === b.service && a.workload === b.workload && a.node === b.node && a.zone === b.zone;
}
