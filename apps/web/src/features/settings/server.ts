import type { ProviderId, ProviderSettings } from '@flywheel/domain/provider';
import { client } from '../../app/trpc.ts';

/** What the Settings room asks of the server; the only file of this feature that knows procedure names. */
export const settingsServer = {
  providers: () => client.providers.list.query(),
  /** `key` null removes the saved one; undefined leaves it. */
  save: (settings: ProviderSettings, key?: string | null) =>
    client.providers.save.mutate(key === undefined ? { settings } : { settings, key }),
  remove: (id: ProviderId) => client.providers.remove.mutate({ id }),
  test: (id: ProviderId) => client.providers.test.mutate({ id }),
  settings: () => client.workspace.settings.query(),
  setResumeRuns: (resume: boolean) => client.workspace.setResumeRuns.mutate({ resume }),
  models: (id: ProviderId) => client.providers.models.query({ id }),
};

export type TestResult = Awaited<ReturnType<typeof settingsServer.test>>;
