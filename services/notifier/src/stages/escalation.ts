/** Who is told of a page, and who is told next while nobody acknowledges. Pure: a function of the incident and the time. */
import { type Incident, triageLevelOf } from '@faultline/model';
import { z } from 'zod';
import type { Person } from '../on-call/shift.ts';
import { isTest } from '../page/words.ts';
import { type IncidentMatch, incidentMatch, matchesIncident } from './match.ts';
import { levelReachedMs } from './route-rule.ts';

const level = z.strictObject({
  afterMs: z.int().min(0).describe('Time without an acknowledgement after which this level is told. 0: with the page.'),
  schedules: z
    .array(z.string().min(1))
    .default([])
    .describe('Schedules of `notifier.schedules`. Who is on call at that time is named and mentioned.'),
  people: z.array(z.string().min(1)).default([]).describe('People who are told whoever is on call.'),
  channels: z
    .array(z.string().min(1))
    .default([])
    .describe('Channels that get the page at this level, beside those of the routes.'),
});

export const escalationConfig = z
  .strictObject({
    name: z.string().min(1).describe('What the policy is called.'),
    match: incidentMatch.default({}).describe('Conditions on the incident. The first policy that matches counts.'),
    levels: z.array(level).min(1).max(20).describe('In the order of their times.'),
    repeats: z.int().min(0).max(10).default(0).describe('How often all levels are told again.'),
    repeatAfterMs: z
      .int()
      .min(60_000)
      .default(1_800_000)
      .describe('Time between the last level and the first one of the next round.'),
  })
  .superRefine(({ levels }, context) => {
    levels.forEach(({ afterMs, schedules, people, channels }, at) => {
      const before = levels[at - 1]?.afterMs ?? -1;
      if (afterMs <= before)
        context.addIssue({ code: 'custom', path: ['levels', at, 'afterMs'], message: `more than ${before}` });
      if (schedules.length + people.length + channels.length === 0)
        context.addIssue({ code: 'custom', path: ['levels', at], message: 'schedules, people or channels' });
    });
  });
export type EscalationConfig = z.infer<typeof escalationConfig>;

export interface EscalationPolicy extends EscalationConfig {
  readonly match: IncidentMatch;
}

/** Who is on call by a schedule at a time. */
export type PeopleAt = (schedule: string, atMs: number) => readonly Person[];

export interface Escalation {
  /** How often the page was escalated: 0 while the first level is told. */
  readonly step: number;
  readonly people: readonly Person[];
  /** Those told before, without `people`. */
  readonly earlier: readonly Person[];
  /** How long nobody had acknowledged when this level was told. */
  readonly afterMs: number;
  /** The channels of all levels so far. */
  readonly channels: readonly string[];
  /** When the next level is told unless somebody acknowledges. Null: never. */
  readonly nextAtMs: number | null;
}

/**
 * How far the page has come. Null: no policy matches, it is no page, it is over, or it is a test, which wakes nobody. An acknowledgement stops it where it is. A reopened incident
 * begins anew. `atMs` is compared with times of the log, so a restart finds the same.
 */
export function escalationOf(
  incident: Incident,
  policies: readonly EscalationPolicy[],
  atMs: number,
  peopleAt: PeopleAt,
): Escalation | null {
  if (incident.status === 'resolved' || triageLevelOf(incident) !== 'page' || isTest(incident)) return null;
  const policy = policies.find(({ match }) => matchesIncident(incident, match));
  if (policy === undefined) return null;
  const sinceMs = Math.max(levelReachedMs(incident), incident.stages?.reopenedMs ?? 0);
  const untilMs = incident.status === 'open' ? atMs : stoppedMs(incident, sinceMs);
  const steps = stepsOf(policy);
  const reached = steps.filter(({ afterMs }) => sinceMs + afterMs <= untilMs);
  const current = reached.at(-1);
  const told = reached.map((one) => peopleOf(one, sinceMs + one.afterMs, peopleAt));
  const people = told.at(-1) ?? [];
  const next = steps[reached.length];
  return {
    step: Math.max(0, reached.length - firstSteps(steps)),
    people,
    earlier: distinct(told.slice(0, -1).flat()).filter(({ name }) => !people.some((person) => person.name === name)),
    afterMs: current?.afterMs ?? 0,
    channels: [...new Set(reached.flatMap(({ channels }) => channels))],
    nextAtMs: incident.status === 'open' && next !== undefined ? sinceMs + next.afterMs : null,
  };
}

type Level = EscalationConfig['levels'][number];

/** All levels of all rounds, by time. */
function stepsOf({ levels, repeats, repeatAfterMs }: EscalationConfig): readonly Level[] {
  const roundMs = (levels.at(-1)?.afterMs ?? 0) + repeatAfterMs;
  return Array.from({ length: repeats + 1 }, (_, round) =>
    levels.map((one) => ({ ...one, afterMs: one.afterMs + round * roundMs })),
  ).flat();
}

/** A level that is told with the page itself is no escalation. */
function firstSteps(steps: readonly Level[]): number {
  return steps[0]?.afterMs === 0 ? 1 : 0;
}

/** When it was acknowledged. An acknowledgement before it was reopened says nothing of now. */
function stoppedMs({ stages }: Pick<Incident, 'stages'>, sinceMs: number): number {
  return Math.max(stages?.acknowledgedMs ?? 0, sinceMs);
}

function peopleOf({ schedules, people }: Level, atMs: number, peopleAt: PeopleAt): readonly Person[] {
  const named = people.map((name) => ({ name, contact: '' }));
  return distinct([...schedules.flatMap((schedule) => peopleAt(schedule, atMs)), ...named]);
}

function distinct(people: readonly Person[]): readonly Person[] {
  return people.filter(({ name }, index) => people.findIndex((other) => other.name === name) === index);
}
