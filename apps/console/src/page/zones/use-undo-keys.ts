import { useEffect } from 'preact/hooks';

/**
 * Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y, wherever the focus is: the button that had it may be disabled by the step it took. In a text field they are
 * the browser's.
 */
export function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      const isShortcut = (event.ctrlKey || event.metaKey) && (key === 'z' || key === 'y');
      if (!isShortcut || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) {
        redo();
      } else {
        undo();
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}
