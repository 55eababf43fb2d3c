import { expect, it } from 'vitest';
import { createEventParser } from '../api/events.ts';
import { applyMessage } from '../list/live.tsx';
import { anIncident } from '../testing/incident.ts';
import { duration, milliseconds, percent } from './format.ts';

it.each([
  [0, ''],
  [40_000, '40 s'],
  [14 * 60_000, '14 min'],
  [200 * 60_000, '3 h 20 min'],
  [180 * 60_000, '3 h'],
  [50 * 3_600_000, '2 days'],
])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [0.864, '86 %'],
  [0.999, '>99 %'],
  [0.001, '<1 %'],
  [0, '0 %'],
])('%f is %s', (ratio, text) => expect(percent(ratio)).toBe(text));

it.each([
  [0, '0 ms'],
  [3.14, '3.1 ms'],
  [412.4, '412 ms'],
  [1900, '1.9 s'],
  [61_000, '61 s'],
])('%f ms reads %s', (ms, text) => expect(milliseconds(ms)).toBe(text));

it('events cut anywhere come out whole, and heartbeats are silent', () => {
  const stream = ':\n\nid: 0:1\ndata: {"a":1}\n\n:\n\nid: 0:2\ndata: {"a":2}\n\n';
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const parser = createEventParser();
    const events = [...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))];
    expect(events).toEqual([
      { id: '0:1', data: '{"a":1}' },
      { id: '0:2', data: '{"a":2}' },
    ]);
  }
});

it('the list follows the feed', () => {
  const empty = { incidents: new Map(), complete: false };
  const one = applyMessage(empty, { resumeToken: '1', incident: anIncident() });
  const two = applyMessage(one, { resumeToken: '2', incident: anIncident({ revision: 4 }), caughtUp: true });
  expect([...two.incidents.values()].map(({ revision }) => revision)).toEqual([4]);
  expect([one.complete, two.complete]).toEqual([false, true]);
  expect(applyMessage(two, { resumeToken: '3', retiredId: 'inc-1' }).incidents.size).toBe(0);
});
