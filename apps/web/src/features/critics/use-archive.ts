import type { CriticId } from '@flywheel/domain/critic';
import { useQueryClient } from '@tanstack/react-query';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { criticsServer } from './server.ts';

/** Puts a critic away, or brings it back; either can be taken back. Its versions, drafts and judgements stay. */
export const useArchive = () => {
  const cache = useQueryClient();
  const set = async (critic: CriticId, archived: boolean): Promise<void> => {
    await criticsServer.archive(critic, archived);
    await cache.invalidateQueries({ queryKey: ['critics', 'list'] });
  };
  return async (critic: CriticId, archived: boolean): Promise<void> => {
    try {
      await set(critic, archived);
      toast({
        text: archived ? `${critic} put away` : `${critic} is back`,
        undo: () => set(critic, !archived),
      });
    } catch (error) {
      toast({ text: `Nothing was done: ${reason(error)}`, tone: 'bad' });
    }
  };
};
