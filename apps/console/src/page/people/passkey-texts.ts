import type { Language } from '../texts/translate.ts';

const en = {
  title: 'Passkeys',
  help: 'Sign in with the fingerprint, the face or the PIN of this device instead of a password.',
  none: 'No passkeys.',
  entry: '{name}, added {added}, last used {used}',
  never: 'never',
  name: 'Name of the passkey',
  nameExample: 'Phone of Ana',
  current: 'Present password',
  add: 'Add a passkey',
  added: 'The passkey is added.',
  remove: 'Remove',
  cancelled: 'No passkey was added: the question was cancelled, or this device has none to offer.',
  known: 'This device already has a passkey for this account.',
  unsupported: 'This browser has no passkeys.',
  no_page_url: 'Passkeys are not set up: the console does not know the address of this page (--page-url).',
  not_https: 'Passkeys need https. Ask the technician.',
  no_host_name: 'Passkeys need a name in the address of this page, not a number. Ask the technician.',
};

const es: typeof en = {
  title: 'Llaves de acceso',
  help: 'Inicie sesión con la huella, la cara o el PIN de este dispositivo en lugar de la contraseña.',
  none: 'No hay llaves de acceso.',
  entry: '{name}, añadida {added}, último uso {used}',
  never: 'nunca',
  name: 'Nombre de la llave de acceso',
  nameExample: 'Móvil de Ana',
  current: 'Contraseña actual',
  add: 'Añadir una llave de acceso',
  added: 'La llave de acceso se ha añadido.',
  remove: 'Eliminar',
  cancelled: 'No se ha añadido ninguna llave: se ha cancelado la pregunta o este dispositivo no tiene ninguna.',
  known: 'Este dispositivo ya tiene una llave de acceso para esta cuenta.',
  unsupported: 'Este navegador no admite llaves de acceso.',
  no_page_url: 'No hay llaves de acceso: la consola no conoce la dirección de esta página (--page-url).',
  not_https: 'Las llaves de acceso necesitan https. Avise al técnico.',
  no_host_name:
    'Las llaves de acceso necesitan un nombre en la dirección de esta página, no un número. Avise al técnico.',
};

/** Texts of the passkeys of an account: they travel only with them. */
export const passkeyTexts: Readonly<Record<Language, typeof en>> = { en, es };
