import { UserError } from '../errors.ts';

/** A repository of the Hub at a revision. */
export interface HubReference {
  repository: string;
  revision: string;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,95}$/;

/**
 * Reads `hub:owner/name`, `hub:owner/name@revision`, or a page's address on the Hub.
 *
 * @throws UserError that shows how it is written
 */
export const hubReference = (text: string): HubReference => {
  const path = text
    .trim()
    .replace(/^hub:/, '')
    .replace(/^https?:\/\/[^/]+\//, '');
  const [repository = '', revision = 'main'] = path.split('@');
  const parts = repository.split('/');
  if (
    parts.length !== 2 ||
    !parts.every((p) => NAME.test(p)) ||
    !/^[\w./-]{1,100}$/.test(revision) ||
    revision.includes('..')
  )
    throw new UserError(
      `"${text}" names no repository of the Hub. Write hub:owner/name, or hub:owner/name@revision.`,
    );
  return { repository, revision };
};
