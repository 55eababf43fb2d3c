/** What query needs of the store. Everything here may fail while the store is down; open incidents do not need it. */
import type { Incident, IncidentAlert, IncidentGraph, Scope, TimeRange } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import type { Cursor } from '../api/page.ts';
import { unavailable } from '../errors.ts';
import type { IncidentFilter } from '../incident/filter.ts';

export interface ServiceHealth {
  readonly calls: number;
  readonly errorRatio: number;
  readonly p95Ms: number;
  readonly lastSeenMs: number | null;
  readonly operations: readonly {
    readonly operation: string;
    readonly kind: string;
    readonly instance: string;
    readonly calls: number;
    readonly errorRatio: number;
    readonly p95Ms: number;
  }[];
  /** Edges in which the service is caller or callee. */
  readonly edges: IncidentGraph['edges'];
}

export interface History {
  /** Newest start first, ids breaking ties, those after the cursor; at most `limit`. */
  listIncidents(query: {
    readonly tenant: string;
    readonly filter: IncidentFilter;
    readonly after: Cursor | null;
    readonly limit: number;
  }): Promise<readonly Incident[]>;
  /** Null: there never was one, for this tenant. */
  getIncident(query: { readonly tenant: string; readonly id: string }): Promise<Incident | null>;
  /** By start and fingerprint, those after the cursor; at most `limit`. */
  listIncidentAlerts(query: {
    readonly tenant: string;
    readonly id: string;
    readonly after: Cursor | null;
    readonly limit: number;
  }): Promise<readonly IncidentAlert[]>;
  graph(query: { readonly scope: Scope; readonly range: TimeRange }): Promise<IncidentGraph>;
  /** Null: nothing was heard of the service in the range. */
  serviceHealth(query: {
    readonly scope: Scope;
    readonly range: TimeRange;
    readonly service: string;
  }): Promise<ServiceHealth | null>;
}

/** The store's answer, or UNAVAILABLE when it fails or takes longer than `timeoutMs`. What our side did wrong stays as it is. */
export async function askStore<Value>(answer: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(`the store did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    if (error instanceof AppError && error.code === 'QUERY_UNAVAILABLE') throw error;
    if (error instanceof AppError && error.kind === 'transient')
      throw unavailable('the store does not answer; open incidents can still be read', error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
