import type { CriticBody, CriticVersion } from '@flywheel/domain/critic';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { bodyOf, keepDraft, useDrafts } from './drafts.ts';
import { type CriticDetail, criticsServer } from './server.ts';

export interface OpenCritic {
  detail: CriticDetail;
  /** The version that is looked at: that of the URL, else the newest. */
  version: CriticVersion;
  /** What stands in the editor: the draft, where the newest version is looked at and one is kept. */
  body: CriticBody;
  unsaved: boolean;
  /** The version that a draft began from. */
  parent: number | null;
  change: (part: Partial<CriticBody>) => void;
}

/** A critic with its versions and what is being written of it. */
export const useCritic = (critic: string | null, number: number | null) => {
  const query = useQuery({
    queryKey: ['critics', 'get', critic],
    queryFn: () => criticsServer.get(critic ?? ''),
    enabled: critic !== null,
  });
  const draft = useDrafts((s) => (critic === null ? undefined : s.drafts[critic]));
  const open = useMemo((): OpenCritic | null => {
    const detail = query.data;
    const newest = detail?.versions[0];
    if (critic === null || !detail || !newest) return null;
    const version = detail.versions.find((v) => v.number === number) ?? newest;
    const saved = bodyOf(version);
    const editing = number === null ? draft : undefined;
    const body = editing?.body ?? saved;
    const parent = editing ? editing.parent : version.number;
    const base = detail.versions.find((v) => v.number === parent) ?? version;
    return {
      detail,
      version,
      body,
      unsaved: editing !== undefined,
      parent,
      change: (part) =>
        keepDraft(critic, { body: { ...body, ...part }, parent: parent ?? version.number }, bodyOf(base)),
    };
  }, [critic, number, query.data, draft]);
  return { query, open };
};
