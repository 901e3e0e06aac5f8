import { writeFile } from 'node:fs/promises';
import { CriticBody, CriticId } from '@flywheel/domain/critic';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Connection } from '../connect.ts';
import { type Common, InputError, perform, workspaceCommand } from '../perform.ts';

/** A critic as one file: its versions, oldest first. `parent` is a number of this file. */
const CriticFile = z.object({
  flywheel: z.literal('critic'),
  critic: CriticId,
  versions: z
    .array(
      z.object({
        number: z.number().int().min(1),
        title: z.string(),
        parent: z.number().int().min(1).nullable(),
        body: CriticBody,
      }),
    )
    .min(1),
});
type CriticFile = z.infer<typeof CriticFile>;

/** `critic export`: all versions of a critic, or the newest alone. */
export const addCriticExport = (group: Command, critic: (text: string) => CriticId): void => {
  workspaceCommand(group, 'export', 'a critic as one file, which `critic save --from` reads')
    .argument('<critic>', 'its name', critic)
    .requiredOption('--out <file>', 'where to')
    .option('--newest', 'its newest version only')
    .action((id: CriticId, o: Common & { out: string; newest?: boolean }) =>
      perform(
        o,
        async ({ api }) => {
          const { versions } = await api.critics.get.query({ critic: id });
          const chosen = o.newest ? versions.slice(0, 1) : versions.toReversed();
          const file: CriticFile = {
            flywheel: 'critic',
            critic: id,
            versions: chosen.map((v) => ({
              number: v.number,
              title: v.title,
              parent: o.newest ? null : v.parent,
              body: CriticBody.parse(v),
            })),
          };
          await writeFile(o.out, `${JSON.stringify(file, null, 2)}\n`).catch((cause: unknown) => {
            throw new InputError(`${o.out} cannot be written. Check the path.`, { cause });
          });
          return { critic: id, versions: chosen.length, file: o.out };
        },
        (r) => `${r.critic}: ${r.versions} version${r.versions === 1 ? '' : 's'} in ${r.file}`,
      ),
    );
};

/** Keeps every version of a file in its order; those that are there already are left as they are. Returns the newest. */
export const saveFromFile = async (
  { api }: Connection,
  critic: CriticId,
  file: string,
  text: unknown,
): Promise<{ number: number; hash: string }> => {
  const read = CriticFile.safeParse(text);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new InputError(
      `${file} is no file of \`critic export\` (${issue?.path.join('.') || 'the whole'}: ${issue?.message}).`,
    );
  }
  const numbers = new Map<number, number>();
  let newest = { number: 0, hash: '' };
  for (const { number, title, parent, body } of read.data.versions) {
    const from = parent === null ? null : (numbers.get(parent) ?? null);
    newest = await api.critics.save.mutate({ critic, body, title, parent: from });
    numbers.set(number, newest.number);
  }
  return newest;
};
