import { useEffect } from 'preact/hooks';

/**
 * Keeps the place of keyboards and screen readers: when the focused element is taken out of the page, its nearest ancestor that is
 * still there gets the focus. Otherwise the browser starts again at the top of the page after every action.
 */
export function useRestoredFocus(): void {
  useEffect(() => {
    let path: readonly Element[] = [];
    const remember = (event: FocusEvent): void => {
      path = event.composedPath().filter((one) => one instanceof Element);
    };
    const keep = (): void => {
      const [focused] = path;
      if (focused === undefined || focused.isConnected || document.activeElement !== document.body) return;
      const place = path.find((one) => one.isConnected && one.matches('fieldset, section, article, main, form'));
      focusOn(place ?? document.getElementById('content'));
    };
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', remember);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', remember);
    };
  }, []);
}

function focusOn(place: Element | null): void {
  if (!(place instanceof HTMLElement)) return;
  if (!place.hasAttribute('tabindex')) {
    place.tabIndex = -1;
  }
  place.focus({ preventScroll: true });
}
