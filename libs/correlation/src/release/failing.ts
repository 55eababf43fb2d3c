/** What fails, by the leading hypothesis and the rows that it was read from. */
import type { EvidenceResult, Hypothesis } from '@faultline/model';
import { settingNamesOf } from './words.ts';

export interface Failing {
  /** Services whose names are in many paths, and say nothing. */
  readonly services: readonly string[];
  readonly operations: readonly string[];
  readonly logLines: readonly string[];
  readonly settings: readonly string[];
}

const errorSeverity = 17;
const maxLogLines = 30;
/** Senders choose the length of a line, and each commit is compared with all of it. */
const maxLineChars = 4000;
const maxSettings = 50;

/** Null: no cause is known, so nothing is. */
export function failingOf(hypothesis: Hypothesis | undefined, result: EvidenceResult | null): Failing | null {
  if (hypothesis === undefined) return null;
  const shown = hypothesis.evidence.flatMap(({ weight, source }) => (weight > 0 && source !== null ? [source] : []));
  const lines = shown.filter(({ view }) => view === 'lines').map(({ text }) => text);
  const logLines = unique([...lines, ...newErrors(hypothesis, result)])
    .slice(0, maxLogLines)
    .map((line) => line.slice(0, maxLineChars));
  const children = shown.filter(({ view }) => view === 'children').map(({ text }) => text);
  return {
    services: unique([...hypothesis.path, hypothesis.cause.service]),
    operations: unique([...shown.map(({ operation }) => operation), ...children]),
    logLines,
    settings: [...new Set([...settingsOfFault(hypothesis), ...logLines.flatMap(settingNamesOf)])]
      .filter((name) => name !== '')
      .slice(0, maxSettings),
  };
}

/** Errors that the cause began to log: a stack frame in one of them names the file. */
function newErrors({ cause, sinceMs }: Hypothesis, result: EvidenceResult | null): string[] {
  if (result === null || sinceMs === null) return [];
  const own = result.templates.filter(
    ({ service, severityNumber }) => service === cause.service && severityNumber >= errorSeverity,
  );
  const isSince = (slice: number) => (result.slices[slice]?.toMs ?? 0) > sinceMs;
  const earlier = new Set(own.filter(({ slice }) => !isSince(slice)).map(({ template }) => template));
  return own.filter(({ slice, template }) => isSince(slice) && !earlier.has(template)).map(({ text }) => text);
}

/** `env[DB_URL]` in the field, the name and the key of what it refers to. */
function settingsOfFault({ fault }: Hypothesis): string[] {
  if (fault == null) return [];
  const named = [...fault.field.matchAll(/\.(?:env|envFrom|volumes)\[([^\]]+)\]/g)].map(([, name = '']) => name);
  const target = fault.target?.kind === 'Secret' || fault.target?.kind === 'ConfigMap' ? fault.target.name : '';
  return [...named, target, target === '' ? '' : fault.targetKey];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort();
}
