import { describe, expect, it } from 'vitest';
import { SizeLimit } from './size-limit.ts';
import { chunkRecords, joinChunks, partsOf } from './state-chunks.ts';

const maxBytes = 300;
const write = (value: string | null, before = 1) =>
  chunkRecords({ key: 't/|alert/a', value, partition: 3, before }, maxBytes);

/** What a reader of the topic makes of these records. */
function read(records: ReturnType<typeof write>): string {
  const values = new Map(records.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const])));
  const [first] = records;
  if (first?.value == null) return 'removed';
  const parts = partsOf({ headers: first.headers ?? {} });
  return new TextDecoder().decode(joinChunks(first.key, first.value, parts, (key) => values.get(key)));
}

describe('a record of the state', () => {
  it.each([0, 1, 33, 34, 35, 500])('of %i characters is read back as it was written', (length) => {
    const value = 'é'.repeat(length);
    const records = write(value);
    expect(read(records)).toBe(value);
    expect(records.every((record) => (record.value?.length ?? 0) + record.key.length < maxBytes)).toBe(true);
  });

  it('that fits is one record under its own key, without headers', () => {
    expect(write('{}')).toEqual([{ topic: 'state', key: 't/|alert/a', partition: 3, value: Buffer.from('{}') }]);
  });

  it('that became smaller removes the chunks that it no longer has', () => {
    expect(write('{}', 3).map(({ key, value }) => [key, value?.length ?? null])).toEqual([
      ['t/|alert/a', 2],
      ['1#|t/|alert/a', null],
      ['2#|t/|alert/a', null],
    ]);
    expect(write(null, 2).map(({ value }) => value)).toEqual([null, null]);
  });
});

it('a refused commit is made with smaller records, then with one input at a time, then that input is refused', () => {
  const limit = new SizeLimit(40_000);
  const seen = [200, 200, 200, 1].map((records) => `${limit.refused(records, 200)} ${limit.maxRecordBytes}`);
  expect(seen).toEqual(['smaller 20000', 'smaller 16384', 'single 16384', 'refuse 16384']);
  expect(limit.batchRecords(200)).toBe(1);
  for (let n = 0; n < 200; n += 1) limit.committed();
  expect(limit.batchRecords(200)).toBe(200);
});
