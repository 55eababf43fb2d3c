/** What a decoder fills: good items with the resources they point to, and the bad ones with why, in bytes that can be sent again. */
import type { BareResource, Problem, Telemetry } from '../../source.ts';

/** Bad items kept with their bytes; beyond this they are only counted. */
const maxKeptBad = 1000;

export interface BadItem<Raw> {
  readonly problem: Problem;
  /** The item, and what it stood in, as sent. */
  readonly raw: Raw;
}

export interface Batch<Item, Raw> {
  readonly telemetry: Telemetry<Item, BareResource>;
  readonly bad: readonly BadItem<Raw>[];
  readonly badCount: number;
}

export class BatchBuilder<Item, Raw> {
  readonly resources: BareResource[] = [];
  readonly items: Item[] = [];
  readonly sizes: number[] = [];
  readonly bad: BadItem<Raw>[] = [];
  badCount = 0;

  addResource(resource: BareResource): number {
    return this.resources.push(resource) - 1;
  }

  add(item: Item, sizeBytes: number): void {
    this.items.push(item);
    this.sizes.push(sizeBytes);
  }

  refuse(problem: Problem, raw: () => Raw): void {
    this.badCount++;
    if (this.bad.length < maxKeptBad) this.bad.push({ problem, raw: raw() });
  }

  build(): Batch<Item, Raw> {
    const { resources, items, sizes, bad, badCount } = this;
    return { telemetry: { resources, items, sizes }, bad, badCount };
  }
}
