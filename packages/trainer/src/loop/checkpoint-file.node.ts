import { open, readFile, rename } from 'node:fs/promises';
import { readCheckpoint, type TrainingCheckpoint, writeCheckpoint } from '../checkpoint/training-state.ts';

/** Keeps a checkpoint in place of the one before. At any moment a whole one is there. */
export const keepCheckpoint = async (file: string, checkpoint: TrainingCheckpoint): Promise<void> => {
  const beside = `${file}.writing`;
  const handle = await open(beside, 'w');
  try {
    await handle.writeFile(writeCheckpoint(checkpoint));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
};

/**
 * The checkpoint that a training may go on from; null where none was kept.
 *
 * @param fingerprint of the texts and settings that are to be gone on with
 * @throws RangeError where the file is damaged, or of another training
 */
export const takeUpCheckpoint = async (
  file: string,
  fingerprint: string,
): Promise<TrainingCheckpoint | null> => {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!bytes) return null;
  const checkpoint = readCheckpoint(bytes);
  if (checkpoint.fingerprint !== fingerprint)
    throw new RangeError(
      `${file} is of a training with other texts or settings. Go on with those, or remove the file to begin anew.`,
    );
  return checkpoint;
};
