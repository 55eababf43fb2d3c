/** Whether the demo's incident tells the story that was played. Pure. */
import type { Plot } from '../simulator/scenario.ts';
import type { Change } from '../simulator/fault/change.ts';

/** The part of the API's incident that is judged. */
export interface SeenIncident {
  readonly id: string;
  readonly verdict: string;
  readonly alerts: readonly unknown[];
  readonly hypotheses: readonly {
    readonly probability: number;
    readonly cause: { readonly service: string; readonly kind: string };
    readonly change: { readonly summary: string } | null;
  }[];
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Seen {
  readonly incidents: readonly SeenIncident[];
  readonly firstHypothesisMs: number | null;
  readonly alertsSent: number;
}

const firstHypothesisLimitMs = 3_000;

/** One line for each promise: one incident, all alerts in it, in time, the right cause, the right change. */
export function checkPlay(plot: Plot, seen: Seen): Check[] {
  const [incident] = seen.incidents;
  const checks = [
    check('one incident', seen.incidents.length === 1, `${seen.incidents.length} incidents`),
    check(
      'every alert in it',
      incident?.alerts.length === seen.alertsSent,
      `${incident?.alerts.length ?? 0} of ${seen.alertsSent}`,
    ),
    check(
      'first hypothesis in time',
      (seen.firstHypothesisMs ?? Infinity) <= firstHypothesisLimitMs,
      `${seen.firstHypothesisMs ?? 'none'} ms`,
    ),
  ];
  return incident === undefined
    ? checks
    : [...checks, ...(plot.stories.length === 0 ? checkQuiet(incident) : checkCause(plot, incident))];
}

function checkQuiet(incident: SeenIncident): Check[] {
  return [check('inconclusive, as nothing is wrong', incident.verdict === 'inconclusive', incident.verdict)];
}

function checkCause({ stories, family }: Plot, incident: SeenIncident): Check[] {
  const [first] = incident.hypotheses;
  const services = stories.flatMap((story) => story.services);
  const told = `${first?.cause.service} ${first?.cause.kind}, truth ${services.join(' or ')}: ${family}`;
  const found = check('the cause', services.includes(first?.cause.service ?? ''), told);
  return [found, checkChange(stories[0]?.changes[0] ?? null, first?.change ?? null)];
}

/** The page may word the change as it likes, but must name the service and its new version. */
function checkChange(guilty: Change | null, blamed: { readonly summary: string } | null): Check {
  const told = blamed?.summary ?? 'none';
  if (guilty === null) return check('no change blamed', blamed === null, told);
  return check('the guilty change', told.includes(guilty.service) && told.includes(guilty.version), told);
}

function check(name: string, ok: boolean, detail: string): Check {
  return { name, ok, detail };
}
