/** `npm run config -- hygiene`: asks a running Faultline for its report on alert rules, and prints it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@faultline/runtime';
import { z } from 'zod';

export interface HygieneOptions {
  readonly url: string;
  readonly tenant: string | undefined;
  readonly token: string | undefined;
  /** How far back it reads. */
  readonly days: number;
  /** A folder for the patches. Undefined: they are printed. */
  readonly out: string | undefined;
  readonly nowMs: number;
}

const report = z.object({
  findings: z.array(
    z.object({
      kind: z.string(),
      alert: z.string(),
      source: z.string(),
      other: z.string(),
      teams: z.array(z.string()),
      incidents: z.number(),
      firings: z.number(),
      patchTarget: z.string(),
      patch: z.string(),
      savedPages: z.number(),
      savedAlerts: z.number(),
      missedIncidents: z.array(z.string()),
    }),
  ),
  debt: z.array(z.object({ month: z.string(), team: z.string(), pages: z.number(), savedPages: z.number() })),
  incidents: z.number(),
  truncated: z.boolean(),
});
type Report = z.output<typeof report>;
type Finding = Report['findings'][number];

const dayMs = 86_400_000;

/** The report as text. Throws ALL_HYGIENE_FAILED with what is wrong, and what to do. */
export async function runHygiene(options: HygieneOptions): Promise<string> {
  const { days, out } = options;
  if (!Number.isFinite(days) || days <= 0) throw failed('--days: expected a number of days, such as 90');
  const read = await fetchReport(options);
  if (out !== undefined) writePatches(read, out);
  return reportText(read, { days, out });
}

async function fetchReport({ url, tenant, token, days, nowMs }: HygieneOptions): Promise<Report> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
  };
  const from = new Date(nowMs - days * dayMs).toISOString();
  const address = `${url.replace(/\/+$/, '')}/api/v1/hygiene?from=${encodeURIComponent(from)}`;
  const answer = await fetch(address, { headers }).catch((cause: unknown) => {
    throw failed(`nothing answers at ${url}: is it running? --url names another address`, cause);
  });
  const text = await answer.text();
  if (!answer.ok) throw failed(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return report.parse(JSON.parse(text));
}

function failed(message: string, cause?: unknown): AppError {
  return new AppError('ALL_HYGIENE_FAILED', message, { kind: 'permanent', cause });
}

function writePatches({ findings }: Report, out: string): void {
  mkdirSync(out, { recursive: true });
  for (const finding of findings) writeFileSync(join(out, fileOf(finding)), finding.patch);
}

/** The file's name says what is wrong with which rule, and which tool reads it. */
function fileOf({ kind, alert, patchTarget }: Finding): string {
  return `${kind}-${alert.replace(/[^\w.-]+/g, '_').slice(0, 80)}.${patchTarget}.yml`;
}

export function reportText(
  { findings, debt, incidents, truncated }: Report,
  { days, out }: Pick<HygieneOptions, 'days' | 'out'>,
): string {
  return [
    `${incidents} incidents of the last ${days} days${truncated ? ' (the oldest are left out: there are too many)' : ''}`,
    ...findings.flatMap((finding) => ['', ...findingLines(finding, out)]),
    ...(debt.length === 0 ? [] : ['', 'Pages that the patches would have saved, by month and owner:']),
    ...debt.map(({ month, team, pages, savedPages }) => `  ${month}  ${team || 'unowned'}: ${savedPages} of ${pages}`),
    '',
  ].join('\n');
}

function findingLines(finding: Finding, out: string | undefined): readonly string[] {
  const { alert, source, teams, savedPages, savedAlerts, missedIncidents } = finding;
  const missed = missedIncidents.length === 0 ? 'none' : missedIncidents.join(', ');
  return [
    `${alert} (${source}): ${whyOf(finding)}`,
    `  owner: ${teams.join(', ') || 'not known'}`,
    `  the patch would have saved ${savedPages} pages and ${savedAlerts} alerts; incidents with impact missed: ${missed}`,
    ...(out === undefined
      ? finding.patch
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`)
      : [`  patch: ${join(out, fileOf(finding))}`]),
  ];
}

function whyOf({ kind, other, incidents, firings }: Finding): string {
  switch (kind) {
    case 'no-action':
      return `nobody acknowledged it or acted on it, in ${incidents} incidents`;
    case 'flapping':
      return `it flaps: ${firings} firings, most of them minutes after the one before`;
    case 'no-impact':
      return `none of its ${incidents} incidents hurt a service`;
    case 'always-together':
      return `${other} always fires, too, in ${incidents} incidents`;
    default:
      return kind;
  }
}
