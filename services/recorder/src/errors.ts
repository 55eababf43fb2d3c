/** The error codes of the recorder. */
export const recorderErrors = {
  RECORDER_UNREADABLE:
    'A record of a telemetry or history topic cannot be decoded. It is kept in dead-letters; look for a writer with another schema.',
  RECORDER_REJECTED:
    'The store refused the rows of a record for good. The record is kept in dead-letters; the log line of the same time holds the cause.',
} as const;

export type RecorderErrorCode = keyof typeof recorderErrors;
