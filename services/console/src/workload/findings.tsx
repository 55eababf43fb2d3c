import type { Finding, Workload } from '../api/types.ts';
import { QueryView } from '../incident/query.tsx';
import { dayTime } from '../part/format.ts';
import { workloadWords } from './words.ts';

type Fault = Finding['fault'];

/** What is wrong, the fault that explains the others first and open; then what was wrong today. */
export function Findings({ workload: { findings, pastFindings } }: { readonly workload: Workload }) {
  return (
    <section class="card">
      <h2>{workloadWords.faults}</h2>
      {findings.length === 0 && <p class="quiet">{workloadWords.noFaults}</p>}
      <FindingList findings={findings} isOpen={true} />
      {pastFindings.length > 0 && (
        <details class="less-likely">
          <summary>
            {workloadWords.pastFaults} ({pastFindings.length})
          </summary>
          <FindingList findings={pastFindings} isOpen={false} />
        </details>
      )}
    </section>
  );
}

function FindingList({ findings, isOpen }: { readonly findings: readonly Finding[]; readonly isOpen: boolean }) {
  return (
    <ol class="hypotheses">
      {findings.map((finding, index) => (
        <li key={`${finding.fault.id}${finding.fault.since}`}>
          <details class="finding" open={isOpen && index === 0}>
            <summary>
              <strong>{finding.fault.mechanism}</strong> <span dir="auto">{finding.fault.text}</span>
            </summary>
            <Facts finding={finding} />
            <QueryView query={finding.checkCommand} title={workloadWords.check} />
          </details>
        </li>
      ))}
    </ol>
  );
}

function Facts({ finding: { fault, reason, message, change } }: { readonly finding: Finding }) {
  const facts: readonly (readonly [string, string])[] = [
    [workloadWords.object, objectText(fault.object)],
    [workloadWords.field, fault.field],
    [workloadWords.refersTo, targetText(fault)],
    [workloadWords.pods, fault.total > 1 ? `${fault.affected} of ${fault.total}` : ''],
    [workloadWords.since, dayTime(fault.since)],
    [workloadWords.until, fault.endedAt === null ? '' : dayTime(fault.endedAt)],
    [workloadWords.changedBy, changedByText(fault)],
    [workloadWords.change, change?.summary ?? ''],
    [workloadWords.reason, [reason, message].filter((text) => text !== '').join(': ')],
  ];
  return (
    <dl class="facts">
      {facts
        .filter(([, text]) => text !== '')
        .flatMap(([name, text]) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name} text`} dir="auto">
            {name === workloadWords.field ? <code>{text}</code> : text}
          </dd>,
        ])}
    </dl>
  );
}

function objectText({ kind, namespace, name }: Fault['object']): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function targetText({ target, targetKey }: Fault): string {
  const key = targetKey === '' ? '' : `key ${targetKey}`;
  if (target === null) return targetKey;
  return key === '' ? objectText(target) : `${key} of ${objectText(target)}`;
}

function changedByText({ changedBy }: Fault): string {
  if (changedBy === null) return '';
  return `${changedBy.actor || workloadWords.somebody}, ${dayTime(changedBy.at)}: ${objectText(changedBy.object)}`;
}
