import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../channels/http-client.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../testing/checked-receiver.ts';
import { scheduleConfig } from './config.ts';
import { Roster } from './roster.ts';

const nowMs = Date.UTC(2026, 10, 30, 12);
const hourMs = 3_600_000;
const signal = new AbortController().signal;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function receiverOf(...options: Parameters<typeof startCheckedReceiver>): Promise<CheckedReceiver> {
  const receiver = await startCheckedReceiver(...options);
  stops.push(() => receiver.close());
  return receiver;
}
const rosterOf = (...schedules: object[]) =>
  new Roster({
    schedules: schedules.map((one) => scheduleConfig.parse(one)),
    http: createHttpClient(),
    clock: () => nowMs,
  });
const iso = (afterMs: number) => new Date(nowMs + afterMs).toISOString();
const queryOf = ({ calls }: CheckedReceiver, index = 0) =>
  new URL(`http://x${calls[index]?.request.path ?? ''}`).searchParams;

describe('PagerDuty', () => {
  /** As in the reference of "List all of the on-calls". */
  const oncall = (name: string, start: string | null, end: string | null) => ({
    escalation_level: 1,
    schedule: { id: 'PI7DH85', type: 'schedule_reference', summary: 'Shop' },
    user: { id: 'PT23IWX', type: 'user', summary: name, name, email: `${name}@example.com` },
    start,
    end,
  });
  const config = (apiUrl: string) =>
    ({ type: 'pagerduty', name: 'shop', schedule: 'PI7DH85', apiKey: 'key', apiUrl }) as const;

  it('all pages of the final schedule are read', async () => {
    const receiver = await receiverOf({
      authorization: 'Token token=key',
      routes: [
        {
          route: 'GET /oncalls',
          answer: (_body, { path, headers }) => {
            const isFirst = path.includes('offset=0');
            if (headers.accept !== 'application/vnd.pagerduty+json;version=2') return { status: 406 };
            const oncalls = isFirst ? [oncall('mira', iso(-hourMs), iso(hourMs))] : [oncall('bob', iso(hourMs), null)];
            return { body: JSON.stringify({ oncalls, limit: 100, more: isFirst, total: null }) };
          },
        },
      ],
    });
    const roster = rosterOf(config(receiver.url));
    expect(await roster.refresh(signal)).toEqual([]);
    expect(queryOf(receiver).getAll('schedule_ids[]')).toEqual(['PI7DH85']);
    expect(queryOf(receiver).getAll('include[]')).toEqual(['users']);
    expect(queryOf(receiver, 1).get('offset')).toBe('100');
    expect(roster.peopleAt('shop', nowMs)).toEqual([{ name: 'mira', contact: 'mira@example.com' }]);
    expect(roster.peopleAt('shop', nowMs + 2 * hourMs)[0]?.name).toBe('bob');
    expect(roster.now(nowMs)[0]).toMatchObject({ schedule: 'shop', untilMs: nowMs + hourMs, problem: '' });
  });

  it('keeps the last shifts while it is down, and says so', async () => {
    const body = JSON.stringify({ oncalls: [oncall('mira', null, null)], more: false });
    const receiver = await receiverOf({
      authorization: 'Token token=key',
      routes: [{ route: 'GET /oncalls', answer: () => ({ body }) }],
    });
    const roster = rosterOf(config(receiver.url));
    await roster.refresh(signal);
    receiver.failures.push({ route: 'GET /oncalls', answer: { status: 503 } });
    expect(await roster.refresh(signal)).toEqual([expect.stringMatching(/^shop: .* 503/)]);
    expect(roster.peopleAt('shop', nowMs)[0]?.name).toBe('mira');
    expect(roster.now(nowMs)[0]?.problem).toContain('503');
    expect(await roster.refresh(signal)).toEqual([]);
  });

  it('no key is in what it says of a refusal', async () => {
    const receiver = await receiverOf({ authorization: 'Token token=other', routes: [{ route: 'GET /oncalls' }] });
    const [problem = ''] = await rosterOf({ ...config(receiver.url), apiKey: 'geheim' }).refresh(signal);
    expect(problem).toContain('401');
    expect(problem).not.toContain('geheim');
  });
});

describe('Opsgenie', () => {
  it.each([
    ['shop schedule', 'name'],
    ['4513b7ea-3b91-438f-b7e4-e3e54af9147c', 'id'],
  ])('the final timeline of %s', async (schedule, identifierType) => {
    const period = (name: string | null, fromMs: number, untilMs: number) => ({
      startDate: iso(fromMs),
      endDate: iso(untilMs),
      type: 'historical',
      ...(name !== null && { recipient: { id: 'x', type: 'user', name } }),
    });
    const rotations = [
      {
        id: 'r1',
        name: 'day',
        periods: [period('mira@example.com', -hourMs, hourMs), period(null, hourMs, 2 * hourMs)],
      },
    ];
    const receiver = await receiverOf({
      authorization: 'GenieKey key',
      routes: [
        {
          route: 'GET /v2/schedules/:identifier/timeline',
          answer: () => ({ body: JSON.stringify({ data: { finalTimeline: { rotations } }, took: 0.1 }) }),
        },
      ],
    });
    const roster = rosterOf({ type: 'opsgenie', name: 'shop', schedule, apiKey: 'key', apiUrl: receiver.url });
    expect(await roster.refresh(signal)).toEqual([]);
    expect(Object.fromEntries(queryOf(receiver))).toMatchObject({
      identifierType,
      interval: '3',
      intervalUnit: 'weeks',
    });
    expect(roster.peopleAt('shop', nowMs)).toEqual([{ name: 'mira@example.com', contact: 'mira@example.com' }]);
    expect(roster.peopleAt('shop', nowMs + hourMs)).toEqual([]);
  });
});

it('files and addresses of calendars are read, and one that is broken hides no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-on-call-'));
  stops.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'schedules.yaml');
  writeFileSync(file, 'schedules: [{ name: shop, layers: [{ people: [mira], start: 2026-01-01T00:00:00 }] }]');
  const calendar =
    'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261130T000000Z\r\nDTSTART:20261130T000000Z\r\nDTEND:20261201T000000Z\r\nSUMMARY:bob\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
  const receiver = await receiverOf({ routes: [{ route: 'GET /cal.ics', answer: () => ({ body: calendar }) }] });
  const roster = rosterOf(
    { type: 'file', name: 'primary', path: file, schedule: 'shop' },
    { type: 'ical', name: 'secondary', url: `${receiver.url}cal.ics` },
    { type: 'ical', name: 'gone', path: join(folder, 'gone.ics') },
  );
  expect(await roster.refresh(signal)).toEqual([expect.stringMatching(/^gone: .*ENOENT/)]);
  expect(roster.now(nowMs).map(({ people }) => people.map(({ name }) => name))).toEqual([['mira'], ['bob'], []]);
});
