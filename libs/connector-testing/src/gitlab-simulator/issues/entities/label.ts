import type { Label } from '../model/label.js';

/** Dark text on light colours. */
function textColor(color: string): string {
  const part = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  const light = 0.299 * part(1) + 0.587 * part(3) + 0.114 * part(5);
  return light > 160 ? '#1F1E24' : '#FFFFFF';
}

/** As in an issue whose labels were asked for `with_labels_details`. */
export function labelDetail(label: Label) {
  return {
    id: label.id,
    name: label.name,
    description: label.description,
    description_html: label.description ?? '',
    text_color: textColor(label.color),
    color: label.color,
  };
}

export function labelEntity(label: Label, counts: Readonly<Record<string, number>> = {}) {
  const ofProject = 'issues' in label.owner;
  return {
    ...labelDetail(label),
    archived: false,
    ...counts,
    subscribed: false,
    ...(ofProject ? { priority: label.priority } : {}),
    is_project_label: ofProject,
  };
}
