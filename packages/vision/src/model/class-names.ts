import { ModelDescriptionError } from './model-description.ts';

/** The one name by which the rest of Vigilia knows a person. */
export const personClass = 'person';

/** Names of a person in public data sets (COCO, Open Images, VisDrone, Cityscapes, CrowdHuman), compared in lower case. */
const personNames: ReadonlySet<string> = new Set(['person', 'persons', 'people', 'pedestrian', 'human']);

const longestName = 200;

/** Keys under which exporters keep class names in `metadata_props`; Ultralytics' comes first. */
const nameKeys = ['names', 'class_names', 'classes', 'labels', 'id2label'];

/**
 * Returns the class names in a file's metadata, by class id; undefined where it has none. Reads JSON and Python's
 * notation (`{0: 'person', 1: 'bed'}`, `['person', 'bed']`), as Ultralytics writes it.
 * Throws `ModelDescriptionError` where there are names that cannot be read: guessed names could make a car a person.
 */
export function namesInFile(properties: Readonly<Record<string, string>>): readonly string[] | undefined {
  const key = nameKeys.find((name) => properties[name] !== undefined);
  if (key === undefined) return undefined;
  const names = parseNames(properties[key] ?? '');
  if (names === undefined) {
    throw new ModelDescriptionError(
      `The class names in the file ("${key}") cannot be read; give them as "labels" in the JSON beside the model.`,
    );
  }
  return names;
}

function parseNames(text: string): readonly string[] | undefined {
  const entries = [...text.matchAll(/(?:["']?(\d+)["']?\s*:\s*)?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g)];
  const names: string[] = [];
  for (const [index, [, id, quoted = '']] of entries.entries()) {
    names[id === undefined ? index : Number(id)] = quoted.slice(1, -1).replace(/\\(.)/g, '$1').slice(0, longestName);
  }
  if (names.length === 0 || names.length > 100_000) return undefined;
  return Array.from(names, (name, id) => name ?? `class ${id}`);
}

/**
 * Calls every class that means a person `person`, whatever its letter case, so that the rest of the system has one name.
 * `others`: further names that mean a person in this model.
 * Throws `ModelDescriptionError` when no class does: such a model can never find anybody.
 */
export function withPersonClass(labels: readonly string[], others: readonly string[] = []): readonly string[] {
  const wanted = new Set([...personNames, ...others.map(normal)]);
  if (labels.some((label) => wanted.has(normal(label)))) {
    return labels.map((label) => (wanted.has(normal(label)) ? personClass : label));
  }
  const named = labels
    .slice(0, 8)
    .map((label) => `"${label.slice(0, 40)}"`)
    .join(', ');
  const falls = labels.some((label) => /fall/i.test(label))
    ? ' Vigilia detects falls itself, from persons in every posture; a class for fallen people is not enough.'
    : '';
  throw new ModelDescriptionError(
    `The model has no class for a person: its classes are ${named}${labels.length > 8 ? ' …' : ''}.${falls} Use a model that detects persons, or list the classes that mean a person as "personLabels" in the JSON beside the model.`,
  );
}

const normal = (label: string): string => label.trim().toLowerCase();
