/** The mechanism and the instance of a candidate, from its findings. */
import type { CauseKind } from '@faultline/model';
import type { Weighed } from '../weigh/weigh.ts';
import type { Candidate } from './candidate.ts';

/** A log line that names its mechanism this strongly says more than that calls fail or are slow. */
const namingFrom = 0.3;
/** A resource this far off explains why time was added. A weaker one may follow from it. */
const resourceFrom = 0.3;
/** A fault that the cluster states this clearly is the mechanism. */
const statedFrom = 1;
/** A surge this large explains why the entry itself is slower. */
const surgeFrom = 1;

/** A measurement this weak does not outweigh a report. */
const measuredFrom = 0.3;

/** What alerts tell by name or reason that no metric shows as well. */
const telling: ReadonlySet<CauseKind> = new Set(['memory', 'disk', 'credential', 'pool']);
/** A service that runs out of these fails. A busy processor or disk makes it slow. */
const scarce: ReadonlySet<CauseKind> = new Set(['pool', 'memory', 'queue']);
/** Mechanisms that only say that calls fail or are slow. */
const failures: ReadonlySet<CauseKind> = new Set(['error', 'code', 'down']);

/** A finding that suggests a mechanism. */
type Suggesting = Weighed & { readonly faultType: CauseKind };

/**
 * What the strongest evidence suggests. Alerts without a mechanism and triggers suggest nothing while there is other evidence. Added time and
 * failures are symptoms: other evidence of the same service may name the mechanism behind them.
 */
export function mechanismOfFindings(all: readonly Weighed[]): Pick<Candidate, 'kind' | 'instance'> {
  const findings = all.filter(({ isAgainst }) => !isAgainst);
  const suggesting = findings.filter(isSuggesting);
  const lead = leadOf(suggesting);
  const kind =
    lead === undefined ? (findings[0]?.faultType ?? 'latency') : (mechanismBehind(lead, suggesting) ?? lead.faultType);
  const instance = findings.find((one) => one.instance !== '')?.instance ?? '';
  return { kind, instance: kind === 'traffic' ? '' : instance };
}

function isSuggesting(finding: Weighed): finding is Suggesting {
  return finding.faultType !== null && finding.traits.trigger !== true;
}

/** A measurement goes before a report: that a service is down, on the word of one alert, is little when its own evidence says otherwise. */
function leadOf(suggesting: readonly Suggesting[]): Suggesting | undefined {
  const measured = suggesting.find(({ traits, weight }) => traits.report !== true && weight >= measuredFrom);
  return measured ?? suggesting[0];
}

/** What says why the service is slow or fails; null when the lead says it itself, or nothing does. */
function mechanismBehind(lead: Suggesting, findings: readonly Suggesting[]): CauseKind | null {
  const stated = findings.find(({ traits, weight }) => traits.namesObject === true && weight >= statedFrom);
  if (stated !== undefined) return stated.faultType;
  const isSlow = lead.faultType === 'latency' || lead.traits.addedTime === true;
  const isLoaded = isSlow || lead.traits.resource === true;
  if (isLoaded && findings.some(({ faultType, weight }) => faultType === 'traffic' && weight >= surgeFrom))
    return 'traffic';
  if (!isSlow && !failures.has(lead.faultType)) return null;
  const named = findings.find((one) => namesMechanism(one) && one.weight >= namingFrom);
  const ranOut = findings.find(({ traits, faultType }) => traits.restart === true && faultType === 'memory');
  const reported = findings.find(({ traits, faultType }) => traits.report === true && telling.has(faultType));
  const resource = findings.find((one) => one.traits.resource === true && mayBeBehind(lead, one, isSlow));
  const backlog = findings.find(({ traits, faultType }) => traits.report === true && faultType === 'queue');
  return (named ?? ranOut ?? reported ?? resource ?? backlog)?.faultType ?? null;
}

/** A short processor delays both its own code and what waits in front of it. If only the network got slower, the processor must be as clear. */
function mayBeBehind(lead: Suggesting, { faultType, weight }: Suggesting, isSlow: boolean): boolean {
  const least = lead.faultType === 'network' ? Math.max(resourceFrom, lead.weight / 2) : resourceFrom;
  return weight >= least && (isSlow || scarce.has(faultType));
}

function namesMechanism({ traits, faultType }: Suggesting): boolean {
  return traits.quotesLogs === true && faultType !== 'error' && faultType !== 'code';
}
