import { commandForms } from '../../server/command-forms.ts';
import type { PageContext } from '../parts/context.ts';
import { sendForm, shownFields } from './send-form.ts';

const form = commandForms().find(({ name }) => name === 'remove_room');
if (form === undefined) throw new Error('The form of remove_room is missing.');

/** What is sent to the orchestrator for room 3. */
async function sent(isConfirmed = false): Promise<unknown> {
  const params: unknown[] = [];
  const api = {
    toOrchestrator: (_name: string, given: unknown) => {
      params.push(given);
      return Promise.resolve({ commandId: '1', complete: true, answers: [] });
    },
  };
  const page = { t: (key: string) => key, language: 'en', settings: { name: '' }, api } as unknown as PageContext;
  await sendForm(page, { form: form as never, entered: { source_id: '3' }, target: '', isConfirmed });
  return params[0];
}

describe('a command that needs a confirmation', () => {
  it('is sent with it once the person was asked, and without it before', async () => {
    expect(await sent()).toEqual({ source_id: 3 });
    expect(await sent(true)).toEqual({ source_id: 3, confirmed: true });
  });

  it('has no field for it, nor for the sender', () => {
    expect(shownFields(form).map(({ name }) => name)).toEqual(['source_id']);
  });
});
