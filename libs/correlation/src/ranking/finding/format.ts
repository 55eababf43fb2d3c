/** Numbers as a tired reader wants them: two digits, a unit, no exponents. */

/** A latency given in microseconds. */
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

/** A metric's value with its unit, `1` and empty units left out. */
export function formatValue(value: number, unit: string): string {
  const text = Math.abs(value) >= 1000 ? String(Math.round(value)) : short(value);
  return unit === '' || unit === '1' ? text : `${text} ${unit}`;
}

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
