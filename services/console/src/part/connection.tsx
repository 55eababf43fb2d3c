import { useState } from 'preact/hooks';
import { signIn } from '../api/client.ts';
import type { Connection } from '../api/watch.ts';
import { connectionWords, words } from '../words.ts';
import { dayTime, duration } from './format.ts';

/** The state of the feed, always visible. */
export function ConnectionMark({ connection }: { readonly connection: Connection }) {
  return (
    <span class={`connection connection-${connection.state}`} role="status">
      <span aria-hidden="true" class="connection-dot" /> {connectionWords[connection.state]}
    </span>
  );
}

interface BannerProps {
  readonly connection: Connection;
  readonly nowMs: number;
  readonly onSignedIn: () => void;
}

/** Shown while the page may be out of date, or while nobody is signed in. */
export function ConnectionBanner({ connection, nowMs, onSignedIn }: BannerProps) {
  if (connection.state === 'lost')
    return (
      <div class="banner" role="alert">
        <b>{words.disconnected(duration(nowMs - connection.sinceMs))}</b>{' '}
        {words.outdated(dayTime(new Date(connection.sinceMs).toISOString()))}
      </div>
    );
  if (connection.state === 'refused') return <SignIn message={connection.message} onSignedIn={onSignedIn} />;
  return null;
}

function SignIn({ message, onSignedIn }: { readonly message: string; readonly onSignedIn: () => void }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await signIn(token.trim());
      onSignedIn();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form class="banner" aria-label={words.signIn} onSubmit={(event) => void submit(event)}>
      <p>{message}</p>
      <div class="ask">
        <label>
          {words.token}
          <input
            type="password"
            autocomplete="current-password"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={token.trim() === ''}>
          {words.signIn}
        </button>
      </div>
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
    </form>
  );
}
