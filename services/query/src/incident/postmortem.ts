/** The draft of a postmortem in Markdown. From the incident's facts alone, so the same incident gives the same text. */
import { causeWords, type Incident, type IncidentStages, unowned } from '@faultline/model';
import { rfc3339 } from '../api/json-value.ts';

const stageNames = {
  onsetMs: 'Onset',
  detectedMs: 'Detected',
  pagedMs: 'Paged',
  acknowledgedMs: 'Acknowledged',
  causeNamedMs: 'Cause named',
  actionMs: 'Action',
  recoveredMs: 'Recovered',
} as const satisfies Partial<Record<keyof IncidentStages, string>>;
type StageKey = keyof typeof stageNames;

/** What people said and alerts named is escaped: it must not become a heading, a link or HTML. */
export function postmortem(incident: Incident): string {
  const sections = [
    `# ${escapeMarkdown(incident.title)}`,
    summaryOf(incident),
    section('Stages', stageRows(incident)),
    section('Cause', causeLines(incident)),
    section('Changes', incident.changes.filter(({ verdict }) => verdict === 'suspect').map(changeLine)),
    section(
      'Timeline',
      incident.timeline.map(({ atMs, text }) => `- ${rfc3339(atMs)} ${escapeMarkdown(text)}`),
    ),
    section('Resolution', incident.resolution === null ? [] : [escapeMarkdown(incident.resolution)]),
    section(
      'Not known',
      incident.missingEvidence.map((text) => `- ${escapeMarkdown(text)}`),
    ),
    section('What to do', [
      'To be written: what went well, what did not, and what changes, each with an owner and a date.',
    ]),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n${lines.join('\n')}`;
}

function summaryOf(incident: Incident): string {
  const owners = incident.owners.filter(({ team }) => team !== unowned).map(({ team, why }) => `${team} (${why})`);
  return [
    `- Incident: ${escapeMarkdown(incident.id)}, ${incident.status}, ${incident.severity}`,
    `- Environments: ${escapeMarkdown(incident.environments.join(', ') || 'not known')}`,
    `- Alerts: ${incident.alertCount}`,
    `- Owners: ${escapeMarkdown(owners.join('; ') || 'nobody known')}`,
    ...(incident.triage === null ? [] : [`- Level: ${incident.triage.level}: ${escapeMarkdown(incident.triage.text)}`]),
  ].join('\n');
}

function stageRows({ stages, startedAtMs, detectedAtMs }: Incident): readonly string[] {
  const known: IncidentStages = stages ?? { ...noStages, onsetMs: startedAtMs, detectedMs: detectedAtMs };
  const rows = (Object.keys(stageNames) as StageKey[]).map((key) => {
    const atMs = known[key];
    const note = key === 'actionMs' ? escapeMarkdown(known.action) : '';
    if (atMs === null) return `| ${stageNames[key]} | not known | | |`;
    return `| ${stageNames[key]} | ${rfc3339(atMs)} | ${minutesText(atMs - known.onsetMs)} | ${note} |`;
  });
  return ['| stage | time | after the onset | what |', '|---|---|---|---|', ...rows];
}

const noStages = {
  pagedMs: null,
  acknowledgedMs: null,
  causeNamedMs: null,
  actionMs: null,
  action: '',
  recoveredMs: null,
};

/** `3 min 20 s` */
function minutesText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function causeLines({ verdict, hypotheses: [first] }: Incident): readonly string[] {
  if (first === undefined) return ['No cause was found.'];
  const { cause, probability, evidence, refutation } = first;
  const name = `${escapeMarkdown(cause.service)} ${causeWords[cause.kind]} (${Math.round(probability * 100)} %)`;
  return [
    verdict === 'identified' ? `${name}.` : `Not identified. Most likely: ${name}.`,
    ...evidence.map(({ summary }) => `- ${escapeMarkdown(summary)}`),
    ...(refutation.result === '' ? [] : [`- Checked: ${escapeMarkdown(`${refutation.test}: ${refutation.result}`)}`]),
  ];
}

function changeLine({ startedAtMs, summary, actor, reason }: Incident['changes'][number]): string {
  const by = actor === '' ? '' : ` by ${actor}`;
  return `- ${rfc3339(startedAtMs)} ${escapeMarkdown(`${summary}${by}: ${reason}`)}`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, '\\$&');
}
