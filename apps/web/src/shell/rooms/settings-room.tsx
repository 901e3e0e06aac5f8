import { useParam } from '../../app/params.ts';
import { SettingsPage } from '../../features/settings/settings-page.tsx';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function SettingsRoom() {
  const [provider, setProvider] = useParam('provider', { replace: true });
  return <SettingsPage open={provider === '' ? null : provider} onOpen={(id) => setProvider(id ?? '')} />;
}
