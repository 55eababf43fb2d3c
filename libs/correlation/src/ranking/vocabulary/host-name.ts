/** Whether a name is a public host name: somebody else's service, of which nobody here can say why it is slow. Cluster names end otherwise. */
export function isExternal(name: string): boolean {
  return /\.[a-z]{2,}(?::\d+)?$/i.test(name) && !/\.(?:svc|local|internal|cluster|lan|home|corp)(?::\d+)?$/i.test(name);
}
