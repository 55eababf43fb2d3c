/** Times in the text of a scenario. */

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `-90s`, `2.5s`, `5m`, `1h` in ms. NaN for any other text. */
export function parseSpan(text: string): number {
  const [, number = '', unit = ''] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  return Number(number) * (unitMs[unit] ?? Number.NaN);
}
