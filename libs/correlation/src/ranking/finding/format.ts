/** Numbers and lists for people: two or three digits, a unit, no exponents. */
import type { CallEdge } from '../rows/call-edge.ts';

/** A duration in microseconds, with the unit that fits. */
export function formatUs(us: number): string {
  if (!Number.isFinite(us)) return 'unknown';
  if (us < 1000) return `${Math.round(us)} us`;
  if (us < 1_000_000) return `${short(us / 1000)} ms`;
  return `${short(us / 1_000_000)} s`;
}

export function formatPercent(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  return `${percent < 10 ? trim(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** A value of a metric with its unit. The units `1` and empty are left out. */
export function formatValue(value: number, unit: string): string {
  const text = Math.abs(value) >= 1000 ? String(Math.round(value)) : short(value);
  return unit === '' || unit === '1' ? text : `${text} ${unit}`;
}

/** A time span in ms, in seconds below two minutes. The sign is left out. */
export function formatSeconds(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** `3.2 times`, or `from nothing`. */
export function formatRatio(now: number, before: number): string {
  return before > 0 ? `${short(now / before)} times` : 'from nothing';
}

function short(value: number): string {
  const size = Math.abs(value);
  return trim(size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2));
}

function trim(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** `caller -> callee`. */
export function formatEdge({ caller, callee }: CallEdge): string {
  return `${caller} -> ${callee}`;
}
