/** What evidence is missing, in words. */
import type { MissingEvidence } from '@faultline/model';

/** One line on a part of the evidence that is missing. */
export function missingText({ part, code, detail }: MissingEvidence): string {
  switch (code) {
    case 'unreachable':
      return `${part}: unreachable`;
    case 'timeout':
      return `${part}: no answer in time`;
    case 'failed':
      return `${part}: ${detail}`;
    case 'behind':
      return `${part}: ${detail} blocks not yet recorded`;
    case 'truncated':
      return part === 'series'
        ? `series: only ${detail}, of each service the fullest`
        : `${part}: only the busiest ${detail}`;
    case 'partial':
      return `${part}: only ${detail}, those around what alerts name`;
    case 'none':
      return part === 'evidence' ? 'no evidence yet: alerts, changes and declared edges only' : `${part}: none`;
    case 'pending':
      return `${part}: none in yet`;
    case 'not-correlated':
      return `${part}: this alert was not correlated`;
    case 'other':
      return part === '' ? detail : `${part}: ${detail}`;
  }
}
