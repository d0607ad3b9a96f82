/** The 80 classes of COCO in the order that YOLO and YOLOX are trained with (https://cocodataset.org). */
export const cocoLabels: readonly string[] =
  `person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush`.split(
    ',',
  );

/** Category ids of COCO that no class has; 0 would be the background. */
const unusedCategories: ReadonlySet<number> = new Set([0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

/** COCO's classes by the category ids of its annotation files, 0..90, as RF-DETR counts them: person = 1. */
export const cocoCategoryLabels: readonly string[] = categoryLabels();

function categoryLabels(): string[] {
  const names = cocoLabels.values();
  return Array.from({ length: 91 }, (_, id) =>
    unusedCategories.has(id) ? `class ${id}` : (names.next().value ?? `class ${id}`),
  );
}

/** The 17 joints of COCO in their order. */
export const cocoJoints: readonly string[] =
  'nose,left_eye,right_eye,left_ear,right_ear,left_shoulder,right_shoulder,left_elbow,right_elbow,left_wrist,right_wrist,left_hip,right_hip,left_knee,right_knee,left_ankle,right_ankle'.split(
    ',',
  );

/** Name of a class; models trained on other classes bring their labels in the file or in the JSON beside them. */
export const cocoLabelOf = (labels: readonly string[], classId: number): string =>
  labels[classId] ?? `class ${classId}`;
