import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage } from './context.ts';
import type { Leaving } from './unsaved-work.ts';

/** Asks before the view is left with unsaved work; nothing is lost either way. */
export function LeaveQuestion({ leaving }: { readonly leaving: Leaving }): JSX.Element | null {
  const { t } = usePage();
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (leaving.isAsked) {
      question.current?.querySelector('button')?.focus();
    }
  }, [leaving.isAsked]);
  if (!leaving.isAsked) return null;
  return (
    <div class="confirm leave-question" ref={question} role="alert">
      <p>{t('leave.question')}</p>
      <button type="button" class="main" onClick={leaving.stay}>
        {t('leave.stay')}
      </button>
      <button type="button" class="plain" onClick={leaving.leave}>
        {t('leave.leave')}
      </button>
    </div>
  );
}
