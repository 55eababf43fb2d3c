/** What a page says that is not in its incident: who is on call, and which rule sent it here. */
export interface PageContext {
  /** Null: no escalation policy matches. */
  readonly onCall: OnCallContext | null;
  /** A rule of people that decided where the page goes. Null: none. */
  readonly rule: RuleContext | null;
}

export interface OnCallContext {
  /** How often the page was escalated. */
  readonly step: number;
  readonly people: readonly { readonly name: string; readonly contact: string }[];
  /** Those told before. */
  readonly earlier: readonly { readonly name: string }[];
  /** How long nobody had acknowledged when the people were told. */
  readonly afterMs: number;
}

export interface RuleContext {
  readonly name: string;
  readonly owner: string;
  readonly channels: readonly string[];
  readonly mode: 'instead' | 'also';
  /** Its window has ended. */
  readonly isOver: boolean;
}

export const plainContext: PageContext = { onCall: null, rule: null };
