import { type Api, ApiError } from '../live/api.ts';
import { errorText } from '../live/error-text.ts';
import { inLanguage } from './use-people-api.ts';

const refusing = (code: string): Api =>
  ({ post: () => Promise.reject(new ApiError(code, 'The console refuses.')) }) as unknown as Api;
const shownFor = (code: string, language: 'en' | 'es'): Promise<string> =>
  inLanguage(refusing(code), language)
    .post<string>('api/people/nora', {})
    .catch((error: unknown) => errorText(language, error));

describe('a refused change of an account', () => {
  test.each([
    ['groups_decide', 'sus grupos'],
    ['provider_account', 'Bloquéela'],
    ['unknown_passkey', 'ya se había eliminado'],
    ['too_many_passkeys', 'el máximo'],
  ])('%s is in the language of the page', async (code, words) => {
    expect(await shownFor(code, 'es')).toContain(words);
    expect(await shownFor(code, 'en')).not.toBe('The console refuses.');
  });

  test('keeps the console’s own sentence where the page has none', async () => {
    expect(await shownFor('something_new', 'es')).toBe('The console refuses.');
  });
});
