import { useEffect, useState } from 'preact/hooks';
import type { SystemView } from '../../shared/system-view.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';

const askEveryMs = 5000;

/** The system as last read, and why it could not be read again. */
export function useSystem(): { readonly view: SystemView | undefined; readonly trouble: string } {
  const { api, language } = usePage();
  const [view, setView] = useState<SystemView>();
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const ask = async (): Promise<void> => {
      try {
        const next = await api.get<SystemView>('api/system');
        if (ended) return;
        setView(next);
        setTrouble('');
      } catch (error) {
        if (ended) return;
        setTrouble(errorText(language, error));
      }
      timer = setTimeout(() => void ask(), askEveryMs);
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [api, language]);
  return { view, trouble };
}
