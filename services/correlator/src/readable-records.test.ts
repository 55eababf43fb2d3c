import { expect, it } from 'vitest';
import { separateReadable } from './readable-records.ts';

const record = (key: string, value: object | string) => ({
  key,
  value: typeof value === 'string' ? value : JSON.stringify(value),
});
const keysOf = (records: readonly { readonly key: string }[]) => records.map(({ key }) => key);

it('what can be read stays', () => {
  const records = [record('config', {}), record('alert/a', { incidentId: 'i' }), record('incident/i', {})];
  expect(separateReadable(records)).toEqual({ readable: records, unreadable: [] });
});

it.each(['', '{"a":', '7', 'null', '"text"'])('%j is put aside, and nothing with it', (value) => {
  const { readable, unreadable } = separateReadable([record('graph/g', value), record('incident/i', {})]);
  expect([keysOf(readable), keysOf(unreadable)]).toEqual([['incident/i'], ['graph/g']]);
});

it('with an incident goes all that hangs on it, and no more', () => {
  const { readable, unreadable } = separateReadable([
    record('alert/a', { incidentId: 'lost' }),
    record('alert/b', { incidentId: 'kept' }),
    record('alert/c', { incidentId: null }),
    record('evidence/lost', {}),
    record('history/lost', {}),
    record('history/kept', {}),
    record('incident/lost', '{'),
    record('question/q', { incidentId: 'lost' }),
  ]);
  expect(keysOf(readable)).toEqual(['alert/b', 'alert/c', 'history/kept']);
  expect(keysOf(unreadable)).toEqual(['alert/a', 'evidence/lost', 'history/lost', 'incident/lost', 'question/q']);
});
