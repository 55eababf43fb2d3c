/**
 * The state of one partition: what each target was sent, and what comes next. It has no clock and sends nothing. Each method returns the
 * deliveries that the caller must commit before it does anything else.
 */
import type { Delivery, Incident } from '@faultline/model';
import type { ChannelCapabilities, RateBudget } from '../channel.ts';
import { grantedWaitMs } from '../channels/retry-after.ts';
import { ChannelError } from '../errors.ts';
import { digestOf } from '../page/digest.ts';
import type { Page } from '../page/page.ts';
import { changeReason, decideDelivery, type SendReason, type SkipReason } from '../stages/decide.ts';
import { deliveryKey, type Job, type Outcome } from './job.ts';

export interface OutboxTarget {
  readonly capabilities: ChannelCapabilities;
  readonly rate: Pick<RateBudget, 'editSpacingMs'>;
  /** Fallback target after a permanent failure. Null: none. */
  readonly fallback: string | null;
}

export interface OutboxOptions {
  readonly targets: ReadonlyMap<string, OutboxTarget>;
  /** The page of a revision at a time: who is on call changes with it. */
  readonly render: (incident: Incident, atMs: number) => Page;
  /** Tries before a permanent error is final. */
  readonly maxRefusals: number;
  /** Most jobs of one target in memory. Of further ones only the intent is kept, and the incident is read again later. */
  readonly maxHeldPerTarget: number;
  /** Wait in ms after this many failures. */
  readonly retryDelayMs: (attempts: number) => number;
  readonly onSkip?: (target: string, reason: SkipReason) => void;
}

interface Entry {
  delivery: Delivery | null;
  job: Job | null;
  /** A revision that arrived while the job was running. */
  next: Incident | null;
}

const maxErrorChars = 300;

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #byIncident = new Map<string, Set<string>>();
  readonly #jobs = new Set<Job>();
  readonly #held = new Map<string, number>();
  /** Targets with an intent that has no job, because there were too many jobs. */
  readonly #overflowed = new Set<string>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Restores a delivery from the topic. Call it for the oldest one first. */
  restore(delivery: Delivery): void {
    this.#entry(delivery.incidentId, delivery.target).delivery = delivery;
  }

  /** Incidents with an intent whose outcome is unknown. */
  unfinishedIds(): ReadonlySet<string> {
    const unfinished = [...this.#entries.values()].filter(
      ({ job, delivery }) => job === null && delivery?.state === 'intended',
    );
    return new Set(unfinished.map(({ delivery }) => delivery?.incidentId ?? ''));
  }

  /** True once when a target with intents but no jobs has room again. The caller then offers the unfinished incidents. */
  takeRoom(): boolean {
    const most = this.#options.maxHeldPerTarget / 2;
    if (![...this.#overflowed].some((target) => (this.#held.get(target) ?? 0) <= most)) return false;
    this.#overflowed.clear();
    return true;
  }

  /** Decides about a revision for these targets and for those that got an earlier one. */
  offer(incident: Incident, routed: readonly string[], atMs: number): readonly Delivery[] {
    const notified = this.#byIncident.get(incident.id) ?? [];
    const targets = new Set([...routed, ...notified].filter((target) => this.#options.targets.has(target)));
    return [...targets].flatMap((target) => this.#decide(incident, target, atMs));
  }

  /** Forgets an incident after its tombstone. Returns the keys to remove from the topic. */
  remove(incidentId: string): readonly string[] {
    const targets = [...(this.#byIncident.get(incidentId) ?? [])];
    this.#byIncident.delete(incidentId);
    return targets.map((target) => {
      const key = deliveryKey(incidentId, target);
      const entry = this.#entries.get(key);
      if (entry?.job) this.#drop(entry.job);
      this.#entries.delete(key);
      return key;
    });
  }

  /** Jobs to try now, oldest first. */
  due(atMs: number): readonly Job[] {
    return [...this.#jobs].filter((job) => !job.isRunning && job.nextAtMs <= atMs);
  }

  /** The next time at which a job is due. Null: no job waits. */
  nextDueMs(): number | null {
    const times = [...this.#jobs].filter(({ isRunning }) => !isRunning).map(({ nextAtMs }) => nextAtMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Applies the outcome of a try. */
  settle(outcome: Outcome, atMs: number): readonly Delivery[] {
    const { job } = outcome;
    job.isRunning = false;
    const entry = this.#entries.get(deliveryKey(job.incident.id, job.target));
    if (entry?.job !== job) return [];
    return outcome.ok ? this.#sent(entry, outcome, atMs) : this.#notSent(entry, job, outcome.error, atMs);
  }

  #sent(entry: Entry, { job, messageId, threadId }: Outcome & { ok: true }, atMs: number): readonly Delivery[] {
    const { incident, target, intended } = job;
    const { repeats } = this.#targetOf(target).capabilities;
    // The receiver may have kept the first try and dropped this one. An edit then sends the current page.
    const isCertain = !job.maybeSent || repeats !== 'idempotent' || intended.revision === incident.revision;
    const contentHash = isCertain ? job.digest : '';
    entry.delivery = {
      ...intended,
      state: 'sent',
      revision: incident.revision,
      messageId,
      threadId,
      contentHash,
      attempts: 0,
      atMs,
      error: '',
    };
    this.#drop(job);
    entry.job = null;
    const next = entry.next ?? (isCertain ? null : incident);
    entry.next = null;
    const followUp = next === null ? [] : this.#decide(next, target, atMs);
    return followUp.length > 0 ? followUp : [entry.delivery];
  }

  #notSent(entry: Entry, job: Job, error: unknown, atMs: number): readonly Delivery[] {
    const known = error instanceof ChannelError ? error : null;
    job.maybeSent ||= known?.maybeDelivered ?? false;
    const attempts = job.intended.attempts + 1;
    if (known?.kind !== 'transient') job.refusals += 1;
    const isFinal = known?.kind !== 'transient' && job.refusals >= this.#options.maxRefusals;
    const text = (error instanceof Error ? error.message : String(error)).slice(0, maxErrorChars);
    job.intended = { ...job.intended, attempts, atMs, error: text };
    entry.delivery = job.intended;
    if (entry.next !== null) this.#adopt(job, entry.next, atMs);
    entry.next = null;
    if (isFinal) return this.#giveUp(entry, job, atMs);
    const delayMs = this.#options.retryDelayMs(attempts);
    const grantedMs = grantedWaitMs(known?.retryAfterMs ?? 0, atMs - job.incident.detectedAtMs);
    job.nextAtMs = atMs + Math.max(delayMs, grantedMs);
    return [entry.delivery];
  }

  /** The next try sends the current page. */
  #adopt(job: Job, incident: Incident, atMs: number): void {
    if (incident.revision < job.incident.revision) return;
    job.incident = incident;
    job.page = this.#options.render(incident, atMs);
    job.digest = digestOf(job.page, job.intended.contentHash);
  }

  /** A silent edit that waits for its turn becomes an edit of the new revision, at once if people must hear of it. */
  #coalesce(job: Job, incident: Incident, atMs: number): void {
    this.#adopt(job, incident, atMs);
    if (job.reason !== 'revised' || job.intended.attempts > 0) return;
    job.reason = changeReason(job.intended.contentHash, job.digest);
    if (job.reason !== 'revised') job.nextAtMs = atMs;
  }

  /** Silent edits of one message keep a distance. Everything else is sent at once. */
  #dueMs(reason: SendReason, target: string, previous: Delivery | null, atMs: number): number {
    if (reason !== 'revised' || previous === null) return atMs;
    return Math.max(atMs, previous.atMs + this.#targetOf(target).rate.editSpacingMs);
  }

  #giveUp(entry: Entry, job: Job, atMs: number): readonly Delivery[] {
    const { fallback } = this.#targetOf(job.target);
    const failed: Delivery = { ...job.intended, state: 'failed', revision: job.incident.revision };
    entry.delivery = failed;
    this.#drop(job);
    entry.job = null;
    return [failed, ...(fallback === null ? [] : this.#decide(job.incident, fallback, atMs))];
  }

  /** Decides for one target. A new intent gets a job. */
  #decide(incident: Incident, target: string, atMs: number): readonly Delivery[] {
    const entry = this.#entry(incident.id, target);
    if (entry.job !== null) {
      if (entry.job.isRunning) entry.next = incident;
      else this.#coalesce(entry.job, incident, atMs);
      return [];
    }
    const page = this.#options.render(incident, atMs);
    const previous = entry.delivery;
    const digest = digestOf(page, previous?.contentHash);
    const decision = decideDelivery({ previous, incident, digest, capabilities: this.#targetOf(target).capabilities });
    if (decision.action === 'skip') {
      this.#options.onSkip?.(target, decision.reason);
      return [];
    }
    const isUnfinished = decision.reason === 'unfinished';
    const intended = isUnfinished && previous !== null ? previous : intentOf(incident, target, previous, atMs);
    entry.delivery = intended;
    const { action, reason } = decision;
    this.#hold(entry, {
      target,
      action,
      reason,
      intended,
      incident,
      page,
      digest,
      maybeSent: isUnfinished,
      refusals: 0,
      nextAtMs: this.#dueMs(reason, target, previous, atMs),
      isRunning: false,
    });
    return isUnfinished ? [] : [intended];
  }

  #hold(entry: Entry, job: Job): void {
    const held = this.#held.get(job.target) ?? 0;
    if (held >= this.#options.maxHeldPerTarget) {
      this.#overflowed.add(job.target);
      return;
    }
    this.#held.set(job.target, held + 1);
    entry.job = job;
    this.#jobs.add(job);
  }

  #drop(job: Job): void {
    if (this.#jobs.delete(job)) this.#held.set(job.target, (this.#held.get(job.target) ?? 1) - 1);
  }

  #entry(incidentId: string, target: string): Entry {
    const key = deliveryKey(incidentId, target);
    const found = this.#entries.get(key);
    if (found !== undefined) return found;
    const entry: Entry = { delivery: null, job: null, next: null };
    this.#entries.set(key, entry);
    const targets = this.#byIncident.get(incidentId) ?? new Set();
    this.#byIncident.set(incidentId, targets.add(target));
    return entry;
  }

  #targetOf(target: string): OutboxTarget {
    const found = this.#options.targets.get(target);
    if (found === undefined) throw new Error(`no channel for target ${target}`);
    return found;
  }
}

function intentOf(incident: Incident, target: string, previous: Delivery | null, atMs: number): Delivery {
  return {
    incidentId: incident.id,
    target,
    state: 'intended',
    revision: incident.revision,
    messageId: previous?.messageId ?? '',
    threadId: previous?.threadId ?? '',
    contentHash: previous?.contentHash ?? '',
    attempts: 0,
    atMs,
    error: '',
  };
}
