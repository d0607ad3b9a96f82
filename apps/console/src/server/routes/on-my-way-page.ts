import type { OnMyWayAnswer } from '@vigilia/protocol';

export const onMyWayLanguages = ['en', 'es'] as const;
type OnMyWayLanguage = (typeof onMyWayLanguages)[number];

type Result = OnMyWayAnswer['result'];

interface Words {
  readonly title: string;
  readonly question: string;
  readonly button: string;
  readonly room: (id: number, name: string | undefined) => string;
  /** More attempts than a person makes. */
  readonly limited: readonly [heading: string, text: string];
  readonly results: Readonly<Record<Result, readonly [heading: string, text: string]>>;
  readonly toPage: string;
}

const words: Readonly<Record<OnMyWayLanguage, Words>> = {
  en: {
    title: 'Vigilia: on my way',
    question: 'Confirm that you are going to the room now. The other people who were notified can see it.',
    button: 'I am on my way',
    room: (id, name) => (name === undefined ? `Room ${id}` : `${name} (room ${id})`),
    limited: ['Too many attempts', 'Nothing was acknowledged. Go to the room, and try again in one minute.'],
    results: {
      acknowledged: ['You are on the way', 'The alarm is acknowledged.'],
      used: ['Already confirmed', 'This link has been used before. The alarm was acknowledged then.'],
      expired: ['The link has expired', 'Links work for one hour. Open the page of the room, or use a newer message.'],
      over: ['The incident is closed', 'It does not need to be acknowledged any more.'],
      invalid: ['The link is not valid', 'Open the link in the message again, or copy it as a whole.'],
      failed: [
        'Not acknowledged',
        'The monitoring system did not answer. Go to the room, and try again with the same link.',
      ],
    },
    toPage: 'Open the monitoring page',
  },
  es: {
    title: 'Vigilia: voy en camino',
    question: 'Confirme que va ahora a la habitación. Las demás personas avisadas lo verán.',
    button: 'Voy en camino',
    room: (id, name) => (name === undefined ? `Habitación ${id}` : `${name} (habitación ${id})`),
    limited: [
      'Demasiados intentos',
      'No se ha confirmado nada. Vaya a la habitación e inténtelo de nuevo en un minuto.',
    ],
    results: {
      acknowledged: ['Va usted en camino', 'La alarma queda confirmada.'],
      used: ['Ya estaba confirmado', 'Este enlace ya se ha usado. La alarma se confirmó entonces.'],
      expired: [
        'El enlace ha caducado',
        'Los enlaces funcionan durante una hora. Abra la página de la habitación o use un mensaje más reciente.',
      ],
      over: ['La incidencia está cerrada', 'Ya no hay nada que confirmar.'],
      invalid: ['El enlace no es válido', 'Vuelva a abrir el enlace del mensaje o cópielo entero.'],
      failed: [
        'Sin confirmar',
        'El sistema de vigilancia no ha respondido. Vaya a la habitación e inténtelo de nuevo con el mismo enlace.',
      ],
    },
    toPage: 'Abrir la página de vigilancia',
  },
};

export interface OnMyWayPage {
  readonly language: OnMyWayLanguage;
  /** Of the style sheet, for the content security policy. */
  readonly nonce: string;
}

/** Returns the page with the one button: opening a link, as mail scanners do, changes nothing. */
export function confirmPage({ language, nonce }: OnMyWayPage, token: string): string {
  const { title, question, button } = words[language];
  const fields = [hidden('token', token), hidden('lang', language)].join('');
  const form = `<form method="post" action="on-my-way">${fields}<button>${escaped(button)}</button></form>`;
  return page({ language, nonce }, title, `<h1>${escaped(button)}</h1><p>${escaped(question)}</p>${form}`);
}

/** Returns the page that shows what became of the link. */
export function resultPage({ language, nonce }: OnMyWayPage, answer: Omit<OnMyWayAnswer, 'request_id'>): string {
  const { title, room, results, toPage } = words[language];
  const [heading, text] = results[answer.result];
  const where =
    answer.source_id === undefined ? '' : `<p><b>${escaped(room(answer.source_id, answer.room_name))}</b></p>`;
  const target = answer.source_id === undefined ? './' : `./#/rooms/${answer.source_id}`;
  const link = `<p><a href="${target}">${escaped(toPage)}</a></p>`;
  return page(
    { language, nonce },
    title,
    `<h1>${escaped(heading)}</h1>${where}<p role="status">${escaped(text)}</p>${link}`,
  );
}

/** Returns the page about a request that was not read, in both languages: that of the person is not known. */
export function troublePage(nonce: string, trouble: 'limited' | 'invalid' | 'failed'): string {
  const parts = onMyWayLanguages.map((language) => {
    const { limited, results, toPage } = words[language];
    const [heading, text] = trouble === 'limited' ? limited : results[trouble];
    const link = `<p><a href="./">${escaped(toPage)}</a></p>`;
    return `<section lang="${language}"><h1>${escaped(heading)}</h1><p role="status">${escaped(text)}</p>${link}</section>`;
  });
  return page({ language: 'en', nonce }, words.en.title, parts.join(''));
}

const style = `
body{font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:10vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}
button{font:inherit;font-weight:600;width:100%;min-height:3.5rem;border:0;border-radius:.5rem;color:#fff;background:#0b5a2a}
button:focus-visible,a:focus-visible{outline:3px solid #0a58ca;outline-offset:2px}
a{color:#0a4fb3}
@media(prefers-color-scheme:dark){body{color:#f2f2f2;background:#16181b}button{background:#1f7a42}a{color:#9cc2ff}}
`;

function page({ language, nonce }: OnMyWayPage, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${escaped(title)}</title><style nonce="${nonce}">${style}</style></head><body><main>${body}</main></body></html>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escaped(value)}">`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
