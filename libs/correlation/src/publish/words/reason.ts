/** Why an alert is in its incident, in words. */
import type { CallPath, MemberReason, TraitReason } from '../../state/state.ts';

export function reasonText(reason: MemberReason): string {
  switch (reason.kind) {
    case 'opened':
      return 'opened the incident';
    case 'flood':
      return `${reason.opened} incidents opened within a minute; nothing known connects it with one of them`;
    case 'group-rule':
      return `the rule ${reason.rule} keeps them together`;
    case 'same-entity':
      return `same ${entityText(reason.entity)}`;
    case 'likely-cause':
      return `${reason.service} is the likely cause of this incident`;
    case 'degraded-service':
      return `${reason.service} is degraded in this incident`;
    case 'degraded-path':
      return `degraded path ${pathText(reason.path)}`;
    case 'same-node':
      return `same node ${reason.node}`;
    case 'about-failure-domain':
      return `about ${entityText(reason.entity)}, where other alerts of this incident run`;
    case 'in-failure-domain':
      return `runs in ${entityText(reason.entity)}, which this incident is about`;
    case 'same-change':
      return `same change: ${reason.summary}`;
    case 'fires-again':
      return 'fires again soon after the incident was resolved';
    case 'recent-cause':
      return `${reason.service} was the cause of this incident, resolved shortly before`;
    case 'recent-entity':
      return `same ${entityText(reason.entity)} as this incident, resolved shortly before`;
    case 'storm-no-telemetry':
      return 'began at the same time; no telemetry connects or separates it';
    case 'storm-awaiting-graph':
      return 'began at the same time; waiting for the call graph';
    case 'storm-awaiting-evidence':
      return `began at the same time on call path ${pathText(reason.path)}; waiting for evidence`;
    case 'storm-suspects-cause':
      return `began at the same time, and its own evidence suspects ${reason.cause} as well; waiting for more`;
    case 'same-trait':
      return `began at the same time, ${traitText(reason)}; no telemetry tells of it`;
    case 'own-fault':
      return 'its workload has a fault of its own, and nothing connects it with the incident that began at the same time';
    case 'nothing-shared':
      return 'began at the same time as another incident; nothing known connects the two';
    case 'no-degraded-path':
      return `no degraded path to ${reason.services.join(', ')}`;
    case 'joined-with':
      return `${reasonText(reason.reason)} (joined with ${reason.alertName})`;
    case 'same-cause':
      return `same cause: ${reason.cause}`;
    case 'split-by':
      return `split off by ${reason.actor}`;
    case 'merged-by':
      return `merged by ${reason.actor}`;
    case 'text':
      return reason.text;
  }
}

function traitText({ trait, value }: TraitReason): string {
  switch (trait) {
    case 'namespace':
      return `in namespace ${value}`;
    case 'application':
      return `part of ${value}`;
    case 'rule':
      return `by the same rule ${value}`;
  }
}

/** `service:db` as `service db`. */
function entityText(entity: string): string {
  return entity.replace(':', ' ');
}

/** `orders -> db <- cart`: arrows lead from caller to callee. */
function pathText({ services, sharedCallee }: CallPath): string {
  const turn = services.indexOf(sharedCallee) + 1;
  return [services.slice(0, turn).join(' -> '), ...services.slice(turn)].join(' <- ');
}
