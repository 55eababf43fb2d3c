import { useState } from 'preact/hooks';
import { setToken } from '../api/client.ts';
import type { Connection } from '../api/watch.ts';
import { dayTime, duration } from './format.ts';

const words = { connecting: 'Connecting', live: 'Live', lost: 'Disconnected', refused: 'Not signed in' } as const;

/** The feed's state, always in sight. */
export function ConnectionMark({ connection }: { readonly connection: Connection }) {
  return (
    <span class={`connection connection-${connection.state}`} role="status">
      <span aria-hidden="true" class="connection-dot" /> {words[connection.state]}
    </span>
  );
}

interface BannerProps {
  readonly connection: Connection;
  readonly nowMs: number;
  readonly onToken: () => void;
}

/** Says plainly when what is on the screen may be old, or when nobody is signed in. */
export function ConnectionBanner({ connection, nowMs, onToken }: BannerProps) {
  if (connection.state === 'lost')
    return (
      <div class="banner" role="alert">
        <b>Disconnected{lostFor(connection.sinceMs, nowMs)}.</b> What you see is from{' '}
        {dayTime(new Date(connection.sinceMs).toISOString())} and may be out of date. Trying again.
      </div>
    );
  if (connection.state === 'refused') return <SignIn message={connection.message} onToken={onToken} />;
  return null;
}

function lostFor(sinceMs: number, nowMs: number): string {
  const text = duration(nowMs - sinceMs);
  return text === '' ? '' : ` for ${text}`;
}

function SignIn({ message, onToken }: { readonly message: string; readonly onToken: () => void }) {
  const [token, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    setToken(token.trim());
    onToken();
  };
  return (
    <form class="banner ask" aria-label="Sign in" onSubmit={submit}>
      <label>
        Admin token ({message})
        <input
          type="password"
          autocomplete="current-password"
          value={token}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={token.trim() === ''}>
        Sign in
      </button>
    </form>
  );
}
