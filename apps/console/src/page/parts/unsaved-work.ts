import { useEffect, useState } from 'preact/hooks';
import { guardAddress, pageAddress } from './guarded-address.ts';

/** The place that the person wanted to go to. */
let wanted: string | undefined;
let ask: (() => void) | undefined;

function heldBack(): void {
  if (ask === undefined || location.hash === pageAddress()) return;
  wanted = location.hash;
  history.replaceState(null, '', pageAddress());
  ask();
}

export interface Leaving {
  /** The person wants to leave: the view asks. */
  readonly isAsked: boolean;
  readonly stay: () => void;
  readonly leave: () => void;
}

/**
 * Holds the view while its work is not saved: another address opens after a question, and the browser asks before it closes the page.
 * @param isUnsaved whether there is something to lose
 */
export function useLeaveQuestion(isUnsaved: boolean): Leaving {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (!isUnsaved) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    guardAddress(location.hash);
    ask = () => setAsked(true);
    window.addEventListener('hashchange', heldBack);
    window.addEventListener('beforeunload', warn);
    return () => {
      guardAddress(undefined);
      ask = undefined;
      window.removeEventListener('hashchange', heldBack);
      window.removeEventListener('beforeunload', warn);
      setAsked(false);
    };
  }, [isUnsaved]);
  const leave = (): void => {
    guardAddress(undefined);
    ask = undefined;
    location.hash = wanted ?? '#/rooms';
  };
  return { isAsked, stay: () => setAsked(false), leave };
}

/** Work that is kept in this tab, also when the page is loaded again. Undefined: there is none. */
export function keptWork<Work>(key: string): Work | undefined {
  try {
    const text = sessionStorage.getItem(`vigilia-work-${key}`);
    return text === null ? undefined : (JSON.parse(text) as Work);
  } catch {
    return undefined;
  }
}

/** @param work undefined: saved or discarded */
export function keepWork(key: string, work: unknown): void {
  try {
    if (work === undefined) {
      sessionStorage.removeItem(`vigilia-work-${key}`);
    } else {
      sessionStorage.setItem(`vigilia-work-${key}`, JSON.stringify(work));
    }
  } catch {
    // a browser that keeps nothing for the page loses the work when the page is closed
  }
}
