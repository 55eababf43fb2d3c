import { codecs, schemaFingerprint } from '@faultline/model';
import { expect, it } from 'vitest';
import { plainHeader, plainMark, readWire, toWire, withoutMark } from './wire.ts';

const totals = { accepted: 1, inIncidents: 0, recorded: 0, duplicates: 0, suppressed: 0, deadLettered: 0 };
const ours = codecs.ledgerTotals.encode({ writer: 'w', source: 's', signal: 'alerts', totals });
const fingerprint = schemaFingerprint(codecs.ledgerTotals.schema);
const ids = (asked: string) => (asked === fingerprint ? 0x01020304 : undefined);
const headers = { source: 'test' };

it('a value of ours goes out as 00, its id and its body, and its headers stay', () => {
  const { value, headers: sent } = toWire({ value: ours, headers }, ids);
  expect([...(value ?? [])]).toEqual([0, 1, 2, 3, 4, ...ours.subarray(10)]);
  expect(sent).toBe(headers);
  expect(readWire({ value })).toEqual({ id: 0x01020304, body: Buffer.from(ours.subarray(10)) });
});

it('the largest id is a positive number', () => {
  expect(readWire({ value: new Uint8Array([0, 255, 255, 255, 255]) })?.id).toBe(4_294_967_295);
});

it.each([
  ['nothing', null],
  ['no bytes', new Uint8Array()],
  ['text', new TextEncoder().encode('{"a":1}')],
  ['a schema that is not ours', new Uint8Array([0xc3, 1, 9, 9, 9, 9, 9, 9, 9, 9, 2])],
])('%s passes as it is, both ways', (_name, value) => {
  const record = { value, headers };
  expect(toWire(record, ids)).toBe(record);
  expect(readWire(record)).toBeNull();
  expect(withoutMark(record)).toBe(record);
});

it.each([[[0]], [[0, 1, 2, 3, 4]], [[0, 0, 0, 0, 1, 99]]])(
  'a value of other kind that begins with 00 is marked on its way out, so that nobody takes it for Confluent’s',
  (bytes) => {
    const record = { value: new Uint8Array(bytes), headers };
    const sent = toWire(record, ids);
    expect(sent).toEqual({ value: record.value, headers: { ...headers, [plainHeader]: plainMark } });
    expect(readWire(sent)).toBeNull();
    expect(withoutMark(sent)).toEqual(record);
  },
);
