/** Who acts, and which runbook helps. The owner of the cause comes first. */
import { type CauseKind, type Incident, unowned } from '@faultline/model';
import { knownLabels, matchesKnown } from '../alert/suppress.ts';
import type { CatalogueRule } from '../state/config.ts';
import type { AlertState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { rulesThatMayFit } from './catalogue-index.ts';

interface OwnerInput {
  /** Services by importance: the cause, then those that alert. */
  readonly services: readonly string[];
  readonly cause: string;
  /** What kind of fault the cause has. Empty while no cause is known. */
  readonly causeKind: CauseKind | '';
  /** Services that the evidence calls `environment/name`, by their plain names. */
  readonly qualified: readonly string[];
  readonly members: readonly AlertState[];
  readonly catalogue: readonly CatalogueRule[];
}

const maxOwners = 5;
const maxRunbooks = 5;
const ownerLabels = ['team', 'owner'] as const;
const runbookAnnotations = ['runbook_url', 'runbook'] as const;

/** The owners, each once, with the reason. An unowned cause has an entry of its own. */
export function findOwners(input: OwnerInput): Incident['owners'] {
  const owners = new Map<string, Incident['owners'][number]>();
  for (const service of input.services) {
    // A catalogue may have thousands of rules, and an incident hundreds of services.
    if (owners.size >= maxOwners) break;
    const owner = ownerOf(service, input);
    if (owner !== null && !owners.has(owner.team)) owners.set(owner.team, owner);
    if (owner === null && service === input.services[0])
      owners.set(unowned, {
        team: unowned,
        contact: '',
        why: `nobody is known to own ${service}`,
      });
  }
  return [...owners.values()];
}

function ownerOf(service: string, input: OwnerInput): Incident['owners'][number] | null {
  const { cause, members } = input;
  const role = service === cause ? 'the likely cause' : 'which alerts';
  const rule = ruleOf(service, input, ({ team }) => team !== '');
  if (rule !== undefined) return { team: rule.team, contact: rule.contact, why: `owns ${service}, ${role}` };
  for (const alert of members) {
    if (!isAbout(alert, service, input)) continue;
    for (const label of ownerLabels) {
      const team = alert.labels[label];
      if (team !== undefined && team !== '')
        return { team, contact: '', why: `label ${label} of ${alert.name} on ${service}, ${role}` };
    }
  }
  return null;
}

/** The first rule that fits the service by itself or by the labels of one of its alerts. */
function ruleOf(service: string, input: OwnerInput, has: (rule: CatalogueRule) => boolean): CatalogueRule | undefined {
  const alone = namesOf(service, input).map((name) => ({
    name: '',
    source: '',
    labels: {},
    entities: { service: name },
  }));
  const about = input.members.filter((alert) => isAbout(alert, service, input));
  const subjects = [...alone, ...about].map(knownLabels);
  const named = new Set(subjects.flatMap((subject) => subject['service'] ?? []));
  return rulesThatMayFit(input.catalogue, named).find(
    (rule) => has(rule) && subjects.some((subject) => matchesKnown(rule.match, subject)),
  );
}

/** Its name, and without the environment where evidence had to add that: `production/db` is `db`. */
function namesOf(service: string, { qualified }: OwnerInput): readonly string[] {
  const plain = service.slice(service.indexOf('/') + 1);
  return plain !== service && qualified.includes(plain) ? [service, plain] : [service];
}

function isAbout(alert: AlertState, service: string, input: OwnerInput): boolean {
  return namesOf(service, input).includes(subjectOf(alert.entities).service);
}

/** Runbooks of the services in order, each address once: for the kind of the fault, of the service, then those that its alerts name. */
export function findRunbooks(input: OwnerInput): Incident['runbooks'] {
  const runbooks = new Map<string, Incident['runbooks'][number]>();
  const add = (title: string, url: string) => {
    if (url !== '' && !runbooks.has(url)) runbooks.set(url, { title, url });
  };
  for (const service of input.services) {
    if (runbooks.size >= maxRunbooks) break;
    for (const rule of runbookRules(service, input)) add(rule.runbookTitle || `Runbook of ${service}`, rule.runbookUrl);
    for (const alert of input.members)
      if (isAbout(alert, service, input))
        for (const name of runbookAnnotations) add(`Runbook of ${alert.name}`, alert.annotations[name] ?? '');
  }
  return [...runbooks.values()].slice(0, maxRunbooks);
}

/** The first rule for the kind of fault that the service has, and the first for any kind. */
function runbookRules(service: string, input: OwnerInput): readonly CatalogueRule[] {
  const kind = service === input.cause ? input.causeKind : '';
  const has = (wanted: CauseKind | '') =>
    ruleOf(service, input, ({ runbookUrl, causeKind = '' }) => runbookUrl !== '' && causeKind === wanted);
  return [kind === '' ? undefined : has(kind), has('')].filter((rule) => rule !== undefined);
}
