/** What evidence is missing, in words. */
import type { MissingEvidence } from '@faultline/model';

const withoutRows: Readonly<Record<string, string>> = {
  evidence: 'evidence: no telemetry was read, judged by alerts, changes and declared calls alone',
  baseline: 'baseline: none, since the first alert began before the evidence that is read',
};

/** One line on a part of the evidence that is missing. */
export function missingText({ part, code, detail }: MissingEvidence): string {
  switch (code) {
    case 'unreachable':
      return `${part}: unreachable`;
    case 'timeout':
      return `${part}: no answer in time`;
    case 'failed':
      return `${part}: failed (${detail})`;
    case 'behind':
      return `${part}: ${detail} ${detail === '1' ? 'batch' : 'batches'} sent, not recorded yet`;
    case 'truncated':
      return part === 'series'
        ? `series: only ${detail}, the longest of each service`
        : `${part}: only the busiest ${detail}`;
    case 'partial':
      return `${part}: only ${detail}, the neighbourhood of the alerts`;
    case 'none':
      return withoutRows[part] ?? `${part}: none`;
    case 'pending':
      return `${part}: not arrived yet`;
    case 'not-correlated':
      return `${part}: this alert was not correlated`;
    case 'no-subject':
      return `${part}: no service, host or other entity is named, so nothing connects them with telemetry`;
    case 'unknown-subject':
      return `${part}: telemetry knows nothing of ${detail}, so nothing connects it with a cause`;
    case 'flood':
      return `${part}: not read for alerts that nothing connects while ${detail} incidents open within a minute`;
    case 'too-large':
      return `${part}: too large, so it leaves out ${detail}`;
    case 'other':
      return part === '' ? detail : `${part}: ${detail}`;
  }
}
