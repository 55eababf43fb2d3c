import { expect, it } from 'vitest';
import { codecs } from './codec.ts';
import {
  createTranslator,
  knownSchemas,
  schemaFingerprint,
  singleObject,
  singleObjectFingerprint,
  singleObjectHeaderBytes,
} from './schema-catalogue.ts';
import { compileSchema } from './schema-version.ts';
import { releasedSchemas } from './schemas.generated.ts';

const totals = {
  writer: 'w',
  source: 's',
  signal: 'alerts',
  totals: {
    accepted: 3,
    inIncidents: 1,
    recorded: 0,
    duplicates: 1,
    suppressed: 0,
    deadLettered: 1,
  },
  alertKinds: { heartbeat: 2 },
  suppressedBy: {},
} as const;

it('every released schema is known, and every one that a codec writes', () => {
  const fingerprints = knownSchemas.map(({ fingerprint }) => fingerprint);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  for (const { schema } of releasedSchemas) expect(fingerprints).toContain(schemaFingerprint(schema));
  for (const { schema } of Object.values(codecs)) expect(fingerprints).toContain(schemaFingerprint(schema));
});

it('the header of a value can be taken off and put back', () => {
  const value = codecs.ledgerTotals.encode(totals);
  const fingerprint = singleObjectFingerprint(value);
  expect(fingerprint).toBe(schemaFingerprint(codecs.ledgerTotals.schema));
  expect(singleObject(fingerprint ?? '', value.subarray(singleObjectHeaderBytes))).toEqual(Buffer.from(value));
});

it.each([[new Uint8Array()], [new Uint8Array(10)], [new Uint8Array([0xc3, 1, 2])]])(
  'what is not in single-object encoding has no fingerprint',
  (value) => expect(singleObjectFingerprint(value)).toBeNull(),
);

type RecordSchema = { readonly fields: readonly { readonly name: string }[] } & object;

it('a body of a later release is read without the field that this one does not know', () => {
  const ours = codecs.ledgerTotals.schema as RecordSchema;
  const later = { ...ours, fields: [{ name: 'region', type: 'string', default: '' }, ...ours.fields] };
  const body = compileSchema(later).toBuffer({ ...totals, region: 'north' });
  const translated = createTranslator(later)?.(body) ?? new Uint8Array();
  expect(codecs.ledgerTotals.decode(translated)).toEqual({ ok: true, value: totals });
});

it('a schema that is not ours, or cannot become ours, has no translator', () => {
  const ours = codecs.ledgerTotals.schema as RecordSchema;
  expect(createTranslator({ ...ours, name: 'Other' })).toBeNull();
  expect(createTranslator({ ...ours, fields: [] })).toBeNull();
  expect(createTranslator({ type: 'string' })).toBeNull();
});
