/** The handler of ListChanges. */
import { type EnvironmentRules, foldEnvironment } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { ChangeFilter } from '@faultline/store';
import type { Call } from '../api/call.ts';
import { FieldError } from '../errors.ts';
import type { ReadStore } from '../read-model/store.ts';
import { changeJson } from './json.ts';
import type { ListChangesRequest } from './requests.ts';

export interface ChangeListOptions {
  readonly readStore: ReadStore;
  readonly clock: Clock;
  readonly environmentRules: EnvironmentRules;
}

const dayMs = 86_400_000;

export function createChangeList({ readStore, clock, environmentRules }: ChangeListOptions) {
  return async (request: ListChangesRequest, { tenant }: Call) => {
    const toMs = request.to ?? clock();
    const fromMs = request.from ?? toMs - dayMs;
    if (fromMs >= toMs) throw new FieldError('from', 'must be before `to`');
    const filter = { tenant, fromMs, toMs, ...filterOf(request, environmentRules) };
    const page = { size: request.pageSize, token: request.pageToken || null };
    const { items, next } = await readStore((store) => store.listChanges(filter, page));
    return { changes: items.map(changeJson), nextPageToken: next ?? '' };
  };
}

type Further = Omit<ChangeFilter, 'tenant' | 'fromMs' | 'toMs'>;

function filterOf(request: ListChangesRequest, rules: EnvironmentRules): Further {
  const { cluster, namespace, service, objectKind, objectName, kind, source, environment } = request;
  return {
    ...(cluster === '' ? {} : { cluster }),
    ...(namespace === '' ? {} : { namespace }),
    ...(service === '' ? {} : { services: [service, ...(namespace === '' ? [] : [`${namespace}/${service}`])] }),
    ...(objectKind === '' ? {} : { objectKind }),
    ...(objectName === '' ? {} : { objectName }),
    ...(kind.length === 0 ? {} : { kinds: kind }),
    ...(source === '' ? {} : { source }),
    ...(environment === '' ? {} : { environments: environmentsOf(environment, rules) }),
  };
}

/** A change without an environment is of every one of the tenant. */
function environmentsOf(environment: string, rules: EnvironmentRules): readonly string[] {
  return [...new Set([environment, foldEnvironment(environment, rules).environment, ''])];
}
