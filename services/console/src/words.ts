/** Every text of the console. The views choose what to show; this module words it. */
import { causeWords, maxConcurrent } from './api/types.generated.ts';
import type { Change, Hypothesis, Incident, Role } from './api/types.ts';
import { count, percent, timeOfDay } from './part/format.ts';

/** A cause kind in words: `out of CPU`. A kind that this console does not know is shown as it is. */
export function causeKindText(kind: string): string {
  return causeWords[kind] ?? kind;
}

/** `82 %`, or who pinned or refused the cause: a person's word has no probability. */
export function certaintyText({ probability, evidence }: Pick<Hypothesis, 'probability' | 'evidence'>): string {
  return evidence.find(({ kind }) => kind === 'pinned' || kind === 'rejected')?.summary ?? percent(probability);
}

/** How sure the verdict is, before any number. */
export function verdictText(
  incident: Pick<Incident, 'verdict' | 'evidenceState' | 'hypotheses' | 'missing' | 'evidenceRetry'>,
): string {
  if (incident.verdict === 'inconclusive') {
    if (incident.missing.some(({ code }) => code === 'flood'))
      return 'Cause not known, nothing known connects these alerts';
    const gap = incident.missing.find(({ code }) => code === 'no-subject' || code === 'unknown-subject');
    if (gap !== undefined)
      return `Cause not known, ${gap.code === 'no-subject' ? 'the alert names no service' : `telemetry knows nothing of ${gap.detail}`}`;
    if (incident.evidenceState === 'pending')
      return isUnread(incident)
        ? `Cause not known, ${unreadText(incident)}`
        : 'Cause not known yet, reading the telemetry';
    return shownCause(incident) !== undefined ? 'Cause unclear, best guess' : 'Cause unclear';
  }
  return incident.evidenceState === 'settled' ? 'Likely cause' : 'Likely cause, evidence still arriving';
}

/** Kinds of evidence that are no measurement: what alerts say, and what was changed. */
const reports: ReadonlySet<string> = new Set(['alerts', 'changes']);

/** The identified cause, or the best guess of telemetry. What alerts alone say of a service would read like a finding. */
export function shownCause({
  verdict,
  evidenceState,
  hypotheses: [first],
}: Pick<Incident, 'verdict' | 'evidenceState' | 'hypotheses'>): Hypothesis | undefined {
  if (verdict === 'identified') return first;
  if (first?.evidence.some(({ kind }) => kind === 'rejected') === true) return undefined;
  const isMeasured = first?.evidence.some(({ kind, weight }) => weight > 0 && !reports.has(kind)) === true;
  return isMeasured && evidenceState !== 'pending' ? first : undefined;
}

function isUnread({ missing }: Pick<Incident, 'missing'>): boolean {
  return missing.some(({ part }) => part === 'store');
}

/** `evidence could not be read since 14:02, next try within 8 s` */
function unreadText({ evidenceRetry }: Pick<Incident, 'evidenceRetry'>): string {
  const since = evidenceRetry === null ? '' : ` since ${timeOfDay(evidenceRetry.since)}`;
  return [`evidence could not be read${since}`, nextTryText(evidenceRetry)].filter((text) => text !== '').join(', ');
}

/** When missing evidence is read again; empty when that is not planned. */
export function nextTryText(retry: Incident['evidenceRetry']): string {
  return retry === null ? '' : `next try within ${Math.ceil(retry.withinSeconds)} s`;
}

/** Incidents of the same minutes that have pages of their own. */
export function concurrentText(others: number): string {
  const counted = others < maxConcurrent ? count(others, 'other incident') : `${maxConcurrent} or more other incidents`;
  return `${counted} began in the same minutes. Nothing known connects ${others === 1 ? 'it' : 'them'} with this one:`;
}

export function openIncidentsText(open: number, isComplete: boolean): string {
  if (!isComplete) return 'Reading incidents…';
  return open === 0 ? 'No open incidents' : count(open, 'open incident');
}

/** The cause column of the list. A guess needs its evidence beside it, which is on the page. */
export function listCauseText({ hypotheses: [first], verdict, evidenceState }: Incident): string {
  if (verdict === 'inconclusive') return evidenceState === 'pending' ? 'Cause not known yet' : 'Cause unclear';
  if (first === undefined) return 'Cause unclear';
  return `${first.cause.service}, ${causeKindText(first.cause.kind)} (${certaintyText(first)})`;
}

export const roleWords: Readonly<Record<Role, string>> = {
  cause: 'cause',
  affected: 'affected',
  symptom: 'symptom',
  healthy: 'healthy',
  blind: 'no telemetry',
};

export const changeMarks = {
  suspect: '◆ suspected',
  possible: '◇ possible',
  innocent: '· not suspected',
} as const;

/** `Reported by github at 14:02, argo-cd at 14:05` */
export function reportedText({ reports }: Pick<Change, 'reports'>): string {
  const told = reports.map(
    ({ source, startedAt }) => `${source}${startedAt === null ? '' : ` at ${timeOfDay(startedAt)}`}`,
  );
  return `Reported by ${told.join(', ')}`;
}

const touchWords: Readonly<Record<string, string>> = {
  operation: 'the failing operation',
  log: 'the log line',
  setting: 'the setting',
  migration: 'the data of',
};

/** A path or a message, and what of the failure it touches. */
export function touchText({ reason, failing, by }: Change['commits'][number]['touches'][number]): string {
  return `${by} touches ${touchWords[reason] ?? reason} ${failing}`;
}

export const connectionWords = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Disconnected',
  refused: 'Not signed in',
} as const;

export const words = {
  allIncidents: 'All incidents',
  sources: 'Sources',
  lastHeard: 'Last heard',
  rate: 'Per minute',
  waiting: 'Waiting',
  refusedItems: 'Refused',
  never: 'never',
  connectSource: 'Connect a source',
  noCatalogue:
    'The list of sources could not be read. Where ingest runs apart, the address of this console must lead there, too.',
  sendAgain: 'Send again',
  noRefusals: 'Why items were refused is shown to administrators.',
  sendTest: 'Send a test',
  sendTestHint:
    'Sends an alert through /ingest/json. It is marked TEST on every channel, and ends by itself after two minutes.',
  tryMapping: 'Try a mapping',
  mappingField: 'Mapping (JSONata)',
  bodyField: 'Body',
  headerField: 'Headers (NAME=VALUE)',
  source: 'Source',
  ownMapping: 'A new source',
  tryIt: 'Try it',
  result: 'Result',
  works: 'This is what would be stored.',
  keptPayloads: 'Bodies of the last day',
  noPayloads: 'Set ingest.keptPayloadBytes to keep bodies for a day and try mappings on them.',
  noPayload: 'None came in the last day.',
  snippet: 'Configuration to copy',
  missingHeader: (name: string) => `The mapping reads the header ${name}.`,
  useIt: 'Use it',
  workloads: 'Workloads',
  signOut: 'Sign out',
  noSuchPage: 'There is no such page.',

  // The list
  recentlyResolved: 'Recently resolved',
  logEntry: 'log entry',
  ticket: 'ticket',
  logEntries: (entries: number) => `${entries === 1 ? '1 log entry' : `${entries} log entries`}, nobody was notified`,
  quiet: 'New incidents appear here on their own.',
  filter: 'Filter by title, cause, environment or severity',
  noMatch: 'No incident matches the filter.',
  showAll: (hidden: number) => `Show ${hidden} more`,

  // The incident
  reading: 'Reading the incident…',
  noSuchIncident: 'There is no such incident.',
  verdict: 'Verdict',
  noCause: 'Nothing points to one cause so far.',
  began: 'Began',
  on: 'on',
  after: 'after',
  call: 'Call',
  resolution: (text: string) => `Resolution: ${text}`,
  spread: 'How it spreads',
  why: 'Why',
  noHypothesis: 'No cause yet. The first one comes within seconds of the first alert.',
  noHypothesisSettled: 'No cause was found: nothing stands out in the telemetry of this incident.',
  lessLikely: (causes: number) => `${causes} less likely`,
  probability: 'Probability',
  since: 'Since',
  where: 'Where',
  fault: 'Fault',
  field: 'Field',
  change: 'Change',
  spreads: 'Spreads',
  evidenceFor: 'Evidence for',
  evidenceAgainst: 'Evidence against',
  checked: 'Counter-check',
  notChecked: 'Not checked.',
  owner: 'Owner and runbook',
  noOwner: 'No owner is known for the cause.',
  moreRunbooks: (runbooks: number) => `${runbooks} more runbooks`,
  runbook: (title: string) => (/^runbook/i.test(title) ? title : `Runbook: ${title}`),
  missing: 'Missing data',
  changes: 'Recent changes',
  suspectedOnly: 'suspected: no cause is identified',
  commits: (count: number) => `${count} commit${count === 1 ? '' : 's'}`,
  noChange: 'No recent change is known for these services.',
  by: (actor: string) => `by ${actor}`,
  similar: 'Similar incidents',
  alike: 'alike',
  sharedTraits: (shared: readonly string[]) => `same ${shared.map((name) => traitNames[name] ?? name).join(', ')}`,
  didNotHelp: (text: string) => `${text} did not help`,
  afterMinutes: (text: string, minutes: number) => `${text}, recovered after ${minutes} min`,
  remediations: 'What was done',
  triedDialog: 'Did not help…',
  whatDidNotHelp: 'What did not help?',
  noResolution: 'Its resolution was not recorded.',
  recovery: (minutes: number) => `${minutes} min to recovery`,
  timeline: 'Timeline',
  stages: 'Stages',
  postmortem: 'Draft of the postmortem',
  /** Times in RFC 3339. */
  afterOnset: (onset: string, time: string) => {
    const seconds = Math.max(0, Math.round((Date.parse(time) - Date.parse(onset)) / 1000));
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s after the onset`;
  },

  // Alerts
  alerts: 'Alerts',
  alertColumns: ['State', 'Alert', 'On', 'Since', 'Why it is here'],
  whyPaged: 'Why was it (not) paged?',
  showMore: (shown: number, all: number) => `Show more (${shown} of ${all})`,

  // The graph
  noServices: 'No services are known yet.',
  arrows: 'Arrows point from the called service to its caller, the way a fault spreads.',
  dashed: 'Dashed: declared, inferred or not seen for 5 min.',
  hidden: (services: number) => `${services} healthy services are not drawn.`,
  declared: 'declared by people',
  inferred: 'inferred from the caller alone',
  stale: 'not seen recently',
  errors: (ratio: string) => `${ratio} err`,

  // Actions
  actions: 'Actions',
  acknowledge: 'Acknowledge',
  resolve: 'Resolve',
  resolveDialog: 'Resolve…',
  reopen: 'Reopen',
  notThisCause: (service: string) => `Not ${service}`,
  restoreCause: (service: string) => `Undo: not ${service}`,
  addNoteDialog: 'Add note…',
  add: 'Add',
  note: 'Note',
  whatFixedIt: 'What fixed it?',
  accepted: 'Accepted, updating…',
  as: 'as',
  yourName: 'your name',
  unreachable: 'The server cannot be reached. Try again when the connection is back.',
  serverAnswered: (status: number) => `The server answered ${status}.`,

  // Queries
  query: 'Query',
  copy: { no: 'Copy', yes: 'Copied', selected: 'Selected: copy it now' },

  // Connection
  disconnected: (lasting: string) => (lasting === '' ? 'Disconnected.' : `Disconnected for ${lasting}.`),
  outdated: (time: string) => `You see the state of ${time}, which may be out of date. Reconnecting.`,
  signIn: 'Sign in',
  token: 'Access token',
} as const;

/** The stages of an incident in their order, as fields of `Incident.stages`. */
export const stageNames = [
  ['onset', 'Onset'],
  ['detected', 'Detected'],
  ['paged', 'Paged'],
  ['acknowledged', 'Acknowledged'],
  ['causeNamed', 'Cause named'],
  ['acted', 'Action'],
  ['recovered', 'Recovered'],
] as const;

/** What people record with one tap, by its name in the API. */
export const remediationNames: Readonly<Record<string, string>> = {
  'rolled-back': 'Rolled back',
  restarted: 'Restarted',
  scaled: 'Scaled',
  'failed-over': 'Failed over',
  'config-changed': 'Changed configuration',
  other: 'Something else',
  'false-alarm': 'False alarm',
};

/** What two incidents share, by its name in the API. */
const traitNames: Readonly<Record<string, string>> = {
  cause: 'cause',
  kind: 'kind of fault',
  mechanism: 'fault of a cluster object',
  path: 'path',
  log: 'log lines',
  change: 'kind of change',
  alert: 'alerts',
};
