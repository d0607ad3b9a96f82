/** Texts of notifications that the page's service worker makes itself. No module of the page is imported here: the worker is one file. */
const texts = {
  en: {
    on_my_way: 'I am on my way',
    confirmed: 'You are on the way',
    confirmed_body: 'Everyone sees it. Tap to open the room.',
    signed_out: 'Not confirmed: sign in first. Tap to open the page.',
    not_allowed: 'Not confirmed: this account may not confirm alarms. Tap to open the room.',
    refused: 'Not confirmed: the incident is closed, or another person is already on the way. Tap to open the room.',
    unanswered: 'Not confirmed: the system did not answer. Try again, or tap to open the room.',
    unreachable: 'Not confirmed: no connection to Vigilia. Check Wi-Fi and try again.',
    unreadable: 'Open Vigilia',
    unreadable_body: 'A message arrived that this device cannot read. Tap to see the rooms.',
  },
  es: {
    on_my_way: 'Voy en camino',
    confirmed: 'Va usted en camino',
    confirmed_body: 'Los demás lo ven. Toque para abrir la habitación.',
    signed_out: 'Sin confirmar: primero inicie sesión. Toque para abrir la página.',
    not_allowed: 'Sin confirmar: esta cuenta no puede confirmar alarmas. Toque para abrir la habitación.',
    refused:
      'Sin confirmar: la incidencia está cerrada u otra persona ya va en camino. Toque para abrir la habitación.',
    unanswered: 'Sin confirmar: el sistema no respondió. Inténtelo de nuevo o toque para abrir la habitación.',
    unreachable: 'Sin confirmar: no hay conexión con Vigilia. Compruebe el wifi e inténtelo de nuevo.',
    unreadable: 'Abra Vigilia',
    unreadable_body: 'Llegó un mensaje que este dispositivo no puede leer. Toque para ver las habitaciones.',
  },
} as const;

type WorkerLanguage = keyof typeof texts;
export type WorkerText = keyof (typeof texts)['en'];

export function workerText(language: WorkerLanguage, key: WorkerText): string {
  return texts[language][key];
}
