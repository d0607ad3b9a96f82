import { usePage } from '../parts/context.ts';
import { fill, type GapValues } from '../texts/fill.ts';
import type { Language } from '../texts/translate.ts';

const en = {
  'processors.title': 'Processors',
  'processors.none': 'No processor is known yet.',
  'processor.dedicated': 'for one incident',
  'processor.home': 'home',
  'processor.rooms': 'Rooms',
  'processor.no_rooms': 'No rooms',
  'processor.cpu': 'CPU',
  'processor.memory': 'Memory',
  'processor.inference': 'Time per frame',
  'processor.model': 'Model',
  'processor.error': 'Last error: {command}, {code}, {time}',
  'processor.clock_ahead': 'Clock is {seconds} s ahead of the orchestrator’s. Turn on NTP.',
  'processor.clock_behind': 'Clock is {seconds} s behind the orchestrator’s. Turn on NTP.',
  'processor.no_control': 'accepts no commands',
  'processor.away': 'Since {time}',
  'commands.title': 'Send a command',
  'commands.command': 'Command',
  'commands.to': 'To',
  'commands.to.all': 'All homes',
  'commands.to.orchestrator': 'The orchestrator',
  'commands.group.processors': 'To processors',
  'commands.group.orchestrator': 'To the orchestrator',
  'commands.send': 'Send',
  'commands.optional': 'optional',
  'commands.unchanged': 'as it is',
  'commands.yes': 'yes',
  'commands.no': 'no',
  'commands.json': 'as JSON',
  'commands.bad_json': '{field} is not valid JSON.',
  'commands.done': '{from}: done',
  'commands.answered': '{from}: {message}',
  'commands.failed': '{from}: {message}',
  'commands.unanswered': 'Some answers are missing; see the list below.',
  'commands.recent': 'Recent commands',
  'commands.recent.none': 'No command yet.',
};

const es: typeof en = {
  'processors.title': 'Procesadores',
  'processors.none': 'Aún no se conoce ningún procesador.',
  'processor.dedicated': 'para una incidencia',
  'processor.home': 'habitual',
  'processor.rooms': 'Habitaciones',
  'processor.no_rooms': 'Sin habitaciones',
  'processor.cpu': 'Uso de CPU',
  'processor.memory': 'Memoria',
  'processor.inference': 'Tiempo por fotograma',
  'processor.model': 'Modelo',
  'processor.error': 'Último error: {command}, {code}, {time}',
  'processor.clock_ahead': 'El reloj va {seconds} s adelantado respecto al del orquestador. Active NTP.',
  'processor.clock_behind': 'El reloj va {seconds} s atrasado respecto al del orquestador. Active NTP.',
  'processor.no_control': 'no acepta órdenes',
  'processor.away': 'Desde las {time}',
  'commands.title': 'Enviar una orden',
  'commands.command': 'Orden',
  'commands.to': 'Para',
  'commands.to.all': 'Todos los procesadores habituales',
  'commands.to.orchestrator': 'El orquestador',
  'commands.group.processors': 'A procesadores',
  'commands.group.orchestrator': 'Al orquestador',
  'commands.send': 'Enviar',
  'commands.optional': 'opcional',
  'commands.unchanged': 'como está',
  'commands.yes': 'sí',
  'commands.no': 'no',
  'commands.json': 'en JSON',
  'commands.bad_json': '{field} no es JSON válido.',
  'commands.done': '{from}: hecho',
  'commands.answered': '{from}: {message}',
  'commands.failed': '{from}: {message}',
  'commands.unanswered': 'Faltan respuestas; consulte la lista de abajo.',
  'commands.recent': 'Órdenes recientes',
  'commands.recent.none': 'Aún no hay órdenes.',
};

/** Texts of the view of processors: they travel only with it. */
export const processorTexts: Readonly<Record<Language, typeof en>> = { en, es };
type ProcessorTextKey = keyof typeof en;
/** Returns a text with its gaps filled. */
export type ProcessorText = (key: ProcessorTextKey, values?: GapValues) => string;

export function processorText(language: Language): ProcessorText {
  return (key, values) => fill(processorTexts[language][key], values);
}

export function useProcessorText(): ProcessorText {
  return processorText(usePage().language);
}
