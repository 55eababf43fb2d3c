/** Instances that were restarted since shortly before the onset, by their own counter. Memory at its limit, or a kill, tells why. */
import { slackMs } from '../compare/change/timing.ts';
import type { Comparison } from '../compare/comparison.ts';
import { type MemorySign, type Restart, restartsOf } from '../compare/restarts.ts';
import type { Detection, Finding } from '../finding/finding.ts';
import { formatSeconds } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';

interface Facts {
  readonly first: Restart;
  readonly restarts: number;
  /** How it is known that one of them ran out of memory; null: it is not. */
  readonly memory: MemorySign | null;
  readonly onsetMs: number;
}
type Found = Detection<'restart', Facts>;

export const restarts = evidenceKind({
  name: 'restarts',
  signal: 'metrics',
  weights: { restart: logOdds(3, 'its instances were restarted; in full if they ran out of memory') },
  traits: { failsCallers: true, affectsPart: true, restart: true },
  detect: (inputs: Pick<Comparison, 'input' | 'onset'>): Found[] =>
    [...Map.groupBy(restartsOf(inputs), ({ row }) => row.service)].map(([service, own]) =>
      judge(service, own, inputs.onset.atMs),
    ),
  describe: ({ service, facts: { first, restarts: count, memory, onsetMs } }) => ({
    summary: `${count === 1 ? first.row.instance || service : `${count} instances of ${service}`} restarted ${formatSeconds(first.atMs - onsetMs)} ${first.atMs < onsetMs ? 'before' : 'after'} the onset${memory === null ? '' : memoryText[memory]}`,
    before: '0',
    during: String(count),
  }),
  reference: ({ instance = '', facts: { first } }) => referenceToSeries({ ...first.row, instance }),
  refute: restartFirst,
});

const memoryText: Readonly<Record<MemorySign, string>> = {
  climbed: ', after memory had climbed',
  'at-limit': ', after it had used nearly all of its memory',
  killed: ', killed for its memory',
};

function judge(service: string, own: readonly Restart[], onsetMs: number): Found {
  const first = own.reduce((earliest, one) => (one.atMs < earliest.atMs ? one : earliest));
  const memory = own.find((one) => one.memory !== null)?.memory ?? null;
  const { instance } = first.row;
  return {
    weightName: 'restart',
    service,
    instance: own.length === 1 ? instance : '',
    faultType: memory === null ? 'down' : 'memory',
    entity: instance === '' ? `service:${service}` : `pod:${instance}`,
    strength: memory === null ? 0.6 : 1,
    facts: { first, restarts: own.length, memory, onsetMs },
  };
}

/** A cause does not come after its effect. Where no signal tells the onset, the first alert stands in. */
function restartFirst(
  inputs: Pick<RefutationInputs, 'input' | 'onset'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const { onset, input } = inputs;
  const effect = onset.isSeen ? 'the onset' : 'the first alert';
  const test = `Was the restart a consequence, well after ${effect}?`;
  const times = restartsOf(inputs).flatMap(({ row, atMs }) => (row.service === service ? [atMs] : []));
  const lateMs = Math.min(...times) - (onset.isSeen ? onset.atMs : input.startedAtMs);
  const how = `the restart came ${formatSeconds(lateMs)} ${lateMs > 0 ? 'after' : 'before'} it`;
  return lateMs <= slackMs ? survived(test, how) : refuted(test, how);
}
