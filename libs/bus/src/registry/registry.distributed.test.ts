/** Against a real registry: its API, its rules, an independent client, and the contract suite. */

import { codecs, knownSchemas, schemaFingerprint, singleObject } from '@faultline/model';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { readAll } from '../../contract/harness.ts';
import { type BusUnderTest, busContract } from '../../contract/index.ts';
import { memoryFolder } from '../embedded/files.ts';
import { embeddedUnderTest, temporaryFolder } from '../embedded/testing.ts';
import type { Bus } from '../port.ts';
import { createRegistryClient, type RegistryClient } from './client.ts';
import { registryConfig } from './config.ts';
import { compatibilityLevel, registerSchemas } from './register.ts';
import { behindRegistry, decorated } from './testing/behind-registry.ts';
import { breakingSchema, confluent, laterBody, laterSchema, totals } from './testing/schemas.ts';

const subject = 'faultline.v1.LedgerTotals';
const ask = async (path: string, body?: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(`${inject('registry')}${path}`, { headers, ...sent })).json();
};
const isCompatible = async (schema: object): Promise<unknown> =>
  ask(`/compatibility/subjects/${subject}/versions`, { schema: JSON.stringify(schema) });

const logicalTypesOf = (schema: object): string[] =>
  JSON.stringify(schema)
    .match(/"logicalType":"\w+"/g)
    ?.sort() ?? [];

let client: RegistryClient;
let ids: ReadonlyMap<string, number>;
beforeAll(async () => {
  // A registry that has just started is slow with the first requests on a busy machine.
  client = createRegistryClient(registryConfig.parse({ url: `${inject('registry')}/`, timeoutMs: 30_000 }));
  // As when several processes start at once for the first time.
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => registerSchemas(client)));
  ids = first ?? new Map();
  for (const other of others) expect(other).toEqual(first);
});

it('every schema of ours can be seen, under the name of its record', async () => {
  const names = [...new Set(knownSchemas.map(({ fullName }) => fullName))];
  expect(await ask('/subjects')).toEqual(expect.arrayContaining(names));
  for (const { fingerprint, schema } of knownSchemas) {
    // A registry may leave out what can be inferred, such as an inner namespace. It must still be the same schema.
    const found = (await client.schemaById(ids.get(fingerprint) ?? 0)) ?? {};
    expect(schemaFingerprint(found)).toBe(fingerprint);
    expect(logicalTypesOf(found)).toEqual(logicalTypesOf(schema));
  }
});

it('each subject takes only what older releases read, and what reads older releases', async () => {
  expect(await client.compatibility(subject)).toBe(compatibilityLevel);
  expect(await isCompatible(laterSchema)).toEqual({ is_compatible: true });
  expect(await isCompatible(breakingSchema)).toEqual({ is_compatible: false });
  await expect(client.register(subject, breakingSchema)).rejects.toMatchObject({ code: 'BUS_REGISTRY_REFUSED' });
});

describe('over a log', () => {
  const withBuses = async (work: (plain: Bus, bus: Bus) => Promise<void>) => {
    const tested: BusUnderTest = await embeddedUnderTest(memoryFolder);
    try {
      await work(tested.bus, await decorated(tested.bus, inject('registry')));
    } finally {
      await tested.close();
    }
  };

  it('what we write, another client reads by the registry; what it writes, we read', () =>
    withBuses(async (plain, bus) => {
      const other = new SchemaRegistry({ host: inject('registry') });
      await bus.publish([{ topic: 'ledger', key: 'k', value: codecs.ledgerTotals.encode(totals) }]);
      const [written] = await readAll(plain, 'ledger');
      expect(await other.decode(Buffer.from(written?.value ?? []))).toEqual(totals);

      const id = ids.get(schemaFingerprint(codecs.ledgerTotals.schema)) ?? 0;
      const encoded = await other.encode(id, totals);
      await plain.publish([{ topic: 'ledger', key: 'k', value: encoded }]);
      const found = (await readAll(bus, 'ledger')).at(-1);
      expect(codecs.ledgerTotals.decode(found?.value ?? new Uint8Array())).toEqual({ ok: true, value: totals });
    }));

  it('values written with every schema of every release come back under their own fingerprint', () =>
    withBuses(async (plain, bus) => {
      const body = Buffer.from('any body');
      const values = knownSchemas.map(({ fingerprint }) => singleObject(fingerprint, body));
      await bus.publish(values.map((value) => ({ topic: 'dead-letters', key: 'k', value })));
      const [onWire, back] = [await readAll(plain, 'dead-letters'), await readAll(bus, 'dead-letters')];
      expect(onWire.map(({ value }) => Buffer.from(value ?? []).readUIntBE(0, 5))).toEqual(
        knownSchemas.map(({ fingerprint }) => ids.get(fingerprint)),
      );
      expect(back.map(({ value }) => Buffer.from(value ?? []).toString('hex'))).toEqual(
        values.map((value) => Buffer.from(value).toString('hex')),
      );
    }));

  it('a record of a later release, registered by that release, is read', () =>
    withBuses(async (plain, bus) => {
      const id = await client.register(subject, laterSchema);
      await plain.publish([{ topic: 'ledger', key: 'k', value: confluent(id, laterBody) }]);
      const [found] = await readAll(bus, 'ledger');
      expect(codecs.ledgerTotals.decode(found?.value ?? new Uint8Array())).toEqual({ ok: true, value: totals });
    }));
});

const underTest = async (): Promise<BusUnderTest> =>
  behindRegistry(await embeddedUnderTest(temporaryFolder()), inject('registry'));
busContract('embedded, behind a registry', underTest, { skip: [] });
