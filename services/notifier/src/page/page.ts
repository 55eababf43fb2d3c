/** A page: what one screen says of an incident, cause first. Pure: the same incident gives the same page, whatever its revision number. */
import { type Hypothesis, type Incident, type JudgedChange, type Severity, unowned } from '@faultline/model';
import { clockTime, counted, duration, listed, oneLine, percent } from './format.ts';

export interface Page {
  readonly incidentId: string;
  readonly status: Incident['status'];
  readonly severity: Severity;
  /** `[critical] checkout: likely cause postgres-orders latency (82 %) - 14:02 UTC` */
  readonly headline: string;
  /** What is believed to be the cause and how surely; or that it is not known. */
  readonly cause: string;
  /** Names the cause alone, without its probability: two pages with the same text blame the same. Empty when none is blamed. */
  readonly causeKey: string;
  /** From cause to symptom. */
  readonly path: string;
  readonly evidence: readonly string[];
  /** Empty texts are left out of what is shown. */
  readonly change: string;
  /** Why the change is under suspicion. */
  readonly changeReason: string;
  readonly impact: string;
  readonly alternatives: string;
  readonly refutation: string;
  readonly past: string;
  readonly owner: string;
  readonly runbook: string;
  readonly link: string;
  /** What evidence was missing or is still coming. */
  readonly footer: string;
}

export interface PageOptions {
  /** Where the console is reached, without a slash at the end. */
  readonly publicUrl: string;
  /** IANA name; times are shown in it. */
  readonly timeZone: string;
}

const maxEvidence = 5;
const maxHops = 6;
const lineChars = 96;
/** Room to say that an owner is missing, and where to add one. */
const ownerChars = 112;

/** Never throws for an incident that decodes: every list may be empty. */
export function renderPage(incident: Incident, options: PageOptions): Page {
  const best = incident.hypotheses[0];
  const line = (text: string) => oneLine(text, lineChars);
  return {
    incidentId: incident.id,
    status: incident.status,
    severity: incident.severity,
    headline: oneLine(headline(incident, options), 120),
    cause: line(cause(incident, best, options)),
    causeKey: isBlamed(incident, best) ? causeName(best) : '',
    path: line(path(best)),
    evidence: evidence(best).map(line),
    change: line(change(incident, shownChange(incident, best), options)),
    changeReason: line(shownChange(incident, best)?.reason ?? ''),
    impact: line(impact(incident)),
    alternatives: line(alternatives(incident.hypotheses.slice(1))),
    refutation: line(refutation(best)),
    past: line(past(incident)),
    owner: oneLine(
      incident.owners
        .slice(0, 2)
        .map(({ team, contact, why }) => (team === unowned ? why : `${team} ${contact} (${why})`))
        .join('; '),
      ownerChars,
    ),
    runbook: incident.runbooks
      .slice(0, 1)
      .map(({ title, url }) => `${oneLine(title, 40)} ${url}`.trim())
      .join(''),
    link: `${options.publicUrl}/incidents/${encodeURIComponent(incident.id)}`,
    footer: line(footer(incident)),
  };
}

function headline(incident: Incident, { timeZone }: PageOptions): string {
  const best = incident.hypotheses[0];
  const place = symptomOf(incident, best);
  const at = clockTime(incident.startedAtMs, timeZone);
  if (incident.status === 'resolved') {
    const took = duration(incident.startedAtMs, incident.resolvedAtMs ?? incident.updatedAtMs);
    return `[resolved] ${place}: ${isBlamed(incident, best) ? `was ${causeName(best)}` : 'cause not identified'} - ${at}, for ${took}`;
  }
  const tag = incident.status === 'acknowledged' ? `${incident.severity}, acknowledged` : incident.severity;
  if (isBlamed(incident, best))
    return `[${tag}] ${place}: likely cause ${causeName(best)} (${percent(best.probability)}) - ${at}`;
  return `[${tag}] ${place}: ${incident.evidenceState === 'pending' ? 'cause not yet known' : 'cause inconclusive'} - ${at}`;
}

function isBlamed(incident: Incident, best: Hypothesis | undefined): best is Hypothesis {
  return incident.verdict === 'identified' && best !== undefined;
}

/** The service in which the harm shows: the far end of the blamed path, else the first alert's. */
function symptomOf(incident: Incident, best: Hypothesis | undefined): string {
  const entity = incident.alerts[0]?.entity ?? '';
  return best?.path.at(-1) ?? (entity.slice(entity.indexOf(':') + 1) || incident.title);
}

function causeName({ cause: { service, kind } }: Hypothesis): string {
  return `${service} ${kind}`;
}

function cause(incident: Incident, best: Hypothesis | undefined, { timeZone }: PageOptions): string {
  if (best === undefined)
    return incident.evidenceState === 'pending'
      ? 'Cause: not yet known, evidence is being gathered'
      : 'Cause: inconclusive, nothing stands out in the evidence';
  const since = best.sinceMs === null ? '' : ` since ${clockTime(best.sinceMs, timeZone)}`;
  const instance = best.cause.instance === '' ? '' : ` on ${best.cause.instance}`;
  const text = `${causeName(best)}${instance}${since} (${percent(best.probability)})`;
  return isBlamed(incident, best) ? `Cause: ${text}` : `Cause: inconclusive; best guess ${text}`;
}

/** A long way is told by its ends. */
function path(best: Hypothesis | undefined): string {
  if (best === undefined || best.path.length < 2) return '';
  const { path: hops } = best;
  const shown = hops.length <= maxHops ? hops : [...hops.slice(0, 2), `${hops.length - 4} more`, ...hops.slice(-2)];
  return `Path: ${shown.join(' → ')}`;
}

function evidence(best: Hypothesis | undefined): readonly string[] {
  const sorted = [...(best?.evidence ?? [])].sort((a, b) => b.weight - a.weight);
  const lines = sorted.filter(({ weight }) => weight >= 0).slice(0, maxEvidence - 1);
  const against = sorted.filter(({ weight }) => weight < 0).at(-1);
  return [...lines.map(({ summary }) => summary), ...(against === undefined ? [] : [`against it: ${against.summary}`])];
}

/** The change that is blamed, else one under suspicion. */
function shownChange(incident: Incident, best: Hypothesis | undefined): JudgedChange | undefined {
  const blamed = incident.changes.find(({ id }) => id === best?.changeId);
  return blamed ?? incident.changes.find(({ verdict }) => verdict === 'suspect');
}

function change(incident: Incident, shown: JudgedChange | undefined, { timeZone }: PageOptions): string {
  if (shown === undefined)
    return incident.changes.length === 0 ? '' : `Change: none of ${incident.changes.length} seen looks guilty`;
  const { kind, summary, actor, startedAtMs } = shown;
  const by = actor === '' ? '' : ` by ${oneLine(actor, 20)}`;
  const when = `${clockTime(startedAtMs, timeZone)}, ${timeToHarm(incident, startedAtMs)}`;
  return `Change: ${kind} "${oneLine(summary, 40)}"${by} at ${when}`;
}

/** Against the same time that the cause's line gives as its start; before there is one, against the first alert. */
function timeToHarm({ hypotheses, startedAtMs: alertMs }: Incident, atMs: number): string {
  const sinceMs = hypotheses[0]?.sinceMs ?? null;
  const harmMs = sinceMs ?? alertMs;
  const name = sinceMs === null ? 'the first alert' : 'the harm began';
  if (atMs === harmMs) return sinceMs === null ? `with ${name}` : `just as ${name}`;
  return atMs < harmMs ? `${duration(atMs, harmMs)} before ${name}` : `${duration(harmMs, atMs)} after ${name}`;
}

function impact(incident: Incident): string {
  const harmed = incident.graph.nodes.filter(({ role }) => role === 'symptom' || role === 'affected');
  const names = harmed.map(({ service }) => service);
  const alerts = `${counted(incident.alertCount, 'alert')} (${incident.firingCount} firing)`;
  return `Impact: ${alerts}${names.length === 0 ? '' : `; affected: ${listed(names, 5)}`}`;
}

function alternatives(others: readonly Hypothesis[]): string {
  const shown = others.slice(0, 2).map((other) => `${causeName(other)} (${percent(other.probability)})`);
  return shown.length === 0 ? '' : `Or: ${shown.join(', ')}`;
}

function refutation(best: Hypothesis | undefined): string {
  if (best === undefined || best.refutation.test === '') return '';
  const { test, result } = best.refutation;
  return `To refute: ${test}${result === '' ? '' : ` → ${result}`}`;
}

function past(incident: Incident): string {
  const [similar] = incident.similar;
  if (similar === undefined) return '';
  return `Last time: ${similar.cause}; ${similar.resolution} (${Math.round(similar.minutesToRecovery)} min to recovery)`;
}

const evidenceStates = { pending: 'not yet in', provisional: 'still settling', settled: '' };

function footer(incident: Incident): string {
  const state = evidenceStates[incident.evidenceState];
  const missing = incident.missingEvidence.length === 0 ? '' : `missing: ${listed(incident.missingEvidence, 3)}`;
  const parts = [state, missing].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Evidence: ${parts.join('; ')}`;
}
