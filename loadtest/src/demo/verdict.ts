/** Whether the demo's incident tells the story that was played. Pure. */
import type { Plot, ShopChange } from '../shop/fault.ts';

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
    : [...checks, ...(plot.fault === null ? checkQuiet(incident) : checkCause(plot, incident))];
}

function checkQuiet(incident: SeenIncident): Check[] {
  return [check('inconclusive, as nothing is wrong', incident.verdict === 'inconclusive', incident.verdict)];
}

function checkCause(plot: Plot, incident: SeenIncident): Check[] {
  const [first] = incident.hypotheses;
  const found = check(
    'the cause',
    first?.cause.service === plot.fault?.cause,
    `${first?.cause.service} ${first?.cause.kind}, truth ${plot.fault?.cause} ${plot.fault?.kind}`,
  );
  return [found, checkChange(plot.fault?.change ?? null, first?.change ?? null)];
}

/** The page may word the change as it likes, but must name the service and its new version. */
function checkChange(guilty: ShopChange | null, blamed: { readonly summary: string } | null): Check {
  const told = blamed?.summary ?? 'none';
  if (guilty === null) return check('no change blamed', blamed === null, told);
  return check('the guilty change', told.includes(guilty.service) && told.includes(guilty.version), told);
}

function check(name: string, ok: boolean, detail: string): Check {
  return { name, ok, detail };
}
