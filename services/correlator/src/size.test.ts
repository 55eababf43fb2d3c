/** No input of any size stops the next one: revisions are shortened, state is written in chunks, and the rest becomes a dead letter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutgoingRecord } from '@faultline/bus';
import { type Alert, type Command, codecs, correlationKey, type DeadLetter, emptyEvidenceRows } from '@faultline/model';
import { afterEach, expect, it } from 'vitest';
import {
  alert,
  alertRecord,
  createHarness,
  type Harness,
  revisions,
  scope,
  startMs,
  until,
} from './testing/harness.ts';
import { smallBroker } from './testing/small-broker.ts';

const open: Harness[] = [];
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close();
});

async function newHarness(options: Parameters<typeof createHarness>[0] = {}): Promise<Harness> {
  const harness = await createHarness(options);
  open.push(harness);
  return harness;
}

async function deadLettersOf({ bus }: Harness): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for await (const { value } of bus.read({ topic: 'dead-letters', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.deadLetter.decode(value);
    if (decoded?.ok === true) found.push(decoded.value);
  }
  return found;
}

/** The number `n` decides what is long: every field that a sender fills. `bytes`: how long. */
function longInput(n: number, bytes: number): OutgoingRecord {
  const text = 'é'.repeat(bytes >> 2);
  const service = `s${n % 3}`;
  const long: readonly Partial<Alert>[] = [
    { name: text },
    { fingerprint: text },
    { labels: { service, a: text } },
    { labels: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`l${at}`, text.slice(0, bytes / 120)])) },
    { annotations: { description: text } },
    { url: text },
    { summary: text },
    { source: text },
    { entities: { service: text } },
    { entities: { service, node: text } },
    { scope: { tenant: 't', environment: text } },
    { scope: { tenant: text, environment: '' } },
    { labels: { service, control: '\u0001'.repeat(bytes >> 1) } },
  ];
  if (n % 15 === 13) return commandRecord(`c${n}`, { kind: 'note', text });
  if (n % 15 === 14) return commandRecord(text, { kind: 'acknowledge' });
  const value = alert(service, { fingerprint: `f${n}`, ...long[n % 15] });
  return { ...alertRecord(value), key: correlationKey(scope) };
}

function commandRecord(id: string, action: Command['action']): OutgoingRecord {
  const command = { id, scope, incidentId: 'unknown', expectedRevision: null, actor: 'ann', atMs: startMs, action };
  return { topic: 'commands', key: correlationKey(scope), value: codecs.command.encode(command), headers: {} };
}

async function probed(harness: Harness, service: string) {
  await harness.bus.publish([alertRecord(alert(service, { startsAtMs: startMs - 9_000_000 }))]);
  const all = await until(
    async () => {
      harness.nowMs += 1000;
      return revisions(harness.bus);
    },
    (found) => found.some(({ alerts }) => alerts.some(({ entity }) => entity === `service:${service}`)),
  );
  return all;
}

it.each([300, 4_000, 12_000, 18_500])(
  'inputs with a part of %i bytes, alone or together, leave the next alert its page',
  async (chars) => {
    const harness = await newHarness();
    harness.answer = async ({ slices }) => ({
      ...emptyEvidenceRows,
      slices,
      watermarks: { spans: startMs, logs: 0, metrics: 0 },
      topology: Array.from({ length: 2000 }, (_, n) => [`caller-${n}`, `callee-${n}`] as const),
    });
    const running = await harness.start();
    for (let n = 0; n < 45; n += 1) await harness.bus.publish([longInput(n, chars)]);
    await probed(harness, 'probe');
    await running.stop();
    // What was kept can be read back.
    const again = await harness.start();
    await probed(harness, 'probe-again');
    await again.stop();
    // Only names that are keys are refused, and before they are taken.
    const reasons = (await deadLettersOf(harness)).map(({ reason }) => reason);
    expect(reasons.filter((reason) => !/ has \d+ (bytes|characters)/.test(reason))).toEqual([]);
  },
);

it('on disk, with records up to a megabyte', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-size-'));
  try {
    const harness = await newHarness({ folder, maxRecordBytes: 1_000_000 });
    const running = await harness.start();
    for (let n = 0; n < 15; n += 1) await harness.bus.publish([longInput(n, 900_000)]);
    const all = await probed(harness, 'probe');
    const facts = all.flatMap(({ missing }) => missing.filter(({ code }) => code === 'too-large'));
    expect(facts.map(({ part }) => part)).toContain('page');
    const codes = (await deadLettersOf(harness)).map(({ code, reason }) => `${code} ${reason}`);
    expect(codes.filter((text) => text.includes('refused a commit'))).toEqual([]);
    await running.stop();
    await harness.close();
  } finally {
    open.length = 0;
    rmSync(folder, { recursive: true });
  }
});

it('an alert whose key is too long is paged by its name alone, and health says whose it was and how large', async () => {
  const harness = await newHarness();
  const running = await harness.start();
  const value = alert('checkout', { fingerprint: 'x'.repeat(5_000) });
  await harness.bus.publish([alertRecord(value)]);
  const [page] = await until(
    () => revisions(harness.bus),
    (found) => found.length > 0,
  );
  expect(page).toMatchObject({
    title: 'HighLatency (not correlated: the correlator could not take this alert)',
    alertCount: 1,
  });
  const [letter] = await deadLettersOf(harness);
  expect(letter).toMatchObject({
    code: 'CORRELATOR_INPUT_TOO_LARGE',
    reason: 'fingerprint has 5000 bytes; at most 1250 can be kept',
  });
  const { parts } = harness.health.report();
  const [part] = Object.values(parts).filter(({ ok }) => !ok);
  expect(part?.detail).toMatch(
    /^alerts\/\d\/0 of tenant t \(5\d\d\d bytes\) became a dead letter: fingerprint has 5000 bytes/,
  );
  await running.stop();
});

it('a broker that takes less than the settings say gets smaller records', async () => {
  const harness = await newHarness({ maxRecordBytes: 200_000 });
  const whole = harness.bus;
  harness.bus = smallBroker(whole, ({ records }) => records.every(({ value }) => (value?.length ?? 0) <= 50_000));
  const running = await harness.start();
  await harness.bus.publish([longInput(2, 150_000), longInput(4, 150_000)]);
  await probed(harness, 's2');
  expect(await deadLettersOf(harness)).toEqual([]);
  await running.stop();
});

it('an input that the broker refuses in the smallest form becomes a dead letter, is paged raw, and health is red', async () => {
  const harness = await newHarness({ maxRecordBytes: 40_000 });
  const poison = (key: string) => key.includes('poison');
  harness.bus = smallBroker(harness.bus, ({ records }) => !records.some(({ key }) => poison(key)));
  const running = await harness.start();
  const before = Array.from({ length: 5 }, (_, n) => alertRecord(alert(`s${n}`)));
  await harness.bus.publish([...before, alertRecord(alert('poison')), alertRecord(alert('after'))]);
  const all = await probed(harness, 'probe');
  expect(all.map(({ title }) => title)).toContain(
    'HighLatency (not correlated: the correlator could not take this alert)',
  );
  const letters = await deadLettersOf(harness);
  expect(letters.map(({ code }) => code)).toEqual(['CORRELATOR_INPUT_TOO_LARGE']);
  expect(Object.values(harness.health.report().parts).find(({ ok }) => !ok)?.detail).toContain('of tenant t');
  await running.stop();
});

it('a loop that fails is red in health, and green again when it goes on', async () => {
  const harness = await newHarness();
  let isRefusing = true;
  harness.bus = smallBroker(harness.bus, () => !isRefusing);
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  const report = () => harness.health.report();
  await until(report, ({ ok }) => !ok);
  expect(Object.keys(report().parts).some((part) => part.startsWith('correlator-'))).toBe(true);
  isRefusing = false;
  await until(
    () => revisions(harness.bus),
    (found) => found.length > 0,
  );
  harness.nowMs += 900_001;
  await until(report, ({ ok }) => ok);
  await running.stop();
  expect(report().parts).toEqual({});
});
