/** The error codes of the correlator. */
export const correlatorErrors = {
  CORRELATOR_UNREADABLE:
    'A record of the alerts, changes or commands topic cannot be decoded. The record is kept in dead-letters. Look for a writer with another schema.',
  CORRELATOR_STEP_FAILED:
    'Taking a record failed twice: a bug. The record is kept in dead-letters; the log line of the same time holds the cause. Please report it with `npm run export`.',
  CORRELATOR_INPUT_TOO_LARGE:
    'A record of the alerts, changes or commands topic cannot be kept: a name that is a key is too long, or the log refused even the smallest form of what it leads to. The record is in dead-letters, and a firing alert is paged without correlation. Shorten the name at its sender.',
  CORRELATOR_COMMIT_TOO_LARGE:
    'The log refused a commit as too large although every record is within bus.maxRecordBytes, so a broker allows less. The commit is made again with smaller records, and incidents leave out more. Raise the limit of the broker and its topics (message.max.bytes, max.message.bytes), or set bus.maxRecordBytes to it.',
  CORRELATOR_STATE_UNREADABLE:
    'A record of the saved state cannot be read: it is damaged, or another release wrote it. It is kept in dead-letters with the records that depend on it. Its alerts page again when their senders repeat them. If the process ends with this error, start the release that ran before.',
  CORRELATOR_JOURNAL_UNREADABLE:
    'The journal or an export of it is cut off or was written by another release. Export the incident again.',
  CORRELATOR_CATALOGUE_UNREADABLE:
    'A file of `correlator.catalogueFiles` is missing or cannot be read. The owners of its last good version stay. Correct the file; it is read again by itself. `npm run config -- owners` shows what each source says.',
} as const;
export type CorrelatorErrorCode = keyof typeof correlatorErrors;
