import type { Resource } from '@faultline/model';
import type { SenderColumns } from '@faultline/store';
import { describeSender } from '../join/intern.ts';

/** The columns that identify the sender of an item, and the version of that service. */
export interface RawSender {
  readonly columns: SenderColumns;
  readonly version: string;
}

/** The sender of a resource. */
export function rawSender(resource: Resource): RawSender {
  const { tenant, environment, service, instance, node, zone, version } = describeSender(resource);
  return {
    columns: {
      Tenant: tenant,
      Environment: environment,
      ServiceName: service,
      Instance: instance,
      Node: node,
      Zone: zone,
    },
    version,
  };
}

/** Maps every item with its resource. An item without a resource is left out; ingest never writes one. */
export function mapItems<Item extends { readonly resource: number }, Row>(
  block: { readonly resources: readonly Resource[]; readonly items: readonly Item[] },
  each: (item: Item, resource: Resource, sender: RawSender) => Row,
): Row[] {
  const senders = block.resources.map(rawSender);
  const rows: Row[] = [];
  for (const item of block.items) {
    const resource = block.resources[item.resource];
    const sender = senders[item.resource];
    if (resource !== undefined && sender !== undefined) rows.push(each(item, resource, sender));
  }
  return rows;
}
