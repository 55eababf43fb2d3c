/**
 * Copies a storm: writes the records of one finished storm again under other keys. The copies are superseded or deleted
 * in the end, so their content does not matter.
 */
import type { Bus, LogRecord, OutgoingRecord } from '@faultline/bus';
import { codecs, type TopicName } from '@faultline/model';

/** Topics that a start reads. The alerts, journal and members of a closed storm only fill the disk. */
const readAtStart: readonly TopicName[] = ['state', 'incidents', 'deliveries'];
/** State records of a scope, not of a storm. */
const scopeWideKey = /\|(shell|config|topology|graph\/.*)$/;
const perCall = 2000;
const callers = 4;

/** End offset of each partition of these topics. */
export async function endsOf(bus: Bus): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of readAtStart)
    for (const { partition, next } of await bus.offsets(topic)) ends.set(`${topic}/${partition}`, next);
  return ends;
}

/** Everything written after `ends`, without records of the scope itself. */
export async function writtenSince(bus: Bus, ends: ReadonlyMap<string, bigint>): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const topic of readAtStart)
    for (let partition = 0; partition < bus.partitionCount(topic); partition += 1)
      for await (const record of bus.read({ topic, partition, from: ends.get(`${topic}/${partition}`) ?? 0n }))
        if (topic !== 'state' || !scopeWideKey.test(record.key)) records.push(record);
  return records;
}

/** Writes one copy. `n` makes its keys distinct. */
export async function writeCopy(bus: Bus, storm: readonly LogRecord[], n: number): Promise<void> {
  const calls = Array.from({ length: Math.ceil(storm.length / perCall) }, (_, call) =>
    storm.slice(call * perCall, (call + 1) * perCall),
  ).values();
  const caller = async () => {
    for (const records of calls) await bus.publish(records.map((record) => copyOf(record, n)));
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

function copyOf({ topic, partition, key, value }: LogRecord, n: number): OutgoingRecord {
  if (topic !== 'deliveries') return { topic, partition, key: `${key}~${n}`, value };
  const [id = '', target = ''] = key.split('|');
  const decoded = value === null ? null : codecs.delivery.decode(value);
  const delivery = decoded?.ok === true ? decoded.value : null;
  const incidentId = `${id}~${n}`;
  const copy = delivery === null ? null : codecs.delivery.encode({ ...delivery, incidentId });
  return { topic, partition, key: `${incidentId}|${target}`, value: copy };
}
