import type { Bus, LogRecord } from '@faultline/bus';
import { codecs, progressKey } from '@faultline/model';
import { silentLogger } from '@faultline/runtime';
import { expect, it, vi } from 'vitest';
import { type Behind, type Mark, RecorderView, recordedUntil, SettledView } from './watermark.ts';

const mark: Mark = { topic: 'spans', partition: 1, next: 10n };

it('waiting queries share the last read, and read again when it is old', async () => {
  const read: string[] = [];
  let nowMs = 0;
  let offset = 4n;
  const committed: Bus['committed'] = async (_group, topic) => {
    read.push(topic);
    return topic === 'spans' ? [{ topic, partition: 1, offset }] : [];
  };
  const view = new RecorderView({ bus: { committed }, clock: () => nowMs, maxAgeMs: 50 });
  const answers = await Promise.all([view.behind([mark]), view.behind([mark])]);
  expect(answers.map(([behind]) => behind?.behind)).toEqual([6n, 6n]);
  expect(read).toEqual(['spans', 'logs', 'metrics']);
  offset = 10n;
  nowMs = 50;
  expect(await view.behind([mark])).toEqual([]);
});

it('a signal is recorded up to the first block that is not, in the partition that is furthest behind', async () => {
  const read: Bus['read'] = async function* ({ topic, partition, from, to }) {
    expect(to).toBe(from + 1n);
    yield { ...blockAt({ 0: 300, 1: 200 }[partition] ?? 0), topic, partition, offset: from };
  };
  const behind = (topic: Mark['topic'], partition: number): Behind => ({
    topic,
    partition,
    next: 9n,
    recorded: 4n,
    behind: 5n,
  });
  const marks = [behind('spans', 0), behind('spans', 1), behind('metrics', 0)];
  expect(await recordedUntil({ read }, marks)).toEqual({ spans: 200, metrics: 300 });
  expect(await recordedUntil({ read }, [])).toEqual({});
});

it('a failed read is not kept', async () => {
  let isAway = true;
  const committed: Bus['committed'] = async () => {
    if (isAway) throw new Error('away');
    return [];
  };
  const view = new RecorderView({ bus: { committed }, clock: () => 0, maxAgeMs: 50 });
  await expect(view.behind([mark])).rejects.toThrow('away');
  isAway = false;
  expect(await view.behind([mark])).toHaveLength(1);
});

it('what has settled is seen again after the log was away', async () => {
  const stopping = new AbortController();
  let attempts = 0;
  const follow = async function* (): AsyncGenerator<LogRecord> {
    attempts += 1;
    if (attempts === 1) throw new Error('away');
    yield progressRecord(10n);
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  };
  const view = new SettledView();
  // Only `follow` is called here.
  const following = view.follow({ follow } as unknown as Bus, { signal: stopping.signal, logger: silentLogger });
  expect(view.isSettled([mark])).toBe(false);
  await vi.waitFor(() => expect(view.isSettled([mark])).toBe(true));
  stopping.abort();
  await following;
});

function blockAt(timestampMs: number): LogRecord {
  return { topic: 'spans', partition: 0, offset: 0n, timestampMs, key: '', value: new Uint8Array(), headers: {} };
}

function progressRecord(low: bigint): LogRecord {
  const value = codecs.recorderProgress.encode({
    partition: 1,
    watermarkMs: 0,
    topics: [{ topic: 'spans', low, keep: low, position: low }],
    aged: [],
    lifts: [],
    cut: null,
  });
  const place = { topic: 'recorder-progress', partition: 1, offset: 0n, timestampMs: 0 } as const;
  return { ...place, key: progressKey(1), value, headers: {} };
}
