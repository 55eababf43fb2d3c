/** Judges a run: output against input, and a faulty run against the baseline run. Pure. */
import type { Outcome } from './outcome.ts';
import type { Workload } from './workload.ts';

/** Returns one line per problem. `baseline` is the outcome of the same workload without injected faults. */
export function judgeRun(workload: Workload, outcome: Outcome, baseline: Outcome | null): string[] {
  return [
    ...judgeLedger(workload, outcome),
    ...judgeSpans(workload, outcome),
    ...judgePages(workload, outcome),
    ...(baseline === null ? [] : judgeAgainst(workload, baseline, outcome)),
  ];
}

const telemetry = ['spans', 'logs', 'metrics'] as const;

function judgeLedger(workload: Workload, { sent, ledger }: Outcome): string[] {
  const problems = Object.entries(ledger).flatMap(([signal, line]) => {
    const { accepted, inIncidents, recorded, duplicates, suppressed, deadLettered, pending } = line;
    const ended = inIncidents + recorded + duplicates + suppressed + deadLettered + pending;
    return ended === accepted ? [] : [`ledger: of ${accepted} ${signal} accepted, ${ended} are accounted for`];
  });
  for (const signal of telemetry)
    problems.push(...equal(`ledger: ${signal} recorded`, ledger[signal]?.recorded ?? 0, sent[signal]));
  const alerts = ledger['alerts'];
  const deadLettered = Object.values(ledger).reduce((sum, line) => sum + line.deadLettered, 0);
  return [
    ...problems,
    ...equal('ledger: alerts in incidents', (alerts?.inIncidents ?? 0) + (alerts?.deadLettered ?? 0), sent.alerts),
    ...equal('ledger: dead letters', deadLettered, workload.poisonAlerts),
    ...equal(
      'ledger: pending',
      Object.values(ledger).reduce((sum, line) => sum + line.pending, 0),
      0,
    ),
  ];
}

function judgeSpans({ spansByService }: Workload, { sent, digest }: Outcome): string[] {
  const services = [...spansByService].flatMap(([service, spans]) =>
    equal(`windows: calls of ${service}`, digest.callsByService[service] ?? 0, spans),
  );
  return [
    ...services,
    ...equal('windows: calls', digest.calls, sent.spans),
    ...equal('windows: settled calls', digest.settledCalls, sent.spans),
    ...equal('rows of otel_traces', digest.rawSpans, sent.spans),
    ...equal('distinct spans', digest.distinctSpans, sent.spans),
    ...equal('windows: log lines', digest.lines, sent.logs),
    ...equal('windows: log lines without their span', digest.linesWithoutSpan, 0),
  ];
}

function judgePages(workload: Workload, { incidents, pages, replay }: Outcome): string[] {
  // Poison alerts are paged raw, one page each.
  const expected = workload.incidents + workload.poisonAlerts;
  return [
    ...equal('incidents', incidents.length, expected),
    ...equal('incidents paged', pages.incidents, expected),
    ...equal('pages', pages.pages, expected),
    ...equal('revisions that replay otherwise', replay.different, 0),
    ...replay.refused,
    ...(replay.same > 0 ? [] : ['no revision was replayed']),
  ];
}

function judgeAgainst({ poisonAlerts }: Workload, baseline: Outcome, { digest, incidents }: Outcome): string[] {
  const windows = Object.entries(baseline.digest.windows).flatMap(([table, digestOf]) =>
    equal(`${table}, against the baseline run`, digest.windows[table] ?? '', digestOf),
  );
  return [
    ...windows,
    ...equal('members, against the baseline run', digest.members, baseline.digest.members),
    ...baseline.incidents.filter((known) => !incidents.includes(known)).map((known) => `missing or other: ${known}`),
    ...equal('other incidents', incidents.filter((one) => !baseline.incidents.includes(one)).length, poisonAlerts),
  ];
}

function equal<Value extends number | string>(what: string, seen: Value, expected: Value): string[] {
  return seen === expected ? [] : [`${what}: ${seen} instead of ${expected}`.slice(0, 400)];
}
