import { useEffect, useState } from 'preact/hooks';

const tickMs = 5000;

/** The current time, updated every five seconds. */
export function useNow(): number {
  const [nowMs, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** Whether a media query matches now. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const update = () => setMatches(media.matches);
    media.addEventListener('change', update);
    return () => media.removeEventListener('change', update);
  }, [query]);
  return matches;
}

/** The current path. Links within the console change it without reloading the page. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const show = () => {
      setPath(location.pathname);
      scrollTo(0, 0);
    };
    const follow = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest('a');
      if (!link || !isOwnPlainClick(event, link)) return;
      event.preventDefault();
      history.pushState(null, '', link.href);
      show();
    };
    addEventListener('popstate', show);
    document.addEventListener('click', follow);
    return () => {
      removeEventListener('popstate', show);
      document.removeEventListener('click', follow);
    };
  }, []);
  return path;
}

function isOwnPlainClick(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const withKeys = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
  return !withKeys && link.target === '' && link.origin === location.origin && link.hash === '';
}
