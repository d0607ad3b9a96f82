import { usePage } from '../parts/context.ts';
import { fill, type GapValues } from '../texts/fill.ts';
import type { Language } from '../texts/translate.ts';

const en = {
  title: 'System',
  loading: 'Loading…',
  'faults.title': 'What needs attention',
  'faults.none': 'No fault is known.',
  'faults.unknown':
    'The console has no connection to the broker, so that nothing is known of the services at the moment.',
  failed: 'Fault',
  warning: 'Warning',
  orchestrator_not_acting: 'The orchestrator does not act: a fall gives its room no processor of its own.',
  'orchestrator_not_acting.do': 'Start the orchestrator, and look into its log.',
  notifier_offline: 'The notifier is offline: people are not notified of falls.',
  'notifier_offline.do': 'Start the notifier, and look into its log.',
  no_notifier: 'No notifier has announced itself: people are not notified of falls.',
  'no_notifier.do': 'Start the notifier, or rely on this page alone.',
  processor_not_running: 'Processor {id} does not run ({status}).',
  'processor_not_running.do':
    'Start it, and look into its log. Where it will not return, give its rooms to another home.',
  'processor_paused.do': 'Send it the command resume.',
  processor_unhealthy: 'Processor {id} reports a fault ({health}).',
  'processor_unhealthy.do': 'Look at the rooms without a picture, and into its log.',
  processor_overloaded: 'Processor {id} is overloaded: it skips {percent} % of the analyses that are due.',
  'processor_overloaded.rooms': 'At these rates {tooMany} of its {rooms} rooms are too many.',
  'processor_overloaded.move':
    'Move {tooMany} of its rooms to another home, lower the rates to {rate} %, use a lighter model, or give the machine more CPU.',
  'processor_overloaded.lower': 'Lower the rates to {rate} %, use a lighter model, or give the machine more CPU.',
  no_rooms: 'No room is monitored.',
  'no_rooms.do': 'Set up rooms.',
  room: '{room}: a fall would not be seen ({condition}).',
  'room.blind.do': 'Check its camera.',
  'room.paused.do': 'Resume the processor that monitors it.',
  'room.unwatched.do': 'Look at the processor that should monitor it.',
  'services.title': 'Services',
  'services.unreported':
    'The event sink reports nothing over MQTT: its health, spool and disk are at its own /readyz and /metrics.',
  'services.restart':
    'This page does not restart services. With Docker Compose: docker compose restart SERVICE. Falls are not monitored by a processor while it restarts.',
  console: 'Console',
  orchestrator: 'Orchestrator',
  notifier: 'Notifier',
  home: 'Processor (home)',
  dedicated: 'Processor (for one incident)',
  health: 'Health',
  version: 'Version',
  started: 'Started',
  heard: 'Last report',
  rooms: 'Rooms',
  skipped: 'Analyses skipped',
  'skipped.value': '{percent} % in the last minutes',
  'skipped.unknown': 'not known yet',
  online: 'Online',
  'broker.title': 'Broker',
  'broker.connected': 'Connected since {time}',
  'broker.away': 'No connection since {time}. Check that the broker runs and that the console may sign in.',
  'certificates.title': 'Certificates',
  'certificates.none':
    'The console serves this page without https. A proxy in front of it has certificates of its own.',
  certificate: 'Certificate of the page',
  authority: 'Authority of the page',
  'valid.days': 'Until {day} ({days} days)',
  'expired.days': 'Expired on {day}',
  'certificate.do': 'Run vigilia console create-certificate, and restart the console.',
  'authority.do':
    'Run vigilia console create-certificate --renew-authority, and install the new authority on each device.',
};

const es: typeof en = {
  title: 'Sistema',
  loading: 'Cargando…',
  'faults.title': 'Requiere atención',
  'faults.none': 'No se conoce ningún fallo.',
  'faults.unknown': 'La consola no tiene conexión con el broker; por ahora no se sabe nada de los servicios.',
  failed: 'Fallo',
  warning: 'Aviso',
  orchestrator_not_acting: 'El orquestador no actúa: una caída no da a su habitación un procesador propio.',
  'orchestrator_not_acting.do': 'Inicie el orquestador y consulte su registro.',
  notifier_offline: 'El notificador está desconectado: no se avisa a nadie de las caídas.',
  'notifier_offline.do': 'Inicie el notificador y consulte su registro.',
  no_notifier: 'Ningún notificador se ha anunciado: no se avisa a nadie de las caídas.',
  'no_notifier.do': 'Inicie el notificador o cuente solo con esta página.',
  processor_not_running: 'El procesador {id} no funciona ({status}).',
  'processor_not_running.do':
    'Inícielo y consulte su registro. Si no va a volver, asigne sus habitaciones a otro procesador habitual.',
  'processor_paused.do': 'Envíele la orden resume.',
  processor_unhealthy: 'El procesador {id} comunica un fallo ({health}).',
  'processor_unhealthy.do': 'Revise las habitaciones sin imagen y consulte su registro.',
  processor_overloaded: 'El procesador {id} está sobrecargado: omite el {percent} % de los análisis previstos.',
  'processor_overloaded.rooms': 'Con estos ritmos sobran {tooMany} de sus {rooms} habitaciones.',
  'processor_overloaded.move':
    'Pase {tooMany} de sus habitaciones a otro procesador habitual, reduzca los ritmos al {rate} %, use un modelo más ligero o dé más CPU a la máquina.',
  'processor_overloaded.lower': 'Reduzca los ritmos al {rate} %, use un modelo más ligero o dé más CPU a la máquina.',
  no_rooms: 'No se vigila ninguna habitación.',
  'no_rooms.do': 'Configure las habitaciones.',
  room: '{room}: no se vería una caída ({condition}).',
  'room.blind.do': 'Revise su cámara.',
  'room.paused.do': 'Reanude el procesador que la vigila.',
  'room.unwatched.do': 'Revise el procesador que debería vigilarla.',
  'services.title': 'Servicios',
  'services.unreported':
    'El event sink no comunica nada por MQTT: su estado, su cola y su disco se consultan en su /readyz y su /metrics.',
  'services.restart':
    'Esta página no reinicia servicios. Con Docker Compose: docker compose restart SERVICIO. Un procesador no vigila mientras se reinicia.',
  console: 'Consola',
  orchestrator: 'Orquestador',
  notifier: 'Notificador',
  home: 'Procesador (habitual)',
  dedicated: 'Procesador (para una incidencia)',
  health: 'Salud',
  version: 'Versión',
  started: 'Iniciado',
  heard: 'Último informe',
  rooms: 'Habitaciones',
  skipped: 'Análisis omitidos',
  'skipped.value': '{percent} % en los últimos minutos',
  'skipped.unknown': 'aún no se sabe',
  online: 'En línea',
  'broker.title': 'Broker',
  'broker.connected': 'Conectado desde {time}',
  'broker.away': 'Sin conexión desde {time}. Compruebe que el broker funciona y que admite a la consola.',
  'certificates.title': 'Certificados',
  'certificates.none':
    'La consola sirve esta página sin https. Un proxy delante de ella tiene sus propios certificados.',
  certificate: 'Certificado de la página',
  authority: 'Autoridad de la página',
  'valid.days': 'Hasta el {day} ({days} días)',
  'expired.days': 'Caducó el {day}',
  'certificate.do': 'Ejecute vigilia console create-certificate y reinicie la consola.',
  'authority.do':
    'Ejecute vigilia console create-certificate --renew-authority e instale la nueva autoridad en cada dispositivo.',
};

/** Texts of the view of the system: they travel only with it. */
export const systemTexts: Readonly<Record<Language, typeof en>> = { en, es };
/** Returns a text with its gaps filled. */
export type SystemText = (key: keyof typeof en, values?: GapValues) => string;

export function useSystemText(): SystemText {
  const texts = systemTexts[usePage().language];
  return (key, values) => fill(texts[key], values);
}
