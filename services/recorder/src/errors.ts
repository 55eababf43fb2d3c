/** The error codes of the recorder. */
export const recorderErrors = {
  RECORDER_UNREADABLE:
    'A record of a telemetry or history topic cannot be decoded. It is kept in dead-letters. Check for a writer with another schema.',
  RECORDER_REJECTED:
    'The store refused a row permanently. The row is kept in dead-letters. The log line of the same time gives the reason.',
  RECORDER_STORE_DAMAGED:
    'A part of the store is damaged and was set aside. The reason names its table, its rows and their time. The ledger counts them as dead-lettered. Evidence goes on without them.',
} as const;

export type RecorderErrorCode = keyof typeof recorderErrors;
