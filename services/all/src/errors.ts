/** Error codes of the process as a whole. */
export const allErrors = {
  ALL_UNKNOWN_SERVICE: '`--only` names a service that does not exist. The message lists those that do.',
} as const;
