/** Page, ticket or log entry. Pure. */
import type { Severity, TriageFacts, TriageMatrix } from '@faultline/model';
import type { JudgedImpact } from './impact.ts';

/** The level of this severity and impact, with the reasons. */
export function decideTriage(
  { impact, reasons }: JudgedImpact,
  severity: Severity,
  matrix: TriageMatrix,
): Omit<TriageFacts, 'atMs'> {
  const level = matrix[impact][severity];
  // The impact alone would not have led to this level: then the severity is the reason.
  const bySeverity = level !== matrix[impact].info;
  return {
    level,
    impact,
    severity,
    reasons: bySeverity ? [{ code: 'severity', detail: severity }, ...reasons] : reasons,
  };
}
