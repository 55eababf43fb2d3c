/** How the values of a series are read; sql/0020_metric_windows.sql lists the shapes. */

export const isCumulative = "Shape IN ('counter', 'distribution')";

/** Sorts like the tuple: by time, then by value. Comparing tuples themselves is a hundred times slower. */
export function sortable(point: string): string {
  const bits = `reinterpretAsUInt64(${point}.2)`;
  const ordered = `bitXor(${bits}, if(${bits} >= 9223372036854775808, 18446744073709551615, 9223372036854775808))`;
  return `bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(${point}.1)), 64), toUInt128(${ordered}))`;
}
