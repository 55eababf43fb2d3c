/** What else is true of a kind of evidence. The rest of the ranking asks for a trait and never for a kind. Left out means false. */

export interface Traits {
  /** Makes callers stop short or fail, so it may explain lost calls, errors and log lines of callers. */
  readonly failsCallers?: true;
  /** Makes callers wait, so it may explain time and errors of callers that wait. */
  readonly delaysCallers?: true;
  /** What it shows may be time spent on a slow callee, not only on a failing one. */
  readonly mayBeWaiting?: true;
  /** Shows by itself that callers get worse answers, or none. */
  readonly visibleToCallers?: true;
  /** May concern only part of the calls, or keep the service from reporting. So healthy averages do not speak against it. */
  readonly affectsPart?: true;
  /** Shows in what an answer says, not in its duration or status. So callers look unaffected. */
  readonly hiddenInAnswers?: true;
  /** The service or its instances sent no more telemetry; the last sign of life tells since when. */
  readonly telemetryStopped?: true;
  /** Rests on metrics, so metrics tell whether it is over. The other kinds are over when calls are healthy. */
  readonly measuredByMetrics?: true;
  /** Measures added time: a symptom, whose mechanism other evidence may name. */
  readonly addedTime?: true;
  /** Measures a resource, which may be the mechanism behind a symptom. */
  readonly resource?: true;
  /** Quotes log lines and calls, which may name the mechanism. */
  readonly quotesLogs?: true;
  /** A cluster names the mechanism, the object and the field at fault. */
  readonly namesObject?: true;
  /** Instances were replaced because a resource ran out. */
  readonly restart?: true;
  /** Somebody's report and not a measurement. */
  readonly report?: true;
  /** Speaks against any connection with what alerts. Such a service may well be at fault, but in another incident. */
  readonly unconnected?: true;
  /** A possible trigger and not damage. It counts as far as the service shifted otherwise. */
  readonly trigger?: true;
}
