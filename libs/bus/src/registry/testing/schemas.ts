/** A record of ours, and its schema as a later release might have it. */
import { codecs, type LedgerTotals } from '@faultline/model';

export const totals: LedgerTotals = {
  writer: 'w',
  source: 's',
  signal: 'alerts',
  totals: { accepted: 3, inIncidents: 1, recorded: 0, duplicates: 1, suppressed: 0, deadLettered: 1 },
  alertKinds: {},
  suppressedBy: {},
};

type RecordSchema = object & { readonly fields: readonly object[] };
const ours = codecs.ledgerTotals.schema as RecordSchema;

/** With one more field that has a default, as the compatibility rule requires. */
export const laterSchema = { ...ours, fields: [...ours.fields, { name: 'region', type: 'string', default: '' }] };

/** With one more field without a default, which older readers cannot handle. */
export const breakingSchema = { ...ours, fields: [...ours.fields, { name: 'region', type: 'string' }] };

/** A body of the later schema. The new field comes last. */
export const laterBody = Buffer.concat([codecs.ledgerTotals.encode(totals).subarray(10), Buffer.from('\x0anorth')]);

/** A value in Confluent's format. */
export function confluent(id: number, body: Uint8Array): Uint8Array {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, body]);
}
