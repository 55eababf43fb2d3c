/** Error codes of the process as a whole. */
export const allErrors = {
  ALL_BAD_FLAG: 'The command line has a flag that does not exist or lacks its value. The message lists those that do.',
  ALL_UNKNOWN_SERVICE: '`--only` names a service that does not exist. The message lists those that do.',
  ALL_EXPORT_FAILED:
    'The Faultline that runs did not give the export. The message holds its answer; set FAULTLINE_TOKEN to an admin token if it wants one.',
} as const;
