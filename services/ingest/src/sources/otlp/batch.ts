/** What a decoder fills: good items with the resources they point to, and the bad ones with why, in bytes that can be sent again. */

import { attributesBytes } from '../../attributes.ts';
import { type AnyItem, EncodedItems, type ItemKind } from '../../encode/encoded-items.ts';
import type { BareResource, Problem, Telemetry } from '../../source.ts';
import { RefusedRequest } from './refused.ts';

/** Bad items kept with their bytes; beyond this they are only counted. */
const maxKeptBad = 1000;

/**
 * Blocks repeat the attributes of a resource for each of its scopes. These copies may take this many times the bytes of the request, and this
 * much beside: thirty scopes of a small resource are ordinary, ten thousand scopes of a large one are an attack.
 */
const copiesPerByte = 16;
const copiesBase = 4 * 1024 * 1024;

export interface BadItem<Raw> {
  readonly problem: Problem;
  /** The item, and what it stood in, as sent. */
  readonly raw: Raw;
}

export interface Batch<Item extends AnyItem, Raw> {
  readonly telemetry: Telemetry<Item, BareResource>;
  readonly bad: readonly BadItem<Raw>[];
  readonly badCount: number;
}

/** One scope of one resource. `index` adds it to the batch at its first use: a scope without a good item costs nothing. */
export interface OpenScope {
  readonly index: number;
}

export interface BatchLimits {
  /** Most resources of one request. */
  readonly resources: number;
  /** Most scopes of one request, empty ones among them. */
  readonly scopes: number;
  /** Most items of one request, bad ones among them. */
  readonly items: number;
}

/** Attributes of a known sender are the same object in each request. */
const attributeSizes = new WeakMap<BareResource['attributes'], number>();

function sizeOf(attributes: BareResource['attributes']): number {
  const known = attributeSizes.get(attributes) ?? attributesBytes(attributes);
  attributeSizes.set(attributes, known);
  return known;
}

export class BatchBuilder<Item extends AnyItem, Raw> {
  readonly resources: BareResource[] = [];
  readonly items: EncodedItems<Item>;
  readonly bad: BadItem<Raw>[] = [];
  badCount = 0;
  readonly #limits: BatchLimits;
  #resourceCount = 0;
  #scopeCount = 0;
  #copiesLeft: number;

  /** `sentBytes`: size of the request, decompressed. */
  constructor(kind: ItemKind<Item>, limits: BatchLimits, sentBytes: number) {
    this.items = new EncodedItems(kind, sentBytes);
    this.#limits = limits;
    this.#copiesLeft = sentBytes * copiesPerByte + copiesBase;
  }

  /** Throws RefusedRequest above the limit. `name` is what the sender calls the list. */
  countResource(name: string): void {
    this.#resourceCount++;
    if (this.#resourceCount > this.#limits.resources) throw tooMany(name, this.#limits.resources);
  }

  /** Throws RefusedRequest above the limit. */
  openScope(resource: BareResource, name: string): OpenScope {
    this.#scopeCount++;
    if (this.#scopeCount > this.#limits.scopes) throw tooMany(name, this.#limits.scopes);
    let index = -1;
    const add = () => this.#addResource(resource, name);
    return {
      get index() {
        if (index < 0) index = add();
        return index;
      },
    };
  }

  #addResource(resource: BareResource, name: string): number {
    this.#copiesLeft -= sizeOf(resource.attributes);
    if (this.#copiesLeft < 0) {
      const reason = `${name}: expected fewer scopes for resources with so many attributes`;
      throw new RefusedRequest({ code: 'INGEST_TOO_MANY', reason });
    }
    return this.resources.push(resource) - 1;
  }

  add(item: Item): void {
    this.countItem();
    this.items.add(item);
  }

  /** To be called before an item is added or refused. Throws RefusedRequest above the limit. */
  countItem(): void {
    const { items } = this.#limits;
    if (this.items.length + this.badCount >= items) throw tooMany('spans, logRecords or dataPoints', items);
  }

  refuse(problem: Problem, raw: () => Raw): void {
    this.countItem();
    this.badCount++;
    if (this.bad.length < maxKeptBad) this.bad.push({ problem, raw: raw() });
  }

  build(): Batch<Item, Raw> {
    const { resources, items, bad, badCount } = this;
    return { telemetry: { resources, items }, bad, badCount };
  }
}

function tooMany(name: string, most: number): RefusedRequest {
  return new RefusedRequest({ code: 'INGEST_TOO_MANY', reason: `${name}: expected at most ${most} in one request` });
}
