/** An error of a test server. The message says what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

/** A program is missing on this machine. The message says how to get it. */
export function missingTool(program: string): ServerError {
  return new ServerError(
    `\`${program}\` was not found. The distributed tests start a real Kafka, schema registry and ClickHouse server, and need:\n` +
      '  - a JDK, 17 or newer (java)\n  - Maven, 3.8 or newer (mvn)\n  - Go, 1.26 or newer (go)\n  - Python 3.9 or newer with pip (python3 -m pip)\n  - apt-get and dpkg-deb of Debian 12 or Ubuntu 24.04, or newer (for Prometheus)\n' +
      'On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless maven python3 python3-pip. On macOS: brew install openjdk maven python.\n' +
      'Everything else is fetched by them. `npm test` needs none of it.',
  );
}
