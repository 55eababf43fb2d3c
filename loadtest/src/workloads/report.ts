/** Judges what was played, and prints the table. */
import { type Incident, type ObjectFault, objectText } from '@faultline/model';
import { type Expected, workloadFaults } from './faults.ts';
import { type AlertStyle, type Played, playFault } from './play.ts';

export interface Judgement {
  readonly fault: string;
  readonly seed: number;
  readonly style: AlertStyle;
  readonly isIdentified: boolean;
  /** Mechanism, object and field of the first hypothesis are right. */
  readonly isRight: boolean;
  /** Null: the fault has no change. Otherwise whether the first hypothesis names it. */
  readonly namesChange: boolean | null;
  /** The first hypothesis of an identified cause names another object, or a change that did not make the fault. */
  readonly blamesInnocent: boolean;
  /** What it said instead. Empty: it is right. */
  readonly said: string;
}

export function judgeWorkloads(seeds: readonly number[]): Judgement[] {
  return [...workloadFaults, null].flatMap((fault) =>
    seeds.map((seed) => {
      const played = playFault(fault, seed);
      return { fault: fault?.name ?? 'none of the cluster', seed, ...judge(played, fault?.hasChange ?? false) };
    }),
  );
}

function judge({ expected, made, incident, style }: Played, hasChange: boolean): Omit<Judgement, 'fault' | 'seed'> {
  const [best] = incident?.hypotheses ?? [];
  const fault = best?.fault ?? null;
  const isObject = namesObject(fault, expected);
  const isRight =
    isObject &&
    (fault === null ||
      expected === null ||
      (fault.mechanism === expected.mechanism && fault.field.endsWith(expected.field)));
  const isIdentified = incident?.verdict === 'identified';
  const changeId = best?.changeId ?? null;
  const isWrongChange = changeId !== null && !made.has(changeId);
  return {
    style,
    isIdentified,
    isRight: isRight && isIdentified,
    namesChange: hasChange ? changeId !== null && made.has(changeId) : null,
    blamesInnocent: isIdentified && (!isObject || isWrongChange),
    said: isRight && isIdentified && !isWrongChange ? '' : saidText(incident, style),
  };
}

/** The right object, or none where none is at fault. */
function namesObject(fault: ObjectFault | null, expected: Expected | null): boolean {
  if (fault === null || expected === null) return fault === expected;
  return objectText(fault.object) === objectText(expected.object);
}

function saidText(incident: Incident | null, style: string): string {
  if (incident === null) return `${style}: no incident`;
  const [best] = incident.hypotheses;
  const cause =
    best === undefined ? 'nothing' : `${best.cause.service} ${best.cause.kind} ${best.probability.toFixed(2)}`;
  const fault = best?.fault ? ` ${best.fault.mechanism} ${objectText(best.fault.object)} ${best.fault.field}` : '';
  return `${style}: ${incident.verdict}, ${cause}${fault}${best?.changeId ? ` change ${best.changeId}` : ''}`;
}

/** One line for each fault, and the totals. */
export function formatWorkloads(judged: readonly Judgement[]): string {
  const rows = [...Map.groupBy(judged, ({ fault }) => fault)].map(([fault, own]) => [fault, ...numbersOf(own)]);
  const totals = [...Map.groupBy(judged, ({ style }) => style)].map(([style, own]) => [
    `alerts by ${style}`,
    ...numbersOf(own),
  ]);
  const table = [
    ['fault', 'right', 'change named', 'innocents blamed'],
    ...rows,
    ...totals,
    ['all', ...numbersOf(judged)],
  ];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function numbersOf(judged: readonly Judgement[]): string[] {
  const withChange = judged.filter(({ namesChange }) => namesChange !== null);
  const share = (hits: number, of: number) =>
    of === 0 ? '-' : `${hits} of ${of} (${((100 * hits) / of).toFixed(1)} %)`;
  return [
    share(judged.filter(({ isRight }) => isRight).length, judged.length),
    share(withChange.filter(({ namesChange }) => namesChange === true).length, withChange.length),
    share(judged.filter(({ blamesInnocent }) => blamesInnocent).length, judged.length),
  ];
}

/** A line for each wrong case. */
export function formatWorkloadMisses(judged: readonly Judgement[]): string {
  return judged
    .filter(({ said }) => said !== '')
    .map(({ fault, seed, said }) => `${fault}, seed ${seed}: ${said}`)
    .join('\n');
}
