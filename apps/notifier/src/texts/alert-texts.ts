import type { AlertKind, Language } from '../config/alerts-schema.ts';

/** The sentences of messages; `{room}`, `{processor}`, `{time}`, `{by}`, `{minutes}` and `{target}` are filled in. */
export interface AlertTexts {
  readonly room: string;
  readonly namedRoom: string;
  readonly somebody: string;
  readonly raised: Readonly<Record<AlertKind, readonly [title: string, text: string]>>;
  /** A camera that works, but shows nothing. */
  readonly seenPoorly: Readonly<Record<'dark' | 'covered', readonly [title: string, text: string]>>;
  /** A refused fall report that names no room. */
  readonly refusedWithoutRoom: readonly [title: string, text: string];
  /** A refused fall report has no end. */
  readonly closed: Readonly<Record<Exclude<AlertKind, 'fall_refused'>, readonly [title: string, text: string]>>;
  readonly escalated: readonly [title: string, text: string];
  /** In place of the text of an alarm: no person has acknowledged it, and the person is up; `{at}`: since when. */
  readonly upUnanswered: string;
  /** Acknowledged, and the person has not been seen up since. */
  readonly returned: readonly [title: string, text: string];
  /** The picture of a fall follows its alarm. */
  readonly replay: readonly [title: string, text: string];
  /** What the picture shows. */
  readonly replayPicture: string;
  readonly acknowledged: readonly [title: string, text: string];
  readonly recovered: readonly [title: string, text: string];
  readonly reopened: readonly [title: string, text: string];
  readonly outcomes: Readonly<Record<string, string>>;
  readonly closedBy: string;
  /** Where the system has closed it. */
  readonly acknowledgedBy: string;
  /** Drills have no person on the floor. */
  readonly drillUnanswered: string;
  readonly drillReturned: readonly [title: string, text: string];
  /** How long a person has been on the floor; `{duration}` is one of the two below it. */
  readonly duration: string;
  readonly underAMinute: string;
  readonly someMinutes: string;
  readonly notified: string;
  /** In front of the link to the room, and of the link to acknowledge. */
  readonly roomLink: string;
  readonly onMyWay: string;
  readonly drill: string;
  readonly test: readonly [title: string, text: string];
}

const en: AlertTexts = {
  room: 'room {id}',
  namedRoom: '{name} (room {id})',
  somebody: 'somebody',
  raised: {
    fall: ['Fall: {room}', 'A person has been on the floor since {time}. Nobody is on the way yet.'],
    fall_refused: [
      'Fall report without an incident: {room}',
      'A fall was reported at {time}, but no incident was opened because no processor monitors this room. Check the room now. Then add it to a processor or correct the sensor.',
    ],
    drill: ['Fall: {room}', 'This is a drill, begun at {time}. Acknowledge it as if it were real.'],
    unwatched: [
      'Not watched: {room}',
      'No processor has looked at the room since {time}. A fall there would not be seen.',
    ],
    blind: ['Camera without a picture: {room}', 'No picture since {time}. A fall there would not be seen.'],
    processor_offline: [
      'Processor offline: {processor}',
      'Not heard of since {time}. Others take its rooms where they can.',
    ],
    orchestrator_offline: [
      'Orchestrator offline',
      'Not heard of since {time}. Falls are still reported, but rooms are not moved and nothing can be acknowledged.',
    ],
    broker_lost: [
      'No connection to Vigilia',
      'No connection to the broker since {time}. Falls cannot be reported at the moment.',
    ],
    target_offline: [
      'No connection to the nurse-call system: {processor}',
      'The nurse-call system has not answered since {time}, so it cannot report falls. Make sure that staff watch another device, then check the system and its cable.',
    ],
  },
  seenPoorly: {
    dark: [
      'Camera without a picture: {room}',
      'The picture has been too dark to see by since {time}. A fall there would not be seen. Switch the infrared light of the camera on, or add a lamp.',
    ],
    covered: [
      'Camera without a picture: {room}',
      'Something has covered the camera since {time}. A fall there would not be seen. Remove it, or clean the lens.',
    ],
  },
  refusedWithoutRoom: [
    'Fall report without a known room',
    'A fall was reported at {time}, but the report does not name a known room, so no incident was opened. Check the rooms with a fall sensor now. Then correct the sensor.',
  ],
  closed: {
    fall: ['Over: {room}', 'The incident of {time} is closed.'],
    drill: ['Over: {room}', 'The drill of {time} is closed.'],
    unwatched: ['Watched again: {room}', 'It had not been watched since {time}.'],
    blind: ['Picture is back: {room}', 'There had been no picture since {time}.'],
    processor_offline: ['Processor is back: {processor}', 'It had been offline since {time}.'],
    orchestrator_offline: ['Orchestrator is back', 'It had been offline since {time}.'],
    broker_lost: ['Connected to Vigilia again', 'The broker had been unreachable since {time}.'],
    target_offline: [
      'The nurse-call system is connected again: {processor}',
      'There had been no connection since {time}.',
    ],
  },
  escalated: [
    'STILL UNANSWERED · Fall: {room}',
    'A person has been on the floor since {time}. The alarm has been unanswered for {minutes} min.',
  ],
  upUnanswered: 'A person fell at {time} and has been up since {at}. The alarm has not been acknowledged yet.',
  returned: [
    'STILL ON THE FLOOR · Fall: {room}',
    'A person has been on the floor since {time}. It was acknowledged at {at} by {by}, and the person has not been seen up since.',
  ],
  replay: [
    'Sketch of the fall: {room}',
    'This is what was observed at the fall of {time}, as stick figures. The room page shows the replay.',
  ],
  replayPicture: 'Stick figure of the person on the floor; dashed: where the person was seen before.',
  acknowledged: ['{by} is on the way: {room}', 'Acknowledged at {at}.'],
  recovered: ['Up again: {room}', 'The person has been up since {at}. The incident is still open.'],
  reopened: ['Open again: {room}', 'The verdict was taken back. The incident of {time} is open again.'],
  outcomes: {
    helped: 'Outcome: helped.',
    false_alarm: 'Outcome: false alarm.',
    no_help_needed: 'Outcome: no help needed.',
    drill: 'Outcome: drill.',
  },
  closedBy: 'Closed by {by}.',
  acknowledgedBy: 'Acknowledged by {by}.',
  drillUnanswered: 'The drill of {time} has been unanswered for {minutes} min.',
  drillReturned: [
    'STILL OPEN · Drill: {room}',
    'The drill of {time} was acknowledged at {at} by {by} and has not been closed. Close it when it is over.',
  ],
  duration: 'Duration: {duration}.',
  underAMinute: 'less than a minute',
  someMinutes: '{minutes} min',
  notified: 'Notified so far: {targets}.',
  roomLink: 'Room',
  onMyWay: 'I am on my way',
  drill: 'DRILL · ',
  test: ['TEST · Vigilia alerts', 'If you can read this, the target {target} works. Nothing has happened.'],
};

const es: AlertTexts = {
  room: 'habitación {id}',
  namedRoom: '{name} (habitación {id})',
  somebody: 'alguien',
  raised: {
    fall: ['Caída: {room}', 'Hay una persona en el suelo desde las {time}. Todavía no va nadie en camino.'],
    fall_refused: [
      'Aviso de caída sin incidencia: {room}',
      'Se avisó de una caída a las {time}, pero no se abrió ninguna incidencia porque ningún procesador vigila esta habitación. Compruebe la habitación ahora. Después asígnela a un procesador o corrija el sensor.',
    ],
    drill: ['Caída: {room}', 'Es un simulacro, empezado a las {time}. Confírmelo como si fuera real.'],
    unwatched: [
      'Sin vigilancia: {room}',
      'Ningún procesador vigila la habitación desde las {time}. No se vería una caída.',
    ],
    blind: ['Cámara sin imagen: {room}', 'Sin imagen desde las {time}. No se vería una caída.'],
    processor_offline: [
      'Procesador sin conexión: {processor}',
      'Sin noticias desde las {time}. Otros toman sus habitaciones si pueden.',
    ],
    orchestrator_offline: [
      'Orquestador sin conexión',
      'Sin noticias desde las {time}. Las caídas se siguen avisando, pero no se reparten habitaciones ni se puede confirmar nada.',
    ],
    broker_lost: [
      'Sin conexión con Vigilia',
      'Sin conexión con el bróker desde las {time}. Mientras tanto no se puede avisar de caídas.',
    ],
    target_offline: [
      'Sin conexión con el sistema de llamada: {processor}',
      'El sistema de llamada no responde desde las {time} y no puede avisar de caídas. Asegúrese de que el personal atiende otro dispositivo y revise después el sistema y su cable.',
    ],
  },
  seenPoorly: {
    dark: [
      'Cámara sin imagen: {room}',
      'La imagen está demasiado oscura desde las {time}. No se vería una caída. Encienda la luz infrarroja de la cámara o ponga una lámpara.',
    ],
    covered: [
      'Cámara sin imagen: {room}',
      'Algo tapa la cámara desde las {time}. No se vería una caída. Retírelo o limpie el objetivo.',
    ],
  },
  refusedWithoutRoom: [
    'Aviso de caída sin habitación conocida',
    'Se avisó de una caída a las {time}, pero el aviso no indica ninguna habitación conocida y no se abrió ninguna incidencia. Compruebe ahora las habitaciones con sensor de caídas. Después corrija el sensor.',
  ],
  closed: {
    fall: ['Terminado: {room}', 'La incidencia de las {time} está cerrada.'],
    drill: ['Terminado: {room}', 'El simulacro de las {time} está cerrado.'],
    unwatched: ['Vigilada de nuevo: {room}', 'No estaba vigilada desde las {time}.'],
    blind: ['Vuelve la imagen: {room}', 'Faltaba desde las {time}.'],
    processor_offline: ['Vuelve el procesador: {processor}', 'Estaba sin conexión desde las {time}.'],
    orchestrator_offline: ['Vuelve el orquestador', 'Estaba sin conexión desde las {time}.'],
    broker_lost: ['Vuelve la conexión con Vigilia', 'El bróker estaba sin conexión desde las {time}.'],
    target_offline: [
      'El sistema de llamada vuelve a estar conectado: {processor}',
      'No había conexión desde las {time}.',
    ],
  },
  escalated: [
    'SIN RESPUESTA · Caída: {room}',
    'Hay una persona en el suelo desde las {time}. La alarma lleva {minutes} min sin respuesta.',
  ],
  upUnanswered: 'Una persona se cayó a las {time} y está en pie desde las {at}. Nadie ha confirmado todavía la alarma.',
  returned: [
    'SIGUE EN EL SUELO · Caída: {room}',
    'Hay una persona en el suelo desde las {time}. Se confirmó a las {at} ({by}) y desde entonces no se la ha visto en pie.',
  ],
  replay: [
    'Esquema de la caída: {room}',
    'Esto es lo que se observó en la caída de las {time}, con figuras esquemáticas. La página de la habitación muestra la repetición.',
  ],
  replayPicture: 'Figura esquemática de la persona en el suelo; con trazos, dónde se la vio antes.',
  acknowledged: ['{by} va en camino: {room}', 'Confirmado a las {at}.'],
  recovered: ['En pie de nuevo: {room}', 'La persona está en pie desde las {at}. La incidencia sigue abierta.'],
  reopened: [
    'Abierta de nuevo: {room}',
    'Se ha retirado el resultado. La incidencia de las {time} vuelve a estar abierta.',
  ],
  outcomes: {
    helped: 'Resultado: atendida.',
    false_alarm: 'Resultado: falsa alarma.',
    no_help_needed: 'Resultado: no hacía falta ayuda.',
    drill: 'Resultado: simulacro.',
  },
  closedBy: 'Cerrado por {by}.',
  acknowledgedBy: 'Confirmado por {by}.',
  drillUnanswered: 'El simulacro de las {time} lleva {minutes} min sin respuesta.',
  drillReturned: [
    'SIGUE ABIERTO · Simulacro: {room}',
    'El simulacro de las {time} se confirmó a las {at} ({by}) y no se ha cerrado. Ciérrelo cuando termine.',
  ],
  duration: 'Duración: {duration}.',
  underAMinute: 'menos de un minuto',
  someMinutes: '{minutes} min',
  notified: 'Avisados hasta ahora: {targets}.',
  roomLink: 'Habitación',
  onMyWay: 'Voy en camino',
  drill: 'SIMULACRO · ',
  test: ['PRUEBA · Avisos de Vigilia', 'Si lee esto, el destino {target} funciona. No ha pasado nada.'],
};

export const alertTexts: Readonly<Record<Language, AlertTexts>> = { en, es };
