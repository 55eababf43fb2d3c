/** Why an incident is a page, a ticket or a log entry, in words. */
import type { Severity, Triage, TriageFacts, TriageLevel, TriageReason } from '@faultline/model';

const levelWords: Readonly<Record<TriageLevel, string>> = { page: 'paged', ticket: 'ticket', log: 'log entry' };

export function triageOf(facts: TriageFacts): Triage {
  return { ...facts, text: triageText(facts) };
}

/** `paged: severity critical; checkout, which users call, is unhealthy` */
export function triageText({ level, severity, reasons }: Pick<TriageFacts, 'level' | 'severity' | 'reasons'>): string {
  return `${levelWords[level]}: ${reasons.map((reason) => reasonText(reason, severity)).join('; ')}`;
}

function reasonText({ code, detail }: TriageReason, severity: Severity): string {
  switch (code) {
    case 'severity':
      return `severity ${detail}`;
    case 'user-facing':
      return `${detail}, which users call, ${isOrAre(detail)} unhealthy`;
    case 'slo-burn':
      return `error budget burns (${detail})`;
    case 'reach':
      return `${detail} services take part`;
    case 'unhealthy':
      return `${detail} ${isOrAre(detail)} unhealthy, no service that users call`;
    case 'several-alerts':
      return `${detail} alerts`;
    case 'about-user-facing':
      return `users call ${detail}`;
    case 'no-impact':
      return `severity ${severity}, and telemetry sees no harm`;
    case 'unread':
      return 'impact not known, as telemetry was not read in full';
    case 'no-telemetry':
      return `impact not known, as telemetry knows nothing of ${detail || 'what alerts'}`;
    case 'nothing-sent':
      return `impact not known, as no telemetry ${detail === '' ? 'was found' : `comes from ${detail}`}`;
    case 'no-data':
      return `impact not known, as ${detail} reports that data is missing`;
    case 'merged':
      return 'another incident of this level was merged into it';
    case 'held':
      return `held back by the rule ${detail}`;
    case 'standing':
      return `its alerts had fired for ${detail} h when they were first heard of, and no harm was seen`;
    case 'was-held':
      return `held back until now by the rule ${detail}`;
  }
}

/** Names are joined by commas. */
function isOrAre(names: string): string {
  return names.includes(', ') ? 'are' : 'is';
}
