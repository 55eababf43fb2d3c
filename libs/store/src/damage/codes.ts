/** ClickHouse's error numbers (src/Common/ErrorCodes.cpp) for files that cannot be read back. */
export const damageCodes: ReadonlySet<number> = new Set([
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  40, // CHECKSUM_DOESNT_MATCH
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  107, // FILE_DOESNT_EXIST
  226, // NO_FILE_IN_DATA_PART
  228, // BAD_SIZE_OF_FILE_IN_DATA_PART
  246, // CORRUPTED_DATA
  271, // CANNOT_DECOMPRESS
  432, // UNKNOWN_CODEC
]);

/**
 * TOO_MANY_PARTS. Merges fail on a damaged part that nobody queries, so that parts pile up until inserts are refused.
 */
export const tooManyParts = 252;

/** STD_EXCEPTION. Among others, a file whose size cannot be read because its folder is gone. */
export const standardException = 1001;
