import type { Language } from '../texts/translate.ts';

const en = {
  groups_decide:
    'Name, role and wards of this account come from the provider and its groups. Change the groups of the person there, or block the account.',
  provider_account: 'This account comes from the provider and would come back at the next sign-in. Block it instead.',
  no_password: 'This account has no password that can be changed here.',
  unknown_passkey: 'This passkey was removed already. Load the page again.',
  too_many_passkeys: 'This account has as many passkeys as it can have. Remove one first.',
  no_passkeys: 'Only local accounts with a password can have passkeys.',
};

const es: typeof en = {
  groups_decide:
    'El nombre, la función y las unidades de esta cuenta los deciden el proveedor y sus grupos. Cambie allí los grupos de la persona o bloquee la cuenta.',
  provider_account:
    'Esta cuenta procede del proveedor y volvería a aparecer en el próximo inicio de sesión. Bloquéela en su lugar.',
  no_password: 'Esta cuenta no tiene contraseña que se pueda cambiar aquí.',
  unknown_passkey: 'Esta llave de acceso ya se había eliminado. Cargue la página de nuevo.',
  too_many_passkeys: 'Esta cuenta ya tiene el máximo de llaves de acceso. Elimine una antes.',
  no_passkeys: 'Solo las cuentas locales con contraseña pueden tener llaves de acceso.',
};

/** Why the console refuses a change of an account, by the code of its answer; they travel only with the views of accounts. */
export const refusalTexts: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, es };
