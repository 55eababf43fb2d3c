/** The name that a person signs with. The browser keeps it. */
const nameKey = 'faultline-name';

/** Empty: the person gave none. */
export function personName(): string {
  return typeof localStorage === 'undefined' ? '' : (localStorage.getItem(nameKey) ?? '');
}

export function keepPersonName(name: string): void {
  localStorage.setItem(nameKey, name.trim());
}
