import { silentLogger } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { encodeBatch } from './encode-batch.ts';
import { DataEnds } from './ends.ts';
import { Names } from './names.ts';
import { PartitionReader, type PartitionReaderOptions } from './partition-reader.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const limit = { maxRecords: 100, maxBytes: 1_000_000 };

/** What a broker returns for a fetch from the beginning when so many blocks exist. */
function blocks(count: number): Buffer {
  const record = { topic: 'spans' as const, partition: 0, key: '', value: Buffer.from('block'), headers: undefined };
  const identity = { producerId: '1', producerEpoch: 0, firstSequence: 0, isTransactional: false } as const;
  return encodeBatch(new Array(count).fill(record), { ...identity, codec: 'none' });
}

/** A reader of `spans/0` whose fetches the test answers, after its partition got another leader. */
async function readerOfMoved() {
  const fetches: { readonly node: number; give(bytes: Buffer): void }[] = [];
  let leader = 1;
  const client = {
    settings: { budgetMs: 0 } as PartitionReaderOptions['client']['settings'],
    leader: async () => leader,
    call: (node: number) =>
      new Promise((resolve) => {
        const answer = { topic: 'spans', partition: 0, errorCode: 0, stableEnd: 9, aborted: [] };
        fetches.push({ node, give: (bytes) => resolve([{ ...answer, bytes }]) });
      }),
    onFailure: () => {},
  };
  const partitions = [{ topic: 'spans' as const, partition: 0, position: 0 }];
  const common = { names: new Names(''), ends: new DataEnds(), logger: silentLogger };
  const reader = new PartitionReader({ client, partitions, ...common });
  reader.take(limit);
  await turn();
  leader = 2;
  reader.take(limit);
  await turn();
  expect(fetches.map(({ node }) => node)).toEqual([1, 2]);
  return { reader, fetches };
}

test.each([
  ['more', 1, 2],
  ['less', 2, 1],
])(
  'a block that the old and the new leader of a partition both give is read once, when the later answer holds %s',
  async (_, first, second) => {
    const { reader, fetches } = await readerOfMoved();
    fetches[0]?.give(blocks(first));
    await turn();
    fetches[1]?.give(blocks(second));
    await turn();
    const read = reader.take(limit).map(({ offset }) => Number(offset));
    expect(read).toEqual(Array.from({ length: first }, (_, offset) => offset));
    expect(reader.drainedTo('spans', 0)).toBe(first);
    reader.close();
  },
);
