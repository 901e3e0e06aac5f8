import type { LocalModel } from '@flywheel/domain/model';
import type { PickedModel } from '../../app/picked-models.ts';

/** A model of the room: of the workspace, or of a folder that was picked in this tab. */
export type ShownModel = { kind: 'registered'; of: LocalModel } | { kind: 'picked'; of: PickedModel };

/** Unique among those that are shown; what the URL says. */
export const nameOf = (shown: ShownModel): string =>
  shown.kind === 'registered' ? shown.of.id : shown.of.name;
