/** Which changes could have triggered this: right before the onset, at or next to a service that moved itself. */
import type { Change, JudgedChange } from '@faultline/model';
import { contrastChange } from '../compare/change/contrast.ts';
import type { Context } from '../compare/comparison.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatSeconds } from '../finding/format.ts';
import { lookAtChange } from '../finding/reference.ts';
import type { Candidate } from '../probability/candidate.ts';
import { silentSinceMs } from './silent-since.ts';

/** The onset is known to about a slice and a window; a change may finish a little after its first harm. */
const slackMs = 60_000;
/** Most guilty changes show within minutes; after half an hour a change is one suspicion among others, after hours none by itself. */
const halfAgeMs = 600_000;
/** A change of a caller harms the peer that it calls at once, or hardly at all. */
const callerHalfAgeMs = 90_000;
const oldAgeMs = 2 * 3_600_000;

/** The service that a change was made to, or empty. */
export function changedService({ entities }: Change): string {
  return entities.service ?? entities.workload ?? entities.database ?? entities.topic ?? '';
}

/** 1 right before the onset, half after ten minutes, 0 when it came after the harm or hours before. */
export function timingOf({ startedAtMs }: Change, onsetMs: number, halfMs = halfAgeMs): number {
  const ageMs = onsetMs - startedAtMs;
  if (ageMs < -slackMs || ageMs > oldAgeMs) return 0;
  return halfMs / (halfMs + Math.max(0, ageMs));
}

/** What the instances say: the new ones alone suffer, nothing to compare, or the old ones suffer as well. */
const proof = { guilty: 1.5, unknown: 1, innocent: 0 } as const;

/** One finding for each change that fits in time and place. Whether its service moved is for scoring to weigh. */
export function changeFindings(context: Context): Finding[] {
  return context.input.changes.flatMap((change) => {
    const service = changedService(change);
    const near = timingOf(change, context.onset.atMs) * (context.related.has(service) ? 1 : 0.3);
    const strength = near * proof[contrastChange(context, change, service).verdict];
    if (service === '' || strength < minStrength) return [];
    return [changeFinding(change, service, strength, context.onsetOf(service))];
  });
}

function changeFinding(change: Change, service: string, strength: number, onsetMs: number): Finding {
  return {
    kind: 'changes',
    reason: 'change',
    service,
    instance: '',
    causeKind: change.kind === 'config' || change.kind === 'flag' ? 'config' : 'code',
    entity: `change:${change.id}`,
    strength,
    explainable: 0,
    summary: `${change.kind} of ${service}${change.actor ? ` by ${change.actor}` : ''} ${when(change, onsetMs)}: ${change.summary}`,
    before: change.previousVersion,
    during: change.version,
    look: lookAtChange(change.id, service),
  };
}

/** Within the slack the order is not known: then it is said so, the same everywhere. */
function when({ startedAtMs }: Change, onsetMs: number): string {
  if (startedAtMs >= onsetMs && startedAtMs <= onsetMs + slackMs) return 'just as the harm began';
  return `${formatSeconds(onsetMs - startedAtMs)} ${startedAtMs <= onsetMs ? 'before' : 'after'} the harm began`;
}

/** When the cause began to do harm, in ms: as its own signals tell, and not before the change that is blamed for it. */
export function sinceOf(context: Context, candidate: Candidate): number {
  const atMs = silentSinceMs(context, candidate) ?? context.onsetOf(candidate.service);
  const change = blamedChange(context, candidate);
  return change === null ? atMs : Math.max(atMs, Math.min(change.startedAtMs, atMs + slackMs));
}

/** The change blamed for a candidate: at the service itself, or at a caller of a peer that cannot change by itself. */
export function blamedChange(context: Context, { service }: Candidate): Change | null {
  const callers = context.traced.has(service) ? [] : (context.callers.get(service) ?? []);
  const fits = context.input.changes
    .map((change) => ({ change, fit: fitOf(context, change, { service, callers }) }))
    .filter(({ fit }) => fit > leastFit)
    .sort((a, b) => b.fit - a.fit || (a.change.id < b.change.id ? -1 : 1));
  return fits[0]?.change ?? null;
}

/** A change a quarter of an hour old is as likely to be there by chance as to be the trigger, on a service that is changed a few times a day. */
const leastFit = 0.35;

function fitOf(
  context: Context,
  change: Change,
  { service, callers }: { service: string; callers: readonly string[] },
): number {
  const changed = changedService(change);
  const isHere = changed === service || change.entities.database === service;
  if (!isHere && !callers.includes(changed)) return 0;
  const timing = timingOf(change, context.onsetOf(service), isHere ? halfAgeMs : callerHalfAgeMs);
  const place = isHere || change.summary.includes(service) ? 1 : 0.8;
  return timing === 0 ? 0 : timing * place * proof[contrastChange(context, change, changed).verdict];
}

/** Every change with a verdict, in the order of time. None is a suspect while no cause is identified. */
export function judgeChanges(context: Context, candidates: readonly Candidate[], identified = true): JudgedChange[] {
  const blamed = identified ? blamedChange(context, candidates[0] ?? nobody)?.id : undefined;
  const moved = new Set(candidates.filter(({ logOdds }) => logOdds >= 1).map(({ service }) => service));
  return context.input.changes
    .map((change) => ({ ...describeChange(change), ...verdictOf(change, { context, blamed, moved, candidates }) }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
}

const nobody: Candidate = { service: '', instance: '', kind: 'latency', logOdds: 0, probability: 0, findings: [] };

interface Judging {
  readonly context: Context;
  readonly blamed: string | undefined;
  readonly moved: ReadonlySet<string>;
  readonly candidates: readonly Candidate[];
}

function verdictOf(
  change: Change,
  { context, blamed, moved, candidates }: Judging,
): Pick<JudgedChange, 'verdict' | 'reason'> {
  const service = changedService(change);
  const [best] = candidates;
  const sinceMs = best === undefined ? context.onset.atMs : sinceOf(context, best);
  const time = when(change, sinceMs);
  if (change.startedAtMs > sinceMs + slackMs) return { verdict: 'innocent', reason: `it came ${time}` };
  const cause = candidates[0]?.service ?? '';
  const { verdict, control } = contrastChange(context, change, service);
  if (change.id === blamed)
    return {
      verdict: 'suspect',
      reason: `${time}, at ${service}${service === cause ? '' : `, which calls ${cause}`}, where the harm began${verdict === 'guilty' ? `; ${control}` : ''}`,
    };
  if (verdict === 'innocent') return { verdict, reason: `${control}; it was made ${time}` };
  if (context.input.answer === null) return { verdict: 'possible', reason: `${time}; no evidence is in yet` };
  if (moved.has(service))
    return { verdict: 'possible', reason: `${time}, and ${service} moved, though ${cause} fits better` };
  if (service === '' || !context.services.includes(service))
    return { verdict: 'possible', reason: `${time}; nothing is known about what it touched` };
  return { verdict: 'innocent', reason: `${service} itself shows no change; it was made ${time}` };
}

function describeChange(change: Change): Omit<JudgedChange, 'verdict' | 'reason'> {
  const { id, kind, startedAtMs, actor, summary, url } = change;
  return { id, kind, entity: `service:${changedService(change)}`, startedAtMs, actor, summary, url };
}
