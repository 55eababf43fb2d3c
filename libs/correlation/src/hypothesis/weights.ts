/** Every number that could be tuned, with its reason. Log-odds: 2.3 makes a cause ten times as likely. None is fitted to a system. */
export const weights = {
  /** Added time in a service's own code, when all of it is there and it more than doubled: nearly a proof, since children are taken off. */
  selfTime: 5,
  /** Added time between caller and callee: as good, but caller, callee and the wire share it. */
  edgeGap: 5,
  /** Errors that begin here. */
  ownErrors: 5,
  /** A peer seen only from its callers fails or is slow: its callers could be at fault as well. */
  silentHop: 4.5,
  /** A step of an operation that comes or goes: shares do not move with load, yet data branches do move them. */
  step: 4,
  /** A resource far from its own history: often an effect, so less than time and errors. */
  resource: 3.5,
  /** A metric of the service itself says slow or failing, and its callees do not account for it. */
  serviceMetric: 5,
  /** Latency between two services as a mesh measures it: a summary of many calls, so less than the calls themselves. */
  meshLatency: 4,
  /** Requests that stopped arriving, by count: as a vanished step, seen from further away. */
  lostCalls: 3.5,
  /** Telemetry stopped: down, or only blind. */
  blind: 3,
  /** More requests than ever at the entry. */
  traffic: 3,
  /** A change here shortly before the onset, while the service itself moved. */
  change: 2,
  /** An alert on the service: symptoms alert more than causes do, so little. */
  alert: 0.3,
  /** The score of "nothing here": below it a cause is not more likely than chance movement. */
  nothing: 2,
  /** Relative growth at which a shift counts half: 50 % more is the least that people call slow. */
  halfGrowth: 0.5,
  /** Cohen's h at which a step counts half: 0.5 is his "medium" effect. */
  halfStep: 0.5,
  /** Robust z at which a metric counts half: heavy tails make 3 common, 6 rare. */
  halfSeriesZ: 6,
  /** How much of what the services below explain is taken away from a caller. */
  explained: 0.9,
} as const;
