import type { Language } from '../texts/translate.ts';

const en = {
  or: 'Other ways to sign in',
  with: 'Sign in with {name}',
  down: '{name} does not answer at the moment. Sign in with a local account.',
  passkey: 'Sign in with a passkey',
  cancelled: 'No passkey was used. Try again, or use the password.',
  wrong_passkey: 'This passkey is not valid here. Try again, or use the password.',
  oidc_unavailable: 'The provider does not answer at the moment. Try again, or sign in with a local account.',
  oidc_denied: 'The sign-in was cancelled.',
  oidc_failed: 'The sign-in could not be checked. Try again. If it fails again, ask the technician.',
  oidc_expired: 'This sign-in has expired or was used already. Start again.',
  oidc_no_group: 'You belong to no group that may use Vigilia. Ask the person who manages the accounts.',
  oidc_blocked: 'Your account is blocked. Ask the person who manages the accounts.',
};

const es: typeof en = {
  or: 'Otras formas de iniciar sesión',
  with: 'Iniciar sesión con {name}',
  down: '{name} no responde en este momento. Inicie sesión con una cuenta local.',
  passkey: 'Iniciar sesión con una llave de acceso',
  cancelled: 'No se ha usado ninguna llave de acceso. Inténtelo de nuevo o use la contraseña.',
  wrong_passkey: 'Esta llave de acceso no es válida aquí. Inténtelo de nuevo o use la contraseña.',
  oidc_unavailable:
    'El proveedor no responde en este momento. Inténtelo de nuevo o inicie sesión con una cuenta local.',
  oidc_denied: 'Se ha cancelado el inicio de sesión.',
  oidc_failed: 'No se ha podido comprobar el inicio de sesión. Inténtelo de nuevo y, si persiste, avise al técnico.',
  oidc_expired: 'Este inicio de sesión ha caducado o ya se ha usado. Empiece de nuevo.',
  oidc_no_group: 'No pertenece a ningún grupo que pueda usar Vigilia. Consulte a quien gestiona las cuentas.',
  oidc_blocked: 'Su cuenta está bloqueada. Consulte a quien gestiona las cuentas.',
};

/** Texts of the other ways to sign in: they travel only with them. */
export const otherWaysTexts: Readonly<Record<Language, typeof en>> = { en, es };
