import { fill, type GapValues } from '../texts/fill.ts';
import type { Language } from '../texts/translate.ts';

const en = {
  title: 'Set up rooms',
  help: 'Each room is monitored by one processor, its home.',
  none: 'No room is monitored yet. Add the first one.',
  room: 'Room',
  number: 'Number',
  name: 'Name',
  'name.hint': 'never the name of a resident',
  ward: 'Ward',
  address: 'Camera',
  'address.replace': 'Another camera',
  'address.replace.go2rtc': 'rtsp://user:password@host/path; empty: the present one',
  'address.replace.plain': 'rtsp://host/path without a password; empty: the present one',
  'address.go2rtc': 'rtsp://user:password@host/path; empty: go2rtc has it already',
  'address.plain': 'rtsp://host/path without a password; empty: the stream server has it',
  stream: 'Stream of go2rtc',
  'stream.none': 'by address',
  model: 'Model',
  'model.policy': 'as the policy',
  home: 'Processor',
  'home.automatic': 'The one with the least to do',
  'home.rooms': '{home} ({rooms} rooms)',
  'table.rate': 'Rate',
  rate: 'Frames per second',
  'rate.hint': '0.01 to 30; empty: as the policy',
  add: 'Add a room',
  'add.send': 'Add the room',
  edit: 'Name and camera',
  save: 'Save',
  move: 'Move to another processor',
  'move.help': 'The present processor monitors the room until the other one sees it.',
  'move.send': 'Move the room',
  remove: 'Remove the room',
  'remove.ask': 'Remove this room …',
  'remove.consequence': 'The room is monitored by {home}. After its removal, falls in it are not reported any more.',
  'remove.incident': 'An incident in this room is still open.',
  'remove.confirm': 'Do not monitor room {id} any more',
  cancel: 'Keep the room',
  added: 'Room {id} is given to {home}.',
  'why.least_load': 'It has the least to do: {rooms} of {all} rooms before.',
  'why.only': 'It is the only processor that runs: {rooms} of {all} rooms before.',
  changed: 'Room {id} is changed.',
  moved: 'Room {id} moves from {from} to {home}.',
  removed: 'Room {id} is not monitored any more.',
  'error.stream_exists': 'A room with this number is monitored already. Use another number.',
  'error.unknown_stream': 'This room is not monitored.',
  'error.no_home': 'No processor can be given the room. Start one, or choose another.',
  'error.address_has_credentials':
    'The address contains a password, which only go2rtc may keep. Configure --go2rtc-url, or leave the password out.',
  'error.unknown_camera': 'go2rtc has no such camera. Enter its address.',
  'error.no_stream_server':
    'The console does not know where processors read the streams of go2rtc. Configure --stream-server, or use the stream that is named like the room.',
  'error.own_address':
    'The room has an address of its own instead of a stream of go2rtc. Remove the room and add it again.',
  'error.go2rtc_unreachable': 'go2rtc does not answer. Nothing was changed.',
  'error.go2rtc_refused': 'go2rtc refused the address. Nothing was changed.',
  'error.stream_unreachable': 'No frame came from the new camera. The room keeps the present one.',
  'error.timeout': 'No answer from the orchestrator. Look at the list for what came of it.',
};

const es: typeof en = {
  title: 'Configurar habitaciones',
  help: 'Cada habitación la vigila un solo procesador.',
  none: 'Todavía no se vigila ninguna habitación. Añada la primera.',
  room: 'Habitación',
  number: 'Número',
  name: 'Nombre',
  'name.hint': 'nunca el de un residente',
  ward: 'Planta',
  address: 'Cámara',
  'address.replace': 'Otra cámara',
  'address.replace.go2rtc': 'rtsp://usuario:contraseña@equipo/ruta; vacío: la actual',
  'address.replace.plain': 'rtsp://equipo/ruta sin contraseña; vacío: la actual',
  'address.go2rtc': 'rtsp://usuario:contraseña@equipo/ruta; vacío: go2rtc ya la tiene',
  'address.plain': 'rtsp://equipo/ruta sin contraseña; vacío: la tiene el servidor de vídeo',
  stream: 'Vídeo de go2rtc',
  'stream.none': 'por dirección',
  model: 'Modelo',
  'model.policy': 'según la política',
  home: 'Procesador',
  'home.automatic': 'El que tenga menos trabajo',
  'home.rooms': '{home} ({rooms} habitaciones)',
  'table.rate': 'Ritmo',
  rate: 'Imágenes por segundo',
  'rate.hint': 'de 0,01 a 30; vacío: según la política',
  add: 'Añadir una habitación',
  'add.send': 'Añadir la habitación',
  edit: 'Nombre y cámara',
  save: 'Guardar',
  move: 'Pasar a otro procesador',
  'move.help': 'El procesador actual vigila la habitación hasta que el otro la ve.',
  'move.send': 'Mover la habitación',
  remove: 'Quitar la habitación',
  'remove.ask': 'Quitar esta habitación…',
  'remove.consequence': 'La habitación la vigila {home}. Al quitarla dejan de avisarse las caídas que ocurran en ella.',
  'remove.incident': 'En esta habitación hay una incidencia abierta.',
  'remove.confirm': 'Dejar de vigilar la habitación {id}',
  cancel: 'Conservar la habitación',
  added: 'La habitación {id} queda a cargo de {home}.',
  'why.least_load': 'Es el que tiene menos trabajo: tenía {rooms} de {all} habitaciones.',
  'why.only': 'Es el único procesador en marcha: tenía {rooms} de {all} habitaciones.',
  changed: 'La habitación {id} ha cambiado.',
  moved: 'La habitación {id} pasa de {from} a {home}.',
  removed: 'La habitación {id} ya no se vigila.',
  'error.stream_exists': 'Ya se vigila una habitación con este número. Use otro.',
  'error.unknown_stream': 'Esta habitación no se vigila.',
  'error.no_home': 'Ningún procesador puede encargarse de la habitación. Ponga uno en marcha o elija otro.',
  'error.address_has_credentials':
    'La dirección contiene una contraseña, que solo go2rtc puede guardar. Configure --go2rtc-url o quite la contraseña.',
  'error.unknown_camera': 'go2rtc no tiene esa cámara. Escriba su dirección.',
  'error.no_stream_server':
    'La consola no sabe dónde leen los procesadores los vídeos de go2rtc. Configure --stream-server o use el vídeo que se llama como la habitación.',
  'error.own_address':
    'La habitación tiene una dirección propia en vez de un vídeo de go2rtc. Quítela y vuelva a añadirla.',
  'error.go2rtc_unreachable': 'go2rtc no responde. No se ha cambiado nada.',
  'error.go2rtc_refused': 'go2rtc ha rechazado la dirección. No se ha cambiado nada.',
  'error.stream_unreachable': 'De la cámara nueva no llega imagen. La habitación conserva la actual.',
  'error.timeout': 'El orquestador no responde. Mire en la lista qué ha pasado.',
};

/** Texts of the views of rooms and their cameras: they travel only with them. */
export const roomSettingsTexts: Readonly<Record<Language, typeof en>> = { en, es };
export type RoomSettingsKey = keyof typeof en;

/** A text with its gaps filled. */
export type RoomSettingsText = (key: RoomSettingsKey, values?: GapValues) => string;

export function roomSettingsText(language: Language): RoomSettingsText {
  return (key, values) => fill(roomSettingsTexts[language][key], values);
}

/** Returns whether there is a text of this name. */
export function isRoomSettingsKey(key: string): key is RoomSettingsKey {
  return Object.hasOwn(en, key);
}
