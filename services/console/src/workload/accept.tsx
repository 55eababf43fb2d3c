import { useState } from 'preact/hooks';
import { acceptDrift } from '../api/client.ts';
import { keepPersonName, personName } from '../part/person.ts';
import { acceptanceDays, dateAfter, endOfDay } from './acceptance.ts';
import { workloadWords } from './words.ts';

/** What the form sends. Rejects with an error whose message is shown to the person. */
export type Accept = (id: string, acceptance: Parameters<typeof acceptDrift>[1]) => Promise<unknown>;

export interface AcceptDriftProps {
  readonly driftId: string;
  readonly nowMs: number;
  /** Default: the API. */
  readonly accept?: Accept;
}

/** Accepts a difference until a day, with a reason. The list shows it as accepted as soon as it is read again. */
export function AcceptDrift({ driftId, nowMs, accept = acceptDrift }: AcceptDriftProps) {
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  const send = async (fields: AcceptFields) => {
    try {
      keepPersonName(fields.actor);
      await accept(driftId, { reason: fields.reason, until: endOfDay(fields.until), actor: fields.actor });
      setAsking(false);
      setOutcome({ failed: false, text: workloadWords.acceptSent });
    } catch (error) {
      setOutcome({ failed: true, text: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <div class="accept">
      <button type="button" aria-expanded={isAsking} onClick={() => setAsking(!isAsking)}>
        {workloadWords.acceptDialog}
      </button>
      {isAsking && <AcceptForm nowMs={nowMs} onSend={send} onCancel={() => setAsking(false)} />}
      <p role="status" class={outcome?.failed ? 'problem' : 'quiet'}>
        {outcome?.text ?? ''}
      </p>
    </div>
  );
}

export interface AcceptFields {
  readonly reason: string;
  /** `2026-04-01` */
  readonly until: string;
  readonly actor: string;
}

export interface AcceptFormProps {
  readonly nowMs: number;
  readonly onSend: (fields: AcceptFields) => Promise<void>;
  readonly onCancel: () => void;
}

export function AcceptForm({ nowMs, onSend, onCancel }: AcceptFormProps) {
  const [fields, setFields] = useState<AcceptFields>({
    reason: '',
    until: dateAfter(nowMs, acceptanceDays.usual),
    actor: personName(),
  });
  const [isBusy, setBusy] = useState(false);
  const set = (changed: Partial<AcceptFields>) => setFields({ ...fields, ...changed });
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    await onSend({ ...fields, reason: fields.reason.trim() });
    setBusy(false);
  };
  return (
    <form
      class="ask accept-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <label>
        {workloadWords.acceptReason}
        <input
          name="reason"
          value={fields.reason}
          required
          maxLength={2000}
          ref={focusWhenShown}
          onInput={(event) => set({ reason: event.currentTarget.value })}
        />
      </label>
      <label>
        {workloadWords.acceptUntil}
        <input
          name="until"
          type="date"
          value={fields.until}
          required
          min={dateAfter(nowMs, acceptanceDays.least)}
          max={dateAfter(nowMs, acceptanceDays.most)}
          onInput={(event) => set({ until: event.currentTarget.value })}
        />
      </label>
      <label>
        {workloadWords.acceptName}
        <input
          name="actor"
          value={fields.actor}
          maxLength={60}
          autocomplete="nickname"
          onInput={(event) => set({ actor: event.currentTarget.value })}
        />
      </label>
      <button type="submit" class="primary" disabled={isBusy || fields.reason.trim() === '' || fields.until === ''}>
        {workloadWords.accept}
      </button>
    </form>
  );
}

/** A person who opens the form types next. A named function keeps its identity, so it runs once. */
function focusWhenShown(field: HTMLInputElement | null): void {
  field?.focus();
}
