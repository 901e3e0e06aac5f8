import '@flywheel/ui/tokens.css';
import '@flywheel/ui/parts.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { listenForKeys } from './app/keys.ts';
import { followLinks } from './app/links.ts';
import { roomOf } from './app/rooms.ts';
import { followTheme } from './app/theme.ts';
import { listenForModifiedKeys, pressFrameKey } from './shell/frame-keys.ts';
import { loadPage } from './shell/room-pages.ts';
import { Shell } from './shell/shell.tsx';
import { workspaceQuery } from './shell/workspace.ts';

const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: 1 } } });
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// What the first picture needs comes while React starts. A failure shows where it is asked for again.
void queries.prefetchQuery(workspaceQuery);
loadPage(roomOf(location.pathname) ?? 'samples').catch(() => undefined);
followTheme();
followLinks();
listenForModifiedKeys();
listenForKeys(pressFrameKey);
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Shell />
    </QueryClientProvider>
  </StrictMode>,
);
