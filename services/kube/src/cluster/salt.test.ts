import { expect, it } from 'vitest';
import { EngineHarness, harnessIdentity } from '../testing/engine-harness.ts';
import { configMap, deployment, secret } from '../testing/objects.ts';
import { chooseSalt, saltsOf, withoutHashed } from './salt.ts';

const drawn = { configured: null, drawn: 'drawn' };
const textOf = (value: Uint8Array | null | undefined) => Buffer.from(value ?? []).toString('utf8');

it('is drawn once, and kept', () => {
  const first = chooseSalt(harnessIdentity, null, drawn);
  expect(first).toMatchObject({ salt: 'drawn', isNew: false });
  const again = chooseSalt(harnessIdentity, first.record?.value ?? null, { configured: null, drawn: 'another' });
  expect(again).toEqual({ salt: 'drawn', id: first.id, record: null, isNew: false });
});

it('of a setting is never written, and makes the kept hashes worthless', () => {
  const first = chooseSalt(harnessIdentity, null, drawn);
  const set = chooseSalt(harnessIdentity, first.record?.value ?? null, { configured: 'from-setting', drawn: 'x' });
  expect(set).toMatchObject({ salt: 'from-setting', isNew: true });
  expect(textOf(set.record?.value)).not.toContain('from-setting');
  expect(chooseSalt(harnessIdentity, set.record?.value ?? null, { configured: 'from-setting', drawn: 'x' })).toEqual({
    ...set,
    record: null,
    isNew: false,
  });
});

it('is drawn again when the setting is taken away', () => {
  const set = chooseSalt(harnessIdentity, null, { configured: 'from-setting', drawn: 'x' });
  expect(chooseSalt(harnessIdentity, set.record?.value ?? null, drawn)).toMatchObject({ salt: 'drawn', isNew: true });
});

it('that is damaged is drawn again', () => {
  expect(chooseSalt(harnessIdentity, Buffer.from('{'), drawn)).toMatchObject({ salt: 'drawn' });
});

it('of other clusters are those that they keep, by the names of the clusters', () => {
  const recordOf = (cluster: string, salt: string) =>
    chooseSalt({ ...harnessIdentity, cluster }, null, { configured: null, drawn: salt }).record;
  const set = chooseSalt({ ...harnessIdentity, cluster: 'a' }, null, { configured: 'hidden', drawn: 'x' }).record;
  const records = [recordOf('west', 'w'), recordOf('east', 'e'), set].flatMap((record) =>
    record === null ? [] : [{ key: record.key, value: record.value }],
  );
  expect(saltsOf([...records, { key: 't/kubernetes/gone/salt', value: null }])).toEqual(['e', 'w']);
});

it('that is another one drops what was hashed, so that nothing is reported as changed', () => {
  const harness = new EngineHarness();
  harness.list({
    Deployment: [deployment('pay')],
    Secret: [secret('db', { url: '1' })],
    ConfigMap: [configMap('pay', { level: '1' })],
  });
  const state = withoutHashed(harness.state());
  expect(state.objects.map(({ observed }) => observed.resource)).toEqual(['deployments.apps']);
  expect([state.positions.has('secrets'), state.positions.has('configmaps')]).toEqual([false, false]);
  expect(state.positions.has('deployments.apps')).toBe(true);
});
