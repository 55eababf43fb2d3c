/** The error codes of the correlator. */
export const correlatorErrors = {
  CORRELATOR_UNREADABLE:
    'A record of the alerts, changes or commands topic cannot be decoded. The record is kept in dead-letters. Look for a writer with another schema.',
  CORRELATOR_STEP_FAILED:
    'Taking a record failed twice: a bug. The record is kept in dead-letters; the log line of the same time holds the cause. Please report it with `npm run export`.',
  CORRELATOR_STATE_UNREADABLE:
    'A record of the saved state cannot be read: it is damaged, or another release wrote it. It is kept in dead-letters with the records that depend on it. Its alerts page again when their senders repeat them. If the process ends with this error, start the release that ran before.',
  CORRELATOR_JOURNAL_UNREADABLE:
    'The journal or an export of it is cut off or was written by another release. Export the incident again.',
} as const;
export type CorrelatorErrorCode = keyof typeof correlatorErrors;
