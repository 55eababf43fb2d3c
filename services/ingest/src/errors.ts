/** Everything that ingest may tell a sender or an operator: code -> what it means and what to do. */
export const ingestErrors = {
  INGEST_MALFORMED: 'The body cannot be read as what its content type says: mend the sender.',
  INGEST_INVALID: 'A field is missing or of the wrong type: the message names the field and what was expected.',
  INGEST_UNUSABLE_TIME: 'An item has no time that can be true: check the clock and the time unit of the sender.',
  INGEST_TOO_LARGE:
    'The body is over the limit, as sent or once decompressed: send smaller batches, or raise the limit.',
  INGEST_TOO_MANY:
    'The request holds more resources, scopes, alerts or JSON values than the limit: send smaller batches, or raise the limit.',
  INGEST_TOO_COSTLY:
    'The request took more processor time than the limit and was given up: send smaller batches, or raise the limit.',
  INGEST_TOO_DEEP: 'The body is nested deeper than the limit.',
  INGEST_TOO_MANY_LABELS:
    'An item has more labels or attributes than the limit: drop some at the sender, or raise the limit.',
  INGEST_CONTENT_TYPE: 'The content type is not one that this path takes: the message lists those it takes.',
  INGEST_CONTENT_ENCODING: 'The content encoding is not known: send gzip, deflate, zstd or none.',
  INGEST_NOT_FOUND: 'There is nothing at this path of the OTLP port: send to /v1/traces, /v1/metrics or /v1/logs.',
  INGEST_TENANT: 'X-Scope-OrgID is not a usable tenant name: 1 to 150 letters, digits and -_.:@ only.',
  INGEST_MAPPING:
    'The mapping of this source cannot read the body: the message says why. `npm run config -- try-mapping` tries it on a file.',
  INGEST_SIGNATURE:
    'The signature of the body is missing or wrong: set the same secret at the sender and in `ingest.signingSecrets`.',
  INGEST_UNAUTHENTICATED: 'The token is missing or not known: send Authorization: Bearer with a token of this source.',
  INGEST_FORBIDDEN: 'The token belongs to another source, or to another tenant than X-Scope-OrgID names.',
  INGEST_UNAVAILABLE: 'The log cannot take records now: nothing was accepted, send the same again.',
  INGEST_OVERLOADED: 'Too much is waiting to be written: nothing was accepted, send the same again later.',
  INGEST_INTERNAL: 'A bug in Faultline: nothing was accepted. The log line of the same time tells more.',
} as const;

export type IngestErrorCode = keyof typeof ingestErrors;
