import type { Language } from '../config/alerts-schema.ts';

/** Names of entities in Home Assistant. */
const en = {
  fall: 'Fall',
  occupancy: 'Person',
  unwatched: 'Not watched',
  cause: 'Cause of no picture',
  dark: 'The picture is too dark to see by. Switch the infrared light of the camera on, or add a lamp.',
  covered: 'Something covers the camera. Remove it, or clean the lens.',
  drill: 'Drill',
  picture: 'Sketch of the fall',
  acknowledge: 'Acknowledge',
  helped: 'Close: helped',
  false_alarm: 'Close: false alarm',
  no_help_needed: 'Close: no help needed',
  start_drill: 'Start a drill',
  events: 'Events',
  room: 'Room',
  running: 'Running',
  trouble: 'Trouble',
} as const;

const es: Readonly<Record<keyof typeof en, string>> = {
  fall: 'Caída',
  occupancy: 'Persona',
  unwatched: 'Sin vigilancia',
  cause: 'Causa de la falta de imagen',
  dark: 'La imagen está demasiado oscura. Encienda la luz infrarroja de la cámara o ponga una lámpara.',
  covered: 'Algo tapa la cámara. Retírelo o limpie el objetivo.',
  drill: 'Simulacro',
  picture: 'Esquema de la caída',
  acknowledge: 'Confirmar',
  helped: 'Cerrar: atendida',
  false_alarm: 'Cerrar: falsa alarma',
  no_help_needed: 'Cerrar: no hacía falta ayuda',
  start_drill: 'Iniciar un simulacro',
  events: 'Sucesos',
  room: 'Habitación',
  running: 'En marcha',
  trouble: 'Avería',
};

export const labels: Readonly<Record<Language, Readonly<Record<keyof typeof en, string>>>> = { en, es };
