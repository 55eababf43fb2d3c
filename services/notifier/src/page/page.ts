/** A page: one screen about an incident, cause first, then who can help. Pure: the revision number does not change the page. */
import {
  type Hypothesis,
  type Incident,
  type JudgedChange,
  type Severity,
  type TriageLevel,
  triageLevelOf,
  unowned,
} from '@faultline/model';
import { type PageContext, plainContext } from './context.ts';
import { oneLine } from './format.ts';
import { headlineOf } from './headline.ts';
import * as words from './words.ts';

/** The parts of a page. A part without anything to say is an empty text and is not shown. */
export interface Page {
  readonly incidentId: string;
  readonly status: Incident['status'];
  readonly severity: Severity;
  /** At most 100 characters: `CRIT checkout HighLatency x40 (prod): likely orders-db, slow since 14:01 UTC` */
  readonly headline: string;
  /** The likely cause with its probability, or that it is not known. */
  readonly cause: string;
  /** The service that is blamed. Empty while no cause is identified. People are notified when it changes. */
  readonly causeKey: string;
  /** From cause to symptom. */
  readonly path: string;
  readonly evidence: readonly string[];
  readonly change: string;
  /** Why the change is suspected, or why it is not known whether it is. */
  readonly changeReason: string;
  readonly impact: string;
  readonly level: TriageLevel;
  /** Why it is a page, a ticket or a log entry. */
  readonly triage: string;
  /** Which environment the evidence is from, where the alerts do not say it. */
  readonly environment: string;
  readonly alternatives: string;
  /** Who refused which cause. */
  readonly rejections: string;
  readonly refutation: string;
  /** What people say worked. */
  readonly fix: string;
  /** What helped the last time that something like this happened. */
  readonly past: string;
  readonly owner: string;
  /** Who is on call, and who did not acknowledge. */
  readonly onCall: string;
  /** The people on call, to be mentioned with the first page. */
  readonly people: readonly Mention[];
  /** Whom to notify by name with a change that people must hear of: who is on call, then the owners. */
  readonly mentions: readonly Mention[];
  /** How often the page was escalated because nobody acknowledged. */
  readonly escalationStep: number;
  /** The rule of people that decided where the page goes. */
  readonly routing: string;
  readonly runbook: string;
  readonly link: string;
  /** Evidence that is missing or still arriving. */
  readonly footer: string;
}

export interface Mention {
  /** A team, or a person. */
  readonly team: string;
  readonly contact: string;
}

export interface PageOptions {
  /** Base address of the console, without a slash at the end. */
  readonly publicUrl: string;
  /** IANA name of the time zone of all times. */
  readonly timeZone: string;
}

const maxEvidence = 5;
const maxOwners = 2;
const maxPeople = 3;
const maxHops = 6;
const lineChars = 96;
/** Room for one owner, so that a long first one does not hide the second, or for the sentence that nobody is known. */
const ownerChars = 112;
/** A fault of a cluster names an object, a field, what it refers to, a time and a person. */
const faultChars = 220;
/** The reasons name rules and their owners, and why it is held back must be read whole. */
const triageChars = 220;
/** The result of a check stands at the end of its line. */
const checkChars = 120;

/** Never throws for an incident that decodes: every list may be empty. */
export function renderPage(incident: Incident, options: PageOptions, context = plainContext): Page {
  const { publicUrl, timeZone } = options;
  const first = incident.hypotheses[0];
  const identified = incident.verdict === 'identified' ? (first ?? null) : null;
  // What alerts alone say of a service would read like a finding.
  const best =
    identified !== null || (first !== undefined && isMeasured(first) && !words.isRejected(first)) ? first : undefined;
  const isGuess = identified === null && incident.evidenceState === 'pending';
  const suspect = suspectOf(incident, best);
  const line = (text: string) => oneLine(text, lineChars);
  return {
    incidentId: incident.id,
    status: incident.status,
    severity: incident.severity,
    headline: headlineOf(incident, identified, timeZone),
    cause: oneLine(
      words.causeLine(incident, best, { isIdentified: identified !== null, timeZone }),
      best?.fault ? faultChars : lineChars,
    ),
    causeKey: identified?.cause.service ?? '',
    path: line(words.pathLine(isGuess ? [] : (best?.path ?? []), maxHops)),
    evidence: evidenceOf(isGuess ? undefined : best).map(line),
    ...changeLines(incident, { suspect, isIdentified: identified !== null, timeZone }),
    impact: line(words.impactLine(incident, affectedServices(incident))),
    level: triageLevelOf(incident),
    triage: oneLine(words.triageLine(incident), triageChars),
    environment: oneLine(words.environmentLine(incident), checkChars),
    alternatives: isGuess ? '' : line(words.alternativesLine(incident.hypotheses.slice(1, 3))),
    rejections: line(words.rejectionsLine(incident)),
    refutation: best === undefined || isGuess ? '' : oneLine(words.checkLine(best.refutation), checkChars),
    fix: line(words.fixLine(incident)),
    past:
      incident.similar[0] === undefined
        ? ''
        : oneLine(words.pastLine(incident.similar[0], incident.detectedAtMs, timeZone), checkChars),
    owner: words
      .ownerTexts(incident.owners.slice(0, maxOwners))
      .map((text) => oneLine(text, ownerChars))
      .join('; '),
    ...peopleOf(incident, context),
    routing: line(words.routingLine(context.rule)),
    runbook: runbookOf(incident),
    link: incidentLink(publicUrl, incident.id),
    footer: line(words.evidenceLine(incident, timeZone)),
  };
}

/** Kinds of evidence that are no measurement: what alerts say, and what was changed. */
const reports: ReadonlySet<string> = new Set(['alerts', 'changes']);

function isMeasured({ evidence }: Hypothesis): boolean {
  return evidence.some(({ kind, weight }) => weight > 0 && !reports.has(kind));
}

/** Where the console shows an incident. */
export function incidentLink(publicUrl: string, id: string): string {
  return `${publicUrl}/incidents/${encodeURIComponent(id)}`;
}

/** The strongest evidence, with room for the strongest one against the cause. */
function evidenceOf(best: Hypothesis | undefined): readonly string[] {
  // The cause line has the fault in full.
  const told = best?.fault ? `fault:${best.fault.id}` : null;
  const sorted = (best?.evidence ?? []).filter(({ entity }) => entity !== told).sort((a, b) => b.weight - a.weight);
  const supporting = sorted.filter(({ weight }) => weight >= 0).slice(0, maxEvidence - 1);
  const against = sorted.filter(({ weight }) => weight < 0).at(-1);
  return [
    ...supporting.map(({ summary }) => summary),
    ...(against === undefined ? [] : [words.againstLine(against.summary)]),
  ];
}

/** The change that the cause names. Without one, the first suspect. */
function suspectOf({ changes }: Incident, best: Hypothesis | undefined): JudgedChange | undefined {
  return changes.find(({ id }) => id === best?.changeId) ?? changes.find(({ verdict }) => verdict === 'suspect');
}

interface Changed {
  readonly suspect: JudgedChange | undefined;
  readonly isIdentified: boolean;
  readonly timeZone: string;
}

/** The suspect. While no cause is known, else the last change of what alerts, unless it is acquitted. Else how many there are. */
function changeLines(incident: Incident, { suspect, isIdentified, timeZone }: Changed) {
  const near = suspect === undefined && !isIdentified ? changesOfAlerting(incident) : [];
  const shown = suspect ?? near.at(-1);
  const text =
    shown === undefined ? words.unsuspectedLine(incident.changes.length) : words.changeLine(incident, shown, timeZone);
  const reason =
    words.commitReason(shown, isIdentified) ??
    suspect?.reason ??
    (shown === undefined ? '' : words.unjudgedReason(shown, near.length - 1));
  return { change: oneLine(text, changeChars), changeReason: oneLine(reason, changeReasonChars) };
}

/** A kind, a summary, a person and two times. */
const changeChars = 120;
/** It stands behind a bullet. */
const changeReasonChars = 112;

function changesOfAlerting({ alerts, changes }: Incident): readonly JudgedChange[] {
  const alerting = new Set(alerts.map(({ entity }) => entity));
  return changes
    .filter(({ verdict, entity }) => verdict === 'possible' && alerting.has(entity))
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
}

function affectedServices({ graph }: Incident): readonly string[] {
  return graph.nodes.filter(({ role }) => role === 'symptom' || role === 'affected').map(({ service }) => service);
}

function peopleOf(incident: Incident, { onCall }: PageContext) {
  const people = (onCall?.people ?? []).slice(0, maxPeople).map(({ name, contact }) => mentionOf(name, contact));
  const owners = mentionsOf(incident).filter(({ team }) => !people.some((person) => person.team === team));
  return {
    onCall: onCall === null ? '' : oneLine(words.onCallLine(onCall, people), ownerChars),
    people,
    mentions: [...people, ...owners],
    escalationStep: onCall?.step ?? 0,
  };
}

function mentionOf(team: string, contact: string): Mention {
  return { team: oneLine(team, 80), contact: oneLine(contact, 80) };
}

function mentionsOf({ owners }: Incident): readonly Mention[] {
  return owners
    .slice(0, maxOwners)
    .filter(({ team }) => team !== unowned)
    .map(({ team, contact }) => mentionOf(team, contact));
}

/** The address stays whole: a cut link leads nowhere. */
function runbookOf({ runbooks: [first] }: Incident): string {
  return first === undefined ? '' : `${oneLine(first.title, 40)} ${first.url}`.trim();
}
