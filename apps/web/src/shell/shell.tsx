import { useQuery } from '@tanstack/react-query';
import { Database, FileUp, ListChecks, Moon, Ruler, SlidersHorizontal, Sun } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { usePreferences } from '../app/preferences.ts';
import { client } from '../app/trpc.ts';
import './shell.css';
import { ToastHost } from './toast-host.tsx';

const Samples = lazy(() => import('./routes.tsx').then((m) => ({ default: m.SamplesRoute })));
const Review = lazy(() => import('./routes.tsx').then((m) => ({ default: m.ReviewRoute })));
const Calibration = lazy(() => import('./routes.tsx').then((m) => ({ default: m.CalibrationRoute })));
const Sql = lazy(() => import('./routes.tsx').then((m) => ({ default: m.SqlRoute })));
const Import = lazy(() =>
  import('../features/imports/import-page.tsx').then((m) => ({ default: m.ImportPage })),
);

const FEATURES = [
  { path: '/samples', title: 'Samples', Icon: SlidersHorizontal, Page: Samples },
  { path: '/review', title: 'Review', Icon: ListChecks, Page: Review },
  { path: '/calibration', title: 'Calibration', Icon: Ruler, Page: Calibration },
  { path: '/sql', title: 'SQL', Icon: Database, Page: Sql },
  { path: '/import', title: 'Import', Icon: FileUp, Page: Import },
] as const;

/** Frame of the application: top bar, activity bar, the active feature, status bar. */
export const Shell = () => {
  const { theme, setTheme } = usePreferences();
  const [location] = useLocation();
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const here = FEATURES.find((f) => location.startsWith(f.path));
  useEffect(() => {
    document.title = here ? `${here.title} · Flywheel` : 'Flywheel';
  }, [here]);
  return (
    <div className="app">
      <header className="top">
        <div className="ws">
          <Mark />
          <h1 className="name">Flywheel</h1>
        </div>
        <div />
        <div className="end">
          <button
            type="button"
            className="ib"
            aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
            onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
          >
            {theme === 'dark' ? <Sun className="i" /> : <Moon className="i" />}
          </button>
        </div>
      </header>
      <nav className="act" aria-label="Features">
        {FEATURES.map(({ path, title, Icon }) => (
          <Link
            key={path}
            href={path}
            aria-label={title}
            aria-current={here?.path === path ? 'page' : undefined}
          >
            <Icon className="i" />
            <span className="tip">{title}</span>
          </Link>
        ))}
      </nav>
      <main className="shell-main">
        <Suspense fallback={null}>
          <Switch>
            {FEATURES.map(({ path, Page }) => (
              <Route key={path} path={path} component={Page} />
            ))}
            <Route>
              <Redirect to="/samples" replace />
            </Route>
          </Switch>
        </Suspense>
      </main>
      <Status />
      <ToastHost />
    </div>
  );
};

const Mark = () => (
  <svg className="mark i" viewBox="0 0 20 20" aria-hidden="true">
    <path d="M17 10a7 7 0 1 1-2-5l2 2M17 3v4h-4" />
    <circle cx="10" cy="10" r="2" />
  </svg>
);

const Status = () => {
  const info = useQuery({
    queryKey: ['workspace', 'info'],
    queryFn: () => client.workspace.info.query(),
    refetchInterval: 10_000,
  });
  const runs = useQuery({
    queryKey: ['runs', 'list'],
    queryFn: () => client.runs.list.query(),
    refetchInterval: 2_000,
  });
  const running = runs.data?.filter((r) => r.state === 'running') ?? [];
  return (
    <footer className="status">
      <span>
        <i className="dot" data-off={info.isError || undefined} />
        {info.isError ? 'server away' : `server ${window.location.host}`}
      </span>
      {running.map((r) => (
        <span key={r.id} title={r.subject}>
          {r.title}{' '}
          {r.total ? `${Math.floor((100 * (r.done + r.skipped + r.failed)) / r.total)} %` : 'running'}
        </span>
      ))}
      <span className="sp" />
      {info.data?.demoOnly && <Link href="/import">demo workspace: import your own traces</Link>}
      <span>{info.data?.home}</span>
    </footer>
  );
};
