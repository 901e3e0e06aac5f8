import type { CriticBody, CriticVersion } from '@flywheel/domain/critic';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { bodyOf, type Draft, keepDraft, useDrafts } from './drafts.ts';
import { type CriticDetail, criticsServer } from './server.ts';

export interface OpenCritic {
  detail: CriticDetail;
  /** The version that is looked at: that of the URL, else the newest. */
  version: CriticVersion;
  /** What stands in the editor: the draft, where the newest version is looked at and one is kept. */
  body: CriticBody;
  /** The draft that stands in the editor; null where a version does. */
  draft: Draft | null;
  /** The version that a draft began from. */
  parent: number | null;
  change: (part: Partial<CriticBody>, about?: Partial<Pick<Draft, 'title' | 'schemaText'>>) => void;
}

/** A critic with its versions and what is being written of it. */
export const useCritic = (critic: string | null, number: number | null) => {
  const query = useQuery({
    queryKey: ['critics', 'get', critic],
    queryFn: () => criticsServer.get(critic ?? ''),
    enabled: critic !== null,
  });
  const kept = useDrafts((s) => (critic === null ? undefined : s.drafts[critic]));
  const open = useMemo((): OpenCritic | null => {
    const detail = query.data;
    const newest = detail?.versions[0];
    if (critic === null || !detail || !newest) return null;
    const version = detail.versions.find((v) => v.number === number) ?? newest;
    const draft = number === null ? (kept ?? null) : null;
    const body = draft?.body ?? bodyOf(version);
    const parent = draft ? draft.parent : version.number;
    return {
      detail,
      version,
      body,
      draft,
      parent,
      change: (part, about) => {
        const { title = '', schemaText = null } = draft ?? {};
        keepDraft(
          critic,
          { parent: parent ?? version.number, title, schemaText, ...about, body: { ...body, ...part } },
          bodyOf(newest),
        );
      },
    };
  }, [critic, number, query.data, kept]);
  return { query, open };
};
