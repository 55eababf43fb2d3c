import type { Histogram, SpanKind, TimeRange } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { windowMs } from '../rows.ts';
import { quantileMs } from './graph.ts';
import {
  type Budget,
  bounded,
  inRange,
  inScope,
  pairsOf,
  type ReadScope,
  rangeParams,
  scopeParams,
} from './statement.ts';

const maxPoints = 240;
const maxRows = 1_000;

interface Health {
  readonly calls: number;
  readonly errors: number;
  /** Ms; null without calls. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/**
 * The health of one service in a time range. Points, instances and versions count calls to the service; operations
 * count all of its work.
 */
export interface EntityHealth {
  readonly stepMs: number;
  readonly points: readonly (Health & { readonly atMs: number })[];
  readonly instances: readonly (Health & {
    readonly instance: string;
    readonly version: string;
    readonly node: string;
    readonly lastSeenMs: number;
  })[];
  readonly operations: readonly (Health & { readonly operation: string; readonly kind: SpanKind })[];
}

interface Measured {
  readonly calls: number;
  readonly errors: number;
  readonly duration: Histogram;
}

export interface HealthRequest extends ReadScope {
  readonly service: string;
  readonly range: TimeRange;
}

/** A multiple of the window, so that at most 240 points cover the range. */
export function healthStepMs({ fromMs, toMs }: TimeRange): number {
  return Math.max(1, Math.ceil((toMs - fromMs) / maxPoints / windowMs)) * windowMs;
}

const called = "AND Kind IN ('server', 'consumer')";

/** One statement per part of the result. `select` lists expressions with their names. */
function healthStatement(
  { service, range, ...read }: HealthRequest,
  shape: { select: string; where: string; groupBy: string; orderBy: string },
  budget: Budget,
): Statement {
  return bounded(
    `SELECT
    ${shape.select},
    sum(Calls) AS calls,
    sum(Errors) AS errors,
    ${pairsOf('Duration')} AS duration
FROM operation_windows
WHERE ${inScope} AND ${inRange} AND Service = {service:String} ${shape.where}
GROUP BY ${shape.groupBy}
HAVING calls > 0
ORDER BY ${shape.orderBy}
LIMIT ${maxRows}`,
    { ...scopeParams(read), ...rangeParams(range), service },
    budget,
  );
}

export function healthStatements(request: HealthRequest, budget: Budget) {
  const stepSeconds = healthStepMs(request.range) / 1000;
  return {
    points: healthStatement(
      request,
      {
        select: `intDiv(toUnixTimestamp(WindowStart), ${stepSeconds}) * ${stepSeconds} * 1000 AS atMs`,
        where: called,
        groupBy: 'atMs',
        orderBy: 'atMs',
      },
      budget,
    ),
    instances: healthStatement(
      request,
      {
        select:
          'Instance AS instance,\n    Version AS version,\n    max(Node) AS node,\n    toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs',
        where: called,
        groupBy: 'instance, version',
        orderBy: 'calls DESC, instance, version',
      },
      budget,
    ),
    operations: healthStatement(
      request,
      {
        select: 'Operation AS operation,\n    Kind AS kind',
        where: '',
        groupBy: 'operation, kind',
        orderBy: 'calls DESC, operation, kind',
      },
      budget,
    ),
  };
}

export async function readEntityHealth(
  engine: Pick<Engine, 'select'>,
  request: HealthRequest,
  budget: Budget,
): Promise<EntityHealth> {
  const statements = healthStatements(request, budget);
  const [points, instances, operations] = await Promise.all([
    engine.select<Measured & EntityHealth['points'][number]>(statements.points),
    engine.select<Measured & EntityHealth['instances'][number]>(statements.instances),
    engine.select<Measured & EntityHealth['operations'][number]>(statements.operations),
  ]);
  return {
    stepMs: healthStepMs(request.range),
    points: points.map(withQuantiles),
    instances: instances.map(withQuantiles),
    operations: operations.map(withQuantiles),
  };
}

function withQuantiles<Row extends Measured>({ duration, ...row }: Row) {
  return { ...row, p50Ms: quantileMs(duration, 0.5), p95Ms: quantileMs(duration, 0.95) };
}
