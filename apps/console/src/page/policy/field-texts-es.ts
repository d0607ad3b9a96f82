/** What each setting of the policy means, in Spanish; English comes from the schema itself. */
export const policyMeaningsEs: Readonly<Record<string, string>> = {
  rooms: 'Habitaciones: su procesador, su nombre y sus zonas',
  'rooms.*.home': 'El procesador que vigila la habitación en momentos tranquilos',
  'rooms.*.name': 'Cómo llama el personal a la habitación',
  'rooms.*.ward': 'La unidad a la que pertenece la habitación, para los informes',
  'rooms.*.model_id': 'Un modelo propio; si no, quiet.model_id',
  'rooms.*.max_fps': 'Un ritmo propio; si no, quiet.max_fps',
  'rooms.*.zones': 'Polígonos de cama, sofá, colchoneta, salida y zona ignorada, en 0..1 de la imagen',
  'rooms.*.aspect': 'Proporción de la imagen (16:9) si la cámara la comprime y su señal no lo indica',
  'rooms.*.rotate': 'Grados en sentido horario (0, 90, 180, 270) que ponen la imagen derecha',
  'rooms.*.clips':
    'Clips de las caídas de esta habitación: off (ninguno), blurred (borrosos) o plain (nítidos); si no, clips.show',
  homes:
    'Procesadores que pueden recibir las habitaciones de otro que esté desconectado, además de los de las habitaciones',
  quiet: 'Cómo se vigilan las habitaciones en momentos tranquilos',
  'quiet.model_id': 'Modelo en momentos tranquilos; si no se fija, aquel con el que arranca cada procesador',
  'quiet.max_fps': 'Ritmo al que se analiza una habitación en momentos tranquilos',
  incident: 'Cómo vigila el procesador dedicado la habitación de una caída',
  'incident.model_id': 'Modelo del procesador dedicado; si no se fija, aquel con el que arranca',
  'incident.providers': 'Qué calcula ese modelo: el primero que funcione de cuda, webgpu, cpu…, y al final la CPU',
  'incident.max_fps': 'Ritmo al que el procesador dedicado analiza la habitación de una caída',
  relief: 'Ritmo de las demás habitaciones mientras dura una incidencia',
  'relief.max_fps': 'Ritmo al que bajan las demás habitaciones mientras dura una incidencia',
  'relief.scope': 'Qué habitaciones bajan de ritmo: las del mismo procesador (home), todas (all) o ninguna (none)',
  degraded: 'Ritmo en su procesador cuando no se puede iniciar uno dedicado',
  'degraded.max_fps': 'Ritmo al que su procesador analiza entonces la habitación de una caída',
  limits: 'Qué pueden usar los procesadores dedicados',
  'limits.max_dedicated': 'Procesadores dedicados que pueden funcionar a la vez',
  'limits.cpus': 'CPU que pueden usar en total los procesadores dedicados',
  'limits.memory_mb': 'Memoria que pueden usar en total los procesadores dedicados',
  'limits.cpus_per_dedicated': 'CPU que cuenta cada procesador dedicado',
  'limits.memory_mb_per_dedicated': 'Memoria que cuenta cada procesador dedicado',
  'limits.max_rooms_per_dedicated': 'Habitaciones que asume un procesador dedicado cuando no se puede iniciar otro',
  'limits.incidents_per_second': 'Incidencias que se abren por segundo como máximo',
  timings: 'Cuánto pueden durar las cosas',
  'timings.up_before_close_seconds':
    'Si la persona lleva este tiempo en pie tras el aviso de atención, se cierra la incidencia',
  'timings.up_before_return_seconds':
    'Si la persona lleva este tiempo en pie, la habitación vuelve a su procesador, con o sin aviso de atención',
  'timings.max_duration_seconds':
    'Tras el aviso de atención, la vigilancia dedicada dura como máximo este tiempo mientras no se vea a nadie en el suelo',
  'timings.home_silent_seconds': 'Un procesador sin señales de vida durante este tiempo se da por desconectado',
  'timings.spawn_timeout_seconds': 'Un procesador dedicado debe mostrar detecciones en este tiempo',
  'timings.retry_seconds': 'Sin procesador dedicado, se vuelve a intentar con esta frecuencia',
  'timings.orphan_grace_seconds': 'Un procesador dedicado adoptado no se detiene antes de esta edad',
  'timings.drill_seconds': 'Un simulacro con avisos que nadie ha cerrado termina tras este tiempo',
  'timings.keep_closed_seconds': 'Una incidencia cerrada permanece en el broker este tiempo',
  spawn_attempts: 'Arranques fallidos de un procesador dedicado antes de seguir sin él',
  trigger: 'Qué abre una incidencia: una caída detectada (fall_detected) o ya una sospecha (fall_suspected)',
  standby: 'Procesadores dedicados ya arrancados, para que la próxima incidencia no espere',
  replay: 'Figuras de los segundos en torno a una caída',
  'replay.enabled': 'Si las caídas se guardan como figuras, sin imágenes',
  'replay.days': 'La repetición de una caída se borra tras este tiempo',
  clips: 'Imágenes de los segundos en torno a una caída, para quien tiene permiso para verlas',
  'clips.show': 'Clips de las caídas, solo en memoria: off (ninguno), blurred (borrosos) o plain (nítidos)',
  'clips.minutes': 'Un clip se borra cuando ha pasado este tiempo desde el comienzo de su incidencia',
  snapshots: 'Si una imagen puede salir de un procesador',
};

/** Units that are written otherwise in Spanish. */
const unitsEs: Readonly<Record<string, string>> = {
  fps: 'por segundo',
  CPU: 'CPU',
  MB: 'MB',
  s: 's',
  '°': '°',
  rooms: 'habitaciones',
  'incidents/s': 'incidencias/s',
  starts: 'arranques',
  processors: 'procesadores',
  days: 'días',
  min: 'min',
};

export function unitEs(unit: string): string | undefined {
  return unitsEs[unit];
}
