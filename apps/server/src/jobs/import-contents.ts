import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { JsonValue } from '@flywheel/domain/trace';

/**
 * What tells files apart for the fingerprint of an import. An upload has a new name each time, so its bytes speak for it;
 * a file of the user's own is not read for this: path, size and time of its last change.
 *
 * @param uploads the folder of uploads
 * @throws Error when a file cannot be read
 */
export const contentsOf = (files: readonly string[], uploads: string): Promise<JsonValue[]> =>
  Promise.all(
    files.map(async (file): Promise<JsonValue> => {
      if (path.dirname(file) !== uploads) {
        const { size, mtimeMs } = await stat(file);
        return { file, size, mtimeMs };
      }
      const hash = createHash('sha256');
      await pipeline(createReadStream(file), hash);
      return { sha256: hash.digest('hex') };
    }),
  );
