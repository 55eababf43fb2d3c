const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;
const separator = 0xff;

/**
 * The fingerprint that Prometheus and Alertmanager give a label set (`model.LabelSet.Fingerprint`): FNV-1a 64 over the sorted names and values,
 * each followed by 0xFF. 16 hex digits.
 */
export function labelsFingerprint(labels: Readonly<Record<string, string>>): string {
  let hash = offsetBasis;
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  };
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names)
    for (const text of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(text)) add(byte);
      add(separator);
    }
  return hash.toString(16).padStart(16, '0');
}
