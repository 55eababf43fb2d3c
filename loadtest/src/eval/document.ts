/** Writes `docs/accuracy.md`: the measurements, in the template beside this file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tuned, type WeightName, weightOf, weightSpecs } from '@faultline/correlation';
import { isGeneratedSystem } from '../case/evaluation-case.ts';
import type { Judged } from './judge.ts';
import { formatReport, type RunTimes, systemTable, table } from './report.ts';

export interface Measured {
  readonly judged: readonly Judged[];
  readonly times: RunTimes | null;
  /** The table of runs with clock skew. Empty: not measured. */
  readonly clockSkew: string;
  readonly leftOut: readonly Judged[];
  readonly ablation: string;
  readonly robustness: string;
}

const documentPath = 'docs/accuracy.md';

export function writeAccuracy(measured: Measured): void {
  const template = readFileSync(new URL('./accuracy.template.md', import.meta.url), 'utf8');
  writeFileSync(documentPath, fillTemplate(template, placesOf(measured)));
}

function placesOf({ judged, times, clockSkew, leftOut, ablation, robustness }: Measured): Record<string, string> {
  const isMade = ({ system }: Judged): boolean => isGeneratedSystem(system);
  return {
    labelled: formatReport(
      judged.filter((one) => !isMade(one)),
      null,
    ),
    generated: formatReport(judged.filter(isMade), null),
    times: times === null ? 'Not measured: only the ranking was run.' : formatReport([], times),
    clockSkew: clockSkew === '' ? 'Not measured.' : clockSkew,
    leftOut: leftOut.length === 0 ? 'Not measured.' : systemTable(leftOut, 'all left out'),
    ablation: ablation === '' ? 'Not measured.' : ablation,
    robustness: robustness === '' ? 'Not measured.' : robustness,
    tuning: tuningTable(),
  };
}

/** Each fitted number beside its start value. */
function tuningTable(): string {
  const names = Object.keys(weightSpecs) as WeightName[];
  const rows = names.map((name) => [
    name,
    String(weightSpecs[name].start),
    String(weightOf(tuned, name)),
    weightSpecs[name].why,
  ]);
  const { slope, offset } = tuned.calibration;
  const head = `Fitted on ${tuned.version}. Calibration: sigma(${offset.toFixed(2)} + ${slope.toFixed(2)} * logit).`;
  return `${head}\n\n${table(['number', 'start', 'fitted', 'what it stands for'], rows)}`;
}

/** Fills every `{{place}}`. Throws when the template and the values do not match. */
export function fillTemplate(template: string, places: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(places));
  const text = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = places[name];
    if (value === undefined) throw new RangeError(`the template names ${name}, which has no value`);
    unused.delete(name);
    return value;
  });
  if (unused.size > 0) throw new RangeError(`the template has no placeholder for ${[...unused].join(', ')}`);
  return text;
}
