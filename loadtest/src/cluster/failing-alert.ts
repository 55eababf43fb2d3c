/**
 * An alert that starts at this millisecond of its minute crashes the failing correlator. No other alert of a workload
 * does.
 */
export const failsAtMs = 59_777;
