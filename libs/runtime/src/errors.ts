/** The error codes of the runtime. */
export const runtimeErrors = {
  RUNTIME_CONFIG_UNREADABLE:
    'The configuration file cannot be read, or is not YAML. Check its path, its permissions and the line that the message names.',
  RUNTIME_CONFIG_INVALID:
    'The configuration has invalid or unknown keys. The message lists each with its path, what was expected and what was found.',
  RUNTIME_SECRET_UNREADABLE:
    'A secret given as `{ file }` or `{ env }` cannot be read. Check the path or variable that the message names.',
  RUNTIME_OPEN_ADDRESS:
    'A non-loopback address is configured, but no token is. Configure `auth.tokens`, or listen on 127.0.0.1.',
  RUNTIME_ADDRESS_IN_USE: 'Another process uses the port. Stop that process, or configure another port.',
  RUNTIME_ADDRESS_REFUSED:
    'The operating system refuses to listen on the address: the permission is missing, or it is not an address of this machine.',
  RUNTIME_TLS_UNREADABLE:
    'A TLS certificate, key or CA file cannot be used. Check its path, permissions and format (PEM), and that the key belongs to the certificate.',
  RUNTIME_START_FAILED:
    'A component did not start, so those started before it were stopped again. The message names the component and the reason.',
  RUNTIME_STOP_FAILED:
    'One or more components did not stop cleanly, or not before the deadline. The message names each.',
  RUNTIME_UNAUTHENTICATED: 'The request has no bearer token, or an unknown one. Send a configured token.',
  RUNTIME_FORBIDDEN:
    'The role of the token does not allow the request. Use a token with the role that the message names.',
  RUNTIME_OTHER_SITE:
    'While no token is configured, a web page of another site sent the request, or its Host header is not a loopback name. Configure `auth.tokens`. For browser exporters see `ingest.otlpHttp.cors`.',
  RUNTIME_NOT_FOUND: 'Nothing exists at this URL. Check the method and the path.',
  RUNTIME_BAD_REQUEST: 'The request is malformed. The message says what is wrong.',
  RUNTIME_INTERNAL: 'A bug in Faultline. The log has the details at the same time.',
} as const;

export type RuntimeErrorCode = keyof typeof runtimeErrors;
