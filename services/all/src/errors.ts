/** Error codes of the process as a whole. */
export const allErrors = {
  ALL_BAD_FLAG: 'The command line has an unknown flag, or a flag without its value. The message lists the flags.',
  ALL_UNKNOWN_SERVICE: '`--only` names an unknown service. The message lists the services.',
  ALL_EXPORT_FAILED:
    'The running Faultline did not return the export. The message holds its answer. Set FAULTLINE_TOKEN to an access token if it needs one.',
  ALL_HYGIENE_FAILED:
    'The running Faultline did not return the report on alert hygiene. The message holds its answer. Set FAULTLINE_TOKEN to an access token if it needs one.',
  ALL_DEAD_LETTERS_FAILED:
    'The running Faultline did not list or take dead letters. The message holds its answer. Set FAULTLINE_TOKEN to a token of the role admin if it needs one.',
  ALL_WHY_FAILED:
    'The running Faultline did not say why an alert was paged or not. The message holds its answer. Set FAULTLINE_TOKEN to an access token if it needs one.',
} as const;
export type AllErrorCode = keyof typeof allErrors;
