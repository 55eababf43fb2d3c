/** The tables of `npm run eval`, in Markdown. Pure. */

import { isGeneratedSystem } from '../case/evaluation-case.ts';
import { isHeldOutCase } from '../case/seeds.ts';
import { type Grouping, groupingF1 } from './grouping.ts';
import type { Judged } from './judge.ts';
import { brierScore, quantile, reliability, type Share, shareOf, tally } from './score.ts';

/** Measured only by a run, not by ranking kept evidence. */
export interface RunTimes {
  readonly firstHypothesisMs: readonly (number | null)[];
  readonly cpuSecondsPerCase: number;
}

/** All tables. `times` null: only the ranking was run. */
export function formatReport(judged: readonly Judged[], times: RunTimes | null): string {
  const faults = judged.filter(({ abstained }) => abstained === null);
  return [
    bySystem(faults),
    byFamily(faults),
    ...(judged.length === 0 ? [] : [behaviour(judged), byLabels(judged), calibration(judged)]),
    ...(times === null ? [] : [timesTable(times)]),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function bySystem(faults: readonly Judged[]): string {
  return faults.length === 0 ? '' : systemTable(faults, 'all');
}

/** Hits by system, with a total row where there are several systems. */
export function systemTable(faults: readonly Judged[], totalName: string): string {
  const rows = groups(faults, ({ system }) => system).map(([system, cases]) => hitRow([system], cases));
  const total = rows.length > 1 ? [hitRow([totalName], faults)] : [];
  return table(['system', ...hitHeads], [...rows, ...total]);
}

function byFamily(faults: readonly Judged[]): string {
  if (faults.length === 0) return '';
  const rows = groups(faults, ({ system, family }) => `${system}\n${family}`);
  return table(
    ['system', 'family', ...hitHeads],
    rows.map(([key, cases]) => hitRow(key.split('\n'), cases)),
  );
}

const hitHeads = ['cases', 'top-1', 'top-3', 'top-5', 'three rules 1/3/5', 'kind', 'instance', 'since ±30 s'];
const sinceLimitMs = 30_000;

function hitRow(names: readonly string[], cases: readonly Judged[]): string[] {
  const own = tally(cases.map(({ rank }) => rank));
  const base = tally(cases.map(({ baselineRank }) => baselineRank));
  const counts = [own.cases, own.top1, own.top3, own.top5].map(String);
  const since = cases.map(({ sinceErrorMs: error }) => (error === null ? null : Math.abs(error) <= sinceLimitMs));
  return [
    ...names,
    ...counts,
    `${base.top1}/${base.top3}/${base.top5}`,
    share(shareOf(cases.map(({ kindRight }) => kindRight))),
    share(shareOf(cases.map(({ instanceRight }) => instanceRight))),
    share(shareOf(since)),
  ];
}

function behaviour(judged: readonly Judged[]): string {
  const rows: [string, Share][] = [
    ['guilty change found', shareOf(judged.map(({ guiltyChangeFound }) => guiltyChangeFound))],
    ['innocent change blamed', shareOf(judged.map(({ innocentChangeBlamed }) => innocentChangeBlamed))],
    ['fault, one page', shareOf(judged.map((one) => (one.abstained === null ? one.incidents === 1 : null)))],
    ['two faults separated', shareOf(judged.map(({ separated }) => separated))],
    ...groups(judged, ({ system }) => system).map(([system, cases]): [string, Share] => [
      `no fault, inconclusive: ${system}`,
      shareOf(cases.map(({ abstained }) => abstained)),
    ]),
    [
      'fault, inconclusive',
      shareOf(judged.map((one) => (one.abstained === null ? one.verdict !== 'identified' : null))),
    ],
  ];
  return table(
    ['', 'cases', 'share'],
    rows.filter(([, { of }]) => of > 0).map(([what, { yes, of }]) => [what, `${yes} of ${of}`, percent(yes / of)]),
  );
}

const labelHeads = [
  'labels of generated cases',
  'faults',
  'service first',
  'kind right',
  'guilty change named',
  'innocent change blamed',
  'incidents per fault',
  'fault paged',
  'grouping F1',
  'noise alone: pages',
  'tickets',
  'log entries',
  'with a cause',
  'since ±30 s',
  'since, median error',
];

/** What labels, noise and senders change: the same faults, once with each style of labels. Empty for a run without generated cases. */
function byLabels(judged: readonly Judged[]): string {
  const made = judged.filter(({ system }) => isGeneratedSystem(system));
  return made.length === 0
    ? ''
    : table(
        labelHeads,
        groups(made, ({ system }) => system).map(([system, cases]) => labelRow(system, cases)),
      );
}

function labelRow(system: string, cases: readonly Judged[]): string[] {
  const faults = cases.filter(({ abstained }) => abstained === null);
  const groupings = faults.flatMap(({ grouping }) => grouping ?? []);
  const perCase = (of: (one: Grouping) => number): string =>
    groupings.length === 0 ? '' : (groupings.reduce((sum, one) => sum + of(one), 0) / groupings.length).toFixed(2);
  const errors = faults.flatMap(({ sinceErrorMs }) => (sinceErrorMs === null ? [] : [Math.abs(sinceErrorMs)]));
  return [
    system,
    String(faults.length),
    share(shareOf(faults.map(({ rank }) => rank === 1))),
    share(shareOf(faults.map(({ kindRight }) => kindRight === true))),
    share(shareOf(cases.map(({ guiltyChangeFound }) => guiltyChangeFound))),
    share(shareOf(cases.map(({ innocentChangeBlamed }) => innocentChangeBlamed))),
    perCase(({ faultPages }) => faultPages),
    share(shareOf(groupings.map(({ isFaultPaged }) => isFaultPaged))),
    groupings.length === 0 ? '' : groupingF1(groupings).toFixed(2),
    perCase(({ noisePages }) => noisePages),
    perCase(({ noiseTickets }) => noiseTickets),
    perCase(({ noiseLogs }) => noiseLogs),
    perCase(({ noiseClaims }) => noiseClaims),
    share(shareOf(errors.map((error) => error <= sinceLimitMs))),
    errors.length === 0 ? '' : `${Math.round(quantile(errors, 0.5) / 1000)} s`,
  ];
}

function calibration(judged: readonly Judged[]): string {
  // Recorded quiet periods contain unlabelled faults, so their predictions are not judged.
  const known = judged.filter(({ abstained, system }) => abstained === null || isGeneratedSystem(system));
  const forecasts = known.flatMap(({ probability, hit }) => (probability === null ? [] : [{ probability, hit }]));
  if (forecasts.length === 0) return '';
  const rows = reliability(forecasts).map((bin) => [
    `${bin.from.toFixed(1)} to ${bin.to.toFixed(1)}`,
    String(bin.count),
    bin.count === 0 ? '' : bin.predicted.toFixed(2),
    bin.count === 0 ? '' : bin.observed.toFixed(2),
  ]);
  const brier = `Brier score of the first hypothesis' probability: ${brierScore(forecasts).toFixed(3)}`;
  return `${brier}\n\n${table(['predicted probability', 'cases', 'mean predicted', 'observed'], rows)}`;
}

function timesTable({ firstHypothesisMs, cpuSecondsPerCase }: RunTimes): string {
  const times = firstHypothesisMs.map((ms) => ms ?? Number.POSITIVE_INFINITY);
  const at = (q: number): string => `${quantile(times, q)} ms`;
  const head = ['first hypothesis p50', 'p95', 'max', 'CPU per case'];
  return table(head, [[at(0.5), at(0.95), at(1), `${cpuSecondsPerCase.toFixed(1)} s`]]);
}

/** One line for each wrong case. Skips held-out cases. */
export function formatMisses(judged: readonly Judged[]): string {
  return judged
    .filter(({ case: name }) => !isHeldOutCase(name))
    .filter(({ abstained, rank }) => abstained === false || (abstained === null && rank !== 1))
    .map(({ case: name, family, predicted, probability, verdict, rank }) =>
      [
        name,
        `(${family}):`,
        predicted,
        probability?.toFixed(2) ?? '',
        verdict,
        rank === null ? '' : `truth at ${rank}`,
      ].join(' '),
    )
    .join('\n');
}

/** Groups in order of their names. */
export function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  return [...Map.groupBy(items, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(3, name.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function share({ yes, of }: Share): string {
  return of === 0 ? '' : `${yes}/${of}`;
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}
