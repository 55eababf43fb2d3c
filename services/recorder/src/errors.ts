/** The error codes of the recorder. */
export const recorderErrors = {
  RECORDER_UNREADABLE:
    'A record of a telemetry or history topic cannot be decoded. It is kept in dead-letters. Check for a writer with another schema.',
  RECORDER_REJECTED:
    'The store refused a row permanently. The row is kept in dead-letters. The log line of the same time gives the reason.',
} as const;

export type RecorderErrorCode = keyof typeof recorderErrors;
