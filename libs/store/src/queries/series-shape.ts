/** How values of a series are read: sql/0020_metric_windows.sql has the shapes. */

export const isCumulative = "Shape IN ('counter', 'distribution')";

/** Sorts as the point does by its time and then its value; tuples themselves are compared a hundred times as slowly. */
export function sortable(point: string): string {
  const bits = `reinterpretAsUInt64(${point}.2)`;
  const ordered = `bitXor(${bits}, if(${bits} >= 9223372036854775808, 18446744073709551615, 9223372036854775808))`;
  return `bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(${point}.1)), 64), toUInt128(${ordered}))`;
}
