/** The error codes of the runtime. */
export const runtimeErrors = {
  RUNTIME_CONFIG_UNREADABLE:
    'The configuration file cannot be read or is not YAML. Check its path, its permissions and the line named.',
  RUNTIME_CONFIG_INVALID:
    'The configuration has wrong or unknown keys. Each problem names its path, what was expected and what was found.',
  RUNTIME_SECRET_UNREADABLE:
    'A secret given as `{ file }` or `{ env }` cannot be read. Check the path or the variable named.',
  RUNTIME_OPEN_ADDRESS:
    'An address other than loopback is configured while no token is. Configure `auth.tokens`, or listen on 127.0.0.1.',
  RUNTIME_ADDRESS_IN_USE: 'Another process listens on the port. Stop it, or configure another port.',
  RUNTIME_ADDRESS_REFUSED:
    'The system does not let us listen on the address: no permission, or not an address of this machine.',
  RUNTIME_TLS_UNREADABLE:
    'A TLS certificate, key or authority file cannot be used. Check path, permissions, format (PEM), and that the key belongs to the certificate.',
  RUNTIME_START_FAILED:
    'A component did not start; what was started before it was stopped again. The message names it and the reason.',
  RUNTIME_STOP_FAILED:
    'One or more components did not stop cleanly, or not before the deadline. The message names each.',
  RUNTIME_UNAUTHENTICATED: 'The request has no bearer token, or one that is not known.',
  RUNTIME_FORBIDDEN: 'The token is known but its role does not allow the request.',
  RUNTIME_OTHER_SITE:
    'A web page of another site sent the request, or it names another host than loopback, while no token is configured. Configure `auth.tokens`; for browser exporters see `ingest.otlpHttp.cors`.',
  RUNTIME_NOT_FOUND: 'There is nothing at the address.',
  RUNTIME_BAD_REQUEST: 'The request cannot be read. The message says what is wrong with it.',
  RUNTIME_INTERNAL: 'A bug in Faultline. The log has the details under the same time.',
} as const;

export type RuntimeErrorCode = keyof typeof runtimeErrors;
